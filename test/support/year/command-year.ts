import { Shop } from '../shop';
import { until } from '../until';
import { compareAnswers, compareLedger, type Comparison, type Year } from './play-year';
import { expectedAccess } from './truth';

export interface CommandYear {
  seed: string;
  users: number;
  weeks: number;
}

export interface CommandYearResult {
  /** Answers by command and status. */
  answers: Record<string, number>;
  /** Access that Oarlock gave and Paddle's world did not, after some week. */
  undeserved: string[];
  answersCompared: Comparison;
  ledgerCompared: Comparison;
  openWishes: number;
}

const FAULTS = {
  webhooks: { duplicate: 0.1, reorder: 0.1, delay: 0.1, drop: 0.02, tie: 0.2, badSignature: 0.02, slowConsumer: 0.02 },
  api: {
    rateLimit: 0.03,
    conflict: 0.03,
    serverError: 0.03,
    htmlError: 0.02,
    reset: 0.02,
    timeoutBefore: 0.01,
    timeoutAfter: 0.02,
  },
};

/** Users who give random commands for a year, while everything fails now and then. */
export async function playCommandYear({ seed, users, weeks }: CommandYear): Promise<CommandYearResult> {
  const shop = await Shop.open({ seed, settings: { PADDLE_TIMEOUT_MS: '250' } });
  try {
    const people = [];
    for (let index = 0; index < users; index++) people.push(await shop.user(index % 4 ? 'signup' : 'signup_with_trial'));
    await shop.faults(FAULTS);
    const prices = await pricesOf(shop);
    const random = randomFrom(seed);
    const answers: Record<string, number> = {};
    const undeserved: string[] = [];
    const replayed = new Set<string>();
    for (let week = 1; week <= weeks; week++) {
      const busy = people.filter(() => random() < 0.3);
      for (const { userId, subscriptionId } of busy) {
        const [command, body] = randomCommand(random, prices);
        const { status } = await shop.post(`/subscriptions/${command}`, { subscriptionId, ...body }, userId);
        answers[`${command} ${status}`] = (answers[`${command} ${status}`] ?? 0) + 1;
      }
      if (random() < 0.5) await turnACard(shop, people[Math.floor(random() * people.length)]!.subscriptionId, random() < 0.4);
      await shop.pass('P7D');
      await shop.paddle.replayFailed(replayed);
      await shop.settled();
      undeserved.push(...(await undeservedNow(shop, week)));
    }
    await shop.noFaults();
    const openWishes = await leftOpen(shop);
    const year: Year = {
      simulator: shop.simulator.url,
      customers: users,
      app: () => shop.app.url,
      databaseUrl: shop.app.database.ownerUrl,
      now: () => shop.app.clock.now(),
      tokenOf: (user) => shop.app.token(user),
    };
    const [answersCompared, ledgerCompared] = [await compareAnswers(year), await compareLedger(year)];
    return { answers, undeserved, openWishes, answersCompared, ledgerCompared };
  } finally {
    await shop.close();
  }
}

function randomCommand(random: () => number, prices: string[]): [command: string, body: object] {
  const one = <Value>(values: Value[]) => values[Math.floor(random() * values.length)]!;
  const effectiveFrom = one(['immediately', 'next_billing_period']);
  switch (one(['cancel', 'pause', 'resume', 'resume', 'update', 'update', 'payment-method'])) {
    case 'cancel':
      return ['cancel', random() < 0.8 ? {} : { effectiveFrom }];
    case 'pause':
      return ['pause', { effectiveFrom }];
    case 'resume':
      return ['resume', {}];
    case 'payment-method':
      return ['payment-method', {}];
    default:
      return ['update', { priceId: one(prices), quantity: 1 + Math.floor(random() * 3), effectiveFrom }];
  }
}

async function pricesOf(shop: Shop): Promise<string[]> {
  const { body } = await shop.get('/products/list', 'anybody');
  const { products } = body as { products: { prices: { id: string; billingCycle: object | null }[] }[] };
  return products.flatMap(({ prices }) => prices.flatMap(({ id, billingCycle }) => (billingCycle ? [id] : [])));
}

/** Payments begin to fail, or to go through again. */
async function turnACard(shop: Shop, subscriptionId: string, bad: boolean): Promise<void> {
  await shop.paddle.post(`/subscriptions/${subscriptionId}/card`, { behaviour: bad ? 'declines' : 'pays' });
}

async function undeservedNow(shop: Shop, week: number): Promise<string[]> {
  const truth = expectedAccess(await shop.world(), shop.app.clock.now());
  const found: string[] = [];
  for (const [user, products] of truth) {
    const { body } = await shop.get('/products/access', user);
    for (const { productId, access } of (body as { products: { productId: string; access: string }[] }).products) {
      if (access === 'full' && products.get(productId) !== 'full') found.push(`week ${week}: ${user} ${productId}`);
    }
  }
  return found;
}

/** Recovery has had its time: whatever is still open then was forgotten. */
async function leftOpen(shop: Shop): Promise<number> {
  const count = async () => {
    const [row] = await shop.app.database.query<{ open: string }>(
      `SELECT count(*) AS open FROM read_models.commands WHERE state IN ('open', 'uncertain')`,
    );
    return Number(row!.open);
  };
  await until(async () => (await count()) === 0, 'every wish was closed', 30_000).catch(() => undefined);
  await shop.settled();
  return count();
}

/** The same numbers for the same seed. */
function randomFrom(seed: string): () => number {
  let state = [...seed].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
}
