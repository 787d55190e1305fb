import { Client } from 'pg';
import request from 'supertest';
import { translate } from '../../../src/provider/paddle';
import { until } from '../until';
import { balances, expectedAccess, expectedHistory, expectedSubscription, expectedTransaction, type Booked } from './truth';
import { PaddleControl, type PaddleWorld, type WorldTransaction } from './paddle-world';

export interface Year {
  simulator: string;
  customers: number;
  /** Where Oarlock is, asked anew each time: it may have been started again elsewhere. */
  app: () => string;
  databaseUrl: string;
  /** What time it is for Oarlock. */
  now: () => string;
  tokenOf: (user: string) => Promise<string>;
  /** Between two months. */
  afterMonth?: (month: number, now: string) => Promise<void>;
}

/** Everything that can go wrong on the way to us goes wrong now and then. */
export const ALL_FAULTS = {
  webhooks: {
    duplicate: 0.1,
    reorder: 0.15,
    delay: 0.05,
    drop: 0.01,
    tie: 0.3,
    badSignature: 0.03,
    twoSignatures: 0.1,
    slowConsumer: 0.02,
  },
  api: {
    rateLimit: 0.03,
    conflict: 0.03,
    serverError: 0.03,
    htmlError: 0.02,
    reset: 0.02,
    timeoutBefore: 0.01,
    timeoutAfter: 0.01,
  },
};

/** Plays a year through webhooks into Oarlock, month by month, and replays what got lost. */
export async function playYear({ simulator, customers, app, afterMonth }: Year): Promise<{ deliveries: number }> {
  const control = new PaddleControl(simulator);
  await control.post('/faults', ALL_FAULTS);
  await control.post('/crowd', { size: customers, over: 'P11M' });
  const replayed = new Set<string>();
  let deliveries = 0;
  for (let month = 1; month <= 12; month++) {
    const { delivered, now } = await control.post<{ delivered: number; now: string }>('/clock/advance', { by: 'P1M' });
    while ((await control.replayFailed(replayed)) > 0) await control.post('/clock/advance', { by: 'PT1S' });
    deliveries += delivered;
    await afterMonth?.(month, now);
  }
  const ready = async () => (await request(app()).get('/health/ready')).body.pendingEvents === 0;
  await until(ready, 'Oarlock folded everything', 60_000);
  return { deliveries };
}

/** Both sides in the same words, to be compared whole. */
export interface Comparison {
  oarlock: unknown;
  paddle: unknown;
}

/** Subscriptions and access as users see them over HTTP. */
export async function compareAnswers({ simulator, app, now, tokenOf }: Year): Promise<Comparison> {
  const world = await new PaddleControl(simulator).world();
  const access = expectedAccess(world, now());
  const paddle: Record<string, unknown> = {};
  const oarlock: Record<string, unknown> = {};
  const books: Record<'oarlock' | 'paddle', Booked[]> = { oarlock: [], paddle: [] };
  const bySubscription = new Map<string, WorldTransaction[]>();
  for (const one of world.transactions) {
    const id = one.subscription_id ?? '';
    bySubscription.set(id, [...(bySubscription.get(id) ?? []), one]);
  }
  for (const [user, products] of access) {
    const authorization = `Bearer ${await tokenOf(user)}`;
    const ask = async (path: string) => (await request(app()).get(path).set({ authorization })).body as unknown;
    paddle[user] = {
      subscriptions: subscriptionsOf(world, user, bySubscription, now()),
      access: Object.fromEntries(products),
      history: expectedHistory(world, user),
    };
    oarlock[user] = {
      subscriptions: shownSubscriptions(await ask('/subscriptions/status')),
      access: shownAccess(await ask('/products/access')),
      history: await shownHistory(ask),
    };
    for (const [side, answers] of Object.entries({ oarlock, paddle })) {
      books[side as keyof typeof books].push(...(answers[user] as { history: Booked[] }).history);
    }
  }
  return {
    oarlock: { ...oarlock, balances: balances(books.oarlock) },
    paddle: { ...paddle, balances: balances(books.paddle) },
  };
}

interface HistoryPage {
  data: { transactionId: string; status: string; currency: string; total: { amount: string }; refunded: { amount: string } }[];
  nextCursor: string | null;
}

/** Page by page, as a frontend would. */
async function shownHistory(ask: (path: string) => Promise<unknown>): Promise<Booked[]> {
  const shown: Booked[] = [];
  for (let path: string | null = '/billing/history?limit=7'; path !== null;) {
    const { data, nextCursor } = (await ask(path)) as HistoryPage;
    for (const { transactionId: id, status, currency, total, refunded } of data) {
      shown.push({ id, status, currency, total: total.amount, refunded: refunded.amount });
    }
    path = nextCursor && `/billing/history?limit=7&after=${nextCursor}`;
  }
  return shown.sort(byId);
}

function subscriptionsOf(world: PaddleWorld, user: string, bySubscription: Map<string, WorldTransaction[]>, now: string) {
  const own = world.subscriptions.filter(({ custom_data: data }) => data?.user_id === user);
  return own.map((one) => expectedSubscription(one, bySubscription.get(one.id) ?? [], now)).sort(byId);
}

interface Answer {
  subscriptions: {
    id: string;
    products: { id: string; priceId: string; quantity: number }[];
    lastPayment: { total: { amount: string }; at: string } | null;
    [field: string]: unknown;
  }[];
}

function shownSubscriptions(answer: unknown) {
  const fields = [
    'id', 'status', 'access', 'currency', 'collectionMode', 'startedAt', 'nextBilledAt', 'pausedAt', 'canceledAt',
    'currentPeriod', 'scheduledChange',
  ]; // prettier-ignore
  return (answer as Answer).subscriptions
    .map((one) => ({
      ...(Object.fromEntries(fields.map((field) => [field, one[field]])) as { id: string }),
      products: one.products.map(({ id, priceId, quantity }) => ({ id, priceId, quantity })),
      paid: one.lastPayment && { amount: one.lastPayment.total.amount, at: one.lastPayment.at },
    }))
    .sort(byId);
}

function shownAccess(answer: unknown): Record<string, string> {
  const { products } = answer as { products: { productId: string; access: string }[] };
  return Object.fromEntries(products.map(({ productId, access }) => [productId, access]));
}

/** Transactions as the newest of their snapshots on the ledger says, and every event of the world once. */
export async function compareLedger({ simulator, databaseUrl }: Year): Promise<Comparison> {
  const world = await new PaddleControl(simulator).world();
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<LedgerRow>(
      `SELECT event_id, type, occurred_at_text, body FROM ledger.events WHERE type LIKE 'transaction.%' OR type LIKE 'adjustment.%'`,
    );
    const { rows: twice } = await client.query('SELECT event_id FROM ledger.events GROUP BY event_id HAVING count(*) > 1');
    return {
      oarlock: { transactions: newestTransactions(rows), adjustments: newestAdjustments(rows), twice },
      paddle: {
        transactions: world.transactions.map((one) => expectedTransaction(one)).sort(byId),
        adjustments: world.adjustments.map(({ id, status, action }) => ({ id, status, action })).sort(byId),
        twice: [],
      },
    };
  } finally {
    await client.end();
  }
}

interface LedgerRow {
  event_id: string;
  type: string;
  occurred_at_text: string;
  body: Buffer;
}

function newestTransactions(rows: LedgerRow[]) {
  const newest = new Map<string, { watermark: string; data: WorldTransaction }>();
  for (const { event_id: eventId, type, occurred_at_text: occurredAt, body } of rows) {
    if (!type.startsWith('transaction.')) continue;
    const content = JSON.parse(body.toString()) as { data: WorldTransaction };
    const { watermark } = translate({ eventId, type, occurredAt, content: () => content }, 'user_id')!;
    const known = newest.get(content.data.id);
    if (!known || known.watermark < watermark) newest.set(content.data.id, { watermark, data: content.data });
  }
  return [...newest.values()].map(({ data }) => expectedTransaction(data)).sort(byId);
}

/** Refunds have no watermark yet: the newest event by time, `updated` after `created`. */
function newestAdjustments(rows: LedgerRow[]) {
  const own = rows.filter(({ type }) => type.startsWith('adjustment.'));
  const order = ({ occurred_at_text: at, type }: LedgerRow) => `${at} ${type}`;
  const sorted = own.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const newest = new Map(
    sorted
      .map(({ body }) => JSON.parse(body.toString()) as { data: { id: string; status: string; action: string } })
      .map(({ data }) => [data.id, data]),
  );
  return [...newest.values()].map(({ id, status, action }) => ({ id, status, action })).sort(byId);
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
