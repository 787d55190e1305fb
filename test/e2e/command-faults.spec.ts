import type { Response } from 'supertest';
import { CommandLog } from '../../src/commands';
import { observationOf } from '../../src/commands/observation';
import { Ledger } from '../../src/ledger';
import { Providers } from '../../src/provider';
import { THOROUGH } from '../support/scale';
import { Shop } from '../support/shop';

/** Of whatever module. */
const ANY = { strict: false };

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open({ seed: 'command faults', settings: { PADDLE_TIMEOUT_MS: '200' } });
});

afterAll(() => shop.close());

interface Command {
  name: string;
  scenario: string;
  /** The request to Paddle that meets the fault. */
  match: { method: string; path: string };
  ask: (subscriptionId: string, userId: string, headers?: Record<string, string>) => Promise<Response>;
  /** How often Paddle has done it. */
  done: (subscriptionId: string, userId: string) => Promise<number>;
}

const inPaddle = (status: string) => async (id: string) => ((await shop.subscription(id)).status === status ? 1 : 0);
const made = (origin: string) => async (id: string) =>
  (await shop.world()).transactions.filter((one) => one.subscription_id === id && one.origin === origin).length;
const command =
  (name: string, wanted: object = {}) =>
  (subscriptionId: string, userId: string, headers: Record<string, string> = {}) =>
    shop.post(`/subscriptions/${name}`, { subscriptionId, ...wanted }, userId, headers);

const NOW = { effectiveFrom: 'immediately' };

const COMMANDS: Command[] = [
  {
    name: 'cancel',
    scenario: 'signup',
    match: { method: 'POST', path: '/subscriptions/*/cancel' },
    ask: command('cancel', NOW),
    done: inPaddle('canceled'),
  },
  {
    name: 'pause',
    scenario: 'signup',
    match: { method: 'POST', path: '/subscriptions/*/pause' },
    ask: command('pause', NOW),
    done: inPaddle('paused'),
  },
  {
    name: 'resume',
    scenario: 'pause',
    match: { method: 'POST', path: '/subscriptions/*/resume' },
    ask: command('resume'),
    done: made('subscription_recurring'),
  },
  {
    name: 'update',
    scenario: 'signup',
    match: { method: 'PATCH', path: '/subscriptions/*' },
    ask: async (id, user, headers) =>
      command('update', { priceId: await shop.price('Rowboat Solo', 'Monthly'), quantity: 2 })(id, user, headers),
    done: made('subscription_update'),
  },
  {
    name: 'payment-method',
    scenario: 'signup',
    match: { method: 'GET', path: '/subscriptions/*/update-payment-method-transaction' },
    ask: command('payment-method'),
    done: made('subscription_payment_method_change'),
  },
  {
    name: 'checkout',
    scenario: 'signup',
    match: { method: 'POST', path: '/transactions' },
    ask: async (_, user, headers) => {
      const items = [{ priceId: await shop.price('Rowboat Team', 'Monthly (per seat)') }];
      return shop.post('/checkout', { items }, `${user}_new`, headers);
    },
    done: async (_, user) => (await shop.world()).transactions.filter((one) => one.custom_data?.user_id === `${user}_new`).length,
  },
];

/** What the user is told, and what is true: the same. */
const FAULTS = [
  { fault: 'rateLimit', done: true },
  { fault: 'conflict', done: false, code: 'version_conflict' },
  { fault: 'serverError', done: false, code: 'provider_unavailable' },
  { fault: 'htmlError', done: false, code: 'provider_unavailable' },
  { fault: 'reset', done: false, code: 'provider_unavailable' },
  { fault: 'timeoutBefore', done: false, code: 'provider_unavailable' },
  { fault: 'timeoutAfter', done: true },
];

/** Paddle has no conflicts for what only asks, and a payment-method transaction is made by a GET. */
const MATRIX = COMMANDS.flatMap((one) =>
  FAULTS.filter(({ fault }) => one.match.method !== 'GET' || fault !== 'conflict')
    .filter(({ fault }) => THOROUGH || one.name === 'update' || fault === 'timeoutAfter')
    .map((met) => ({
      ...one,
      ...met,
      command: one,
    })),
);

it.each(MATRIX)(
  '$name, $fault: once or not at all, and a truthful answer',
  async ({ command: { ask, ...asked }, fault, done, code }) => {
    const { userId, subscriptionId } = await shop.user(asked.scenario);
    await shop.faults({ api: { [fault]: 1 }, times: 1, match: asked.match });
    const answer = await ask(subscriptionId, userId);
    await shop.noFaults();
    expect({ ok: answer.status < 300, code: answer.body.code as unknown }).toEqual({ ok: done, code });
    expect(await asked.done(subscriptionId, userId)).toBe(done ? 1 : 0);
    await expectAgreement(userId, subscriptionId);
    await Promise.all(done ? [] : [ask(subscriptionId, userId)]);
    expect(await asked.done(subscriptionId, userId)).toBe(1);
  },
);

it.each(COMMANDS)(
  '$name: asked again after its process died before it could answer, gives the same and is done once',
  async (one) => {
    const { userId, subscriptionId } = await shop.user(one.scenario);
    const key = { 'idempotency-key': 'the-same' };
    const first = await one.ask(subscriptionId, userId, key);
    await shop.settled();
    // What a process leaves behind that dies then: the outcome on the ledger, and no answer kept.
    await shop.app.database.query(`DELETE FROM operations.idempotency_keys WHERE subject LIKE '${userId}%'`);
    const again = await one.ask(subscriptionId, userId, key);
    // The news of the payment comes later, by webhook, so it may be in one of the two answers alone.
    const answered = ({ status, body }: Response) => ({ status, body: { ...(body as object), lastPayment: undefined } });
    expect(answered(again)).toEqual(answered(first));
    expect(again.headers['idempotency-replayed']).toBeUndefined();
    expect(await one.done(subscriptionId, userId)).toBe(1);
  },
);

it('finds a checkout again without reading all that was ever sold', async () => {
  await shop.paddle.post('/crowd', { size: 60, over: 'P1D' });
  await shop.pass('P2D');
  await shop.faults({ api: { timeoutAfter: 1 }, times: 1, match: { method: 'POST', path: '/transactions' } });
  const before = await shop.callsTo('transaction.list');
  const priceId = await shop.price('Rowboat Solo', 'Monthly');
  const answer = await shop.post('/checkout', { items: [{ priceId }] }, 'somebody_new');
  await shop.noFaults();
  expect(answer.status).toBe(201);
  expect((await shop.callsTo('transaction.list')) - before).toBe(1);
});

it('leaves a wish open when Paddle cannot even be read, and closes it by what Paddle says later', async () => {
  const { userId, subscriptionId } = await shop.user();
  await shop.faults({ api: { timeoutAfter: 1 }, times: 1, match: { method: 'POST', path: '/subscriptions/*/pause' } });
  const asked = shop.post('/subscriptions/pause', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  await shop.until(async () => (await shop.subscription(subscriptionId)).status, 'paused');
  await shop.faults({ api: { serverError: 1 } });
  const answer = await asked;
  expect(answer.body).toMatchObject({ code: expect.stringMatching(/provider_/), outcome: 'unknown' });
  await shop.noFaults();
  await shop.until(async () => (await shop.outcomes(subscriptionId)).at(-1), 'command.carried_out');
  await expectAgreement(userId, subscriptionId, 'paused');
});

const ORDERS: { order: string; webhooks: Record<string, number>; lost: number }[] = [
  { order: 'before the answer', webhooks: {}, lost: 1 },
  { order: 'twice', webhooks: { duplicate: 1 }, lost: 0 },
  { order: 'in another order, some at the same time', webhooks: { reorder: 1, tie: 1 }, lost: 0 },
  { order: 'an hour late', webhooks: { delay: 1 }, lost: 0 },
];

it.each(ORDERS)('ends the same when the webhooks of a command come $order', async ({ webhooks, lost }) => {
  const { userId, subscriptionId } = await shop.user();
  await shop.faults({ webhooks });
  await shop.faults({ api: { timeoutAfter: 1 }, times: lost, match: { method: 'POST', path: '/subscriptions/*/pause' } });
  const { body } = await shop.post('/subscriptions/pause', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  await shop.noFaults();
  await shop.faults({ webhooks: { duplicate: 0, reorder: 0, tie: 0, delay: 0 } });
  await shop.pass('PT2H');
  expect(body).toMatchObject({ status: 'paused', access: 'none' });
  expect(await shop.shown(userId, subscriptionId)).toEqual(body);
  const types = await shop.eventsOf(`paddle:${subscriptionId}`);
  expect(
    types
      .slice(2)
      .filter((type) => type !== 'subscription.observed')
      .sort(),
  ).toEqual(['subscription.paused', 'subscription.updated']);
  expect(types.filter((type) => type === 'subscription.observed')).toHaveLength(1);
  expect(lost === 0 || types.at(-1) === 'subscription.observed').toBe(true);
});

it('closes a wish after the death of its process at each place: before the call, after it, and between answer and outcome', async () => {
  const { customerId, subscriptionId, userId } = await shop.user();
  const { app } = shop.app;
  const [log, ledger, providers] = [app.get(CommandLog, ANY), app.get(Ledger, ANY), app.get(Providers, ANY)];
  const streamId = `command:${subscriptionId}`;
  const context = { environment: 'sandbox', streamId, customerId, userId, actor: userId } as const;
  const wish = (commandId: string, version: number) =>
    log.wish(context, { type: 'subscription.cancellation_requested', commandId, subject: subscriptionId, details: {} }, version);

  await wish('died_before_the_call', 0);
  await shop.until(async () => (await shop.outcomes(subscriptionId)).at(-1), 'command.not_done');
  expect((await shop.subscription(subscriptionId)).status).toBe('active');

  const answer = await providers.of('sandbox').cancelSubscription(subscriptionId, 'immediately', { priority: 'user' });
  await wish('died_before_the_outcome', 2);
  const { eventId, occurredAt, body } = observationOf(answer, 'subscription.observed', 'died_before_the_outcome');
  const metadata = { source: 'command' } as const;
  const event = { eventId, type: 'subscription.observed', schemaVersion: 1, occurredAt, customerId, userId, body, metadata };
  await ledger.append({ environment: 'sandbox', streamId: `paddle:${subscriptionId}`, events: [event] });
  await shop.until(async () => (await shop.outcomes(subscriptionId)).at(-1), 'command.carried_out');
  await expectAgreement(userId, subscriptionId, 'canceled');
  const observed = (await shop.eventsOf(`paddle:${subscriptionId}`)).filter((type) => type === 'subscription.observed');
  expect(observed).toHaveLength(1);
  expect(await shop.outcomes(subscriptionId)).toHaveLength(4);
});

it('tells a declined payment from a failure, and changes nothing', async () => {
  const { userId, subscriptionId } = await shop.user();
  await shop.paddle.post(`/subscriptions/${subscriptionId}/card`, { behaviour: 'declines' });
  const priceId = await shop.price('Rowboat Solo', 'Yearly');
  const { body } = await shop.post('/subscriptions/update', { subscriptionId, priceId }, userId);
  expect(body).toMatchObject({
    status: 409,
    code: 'payment_declined',
    provider: { code: 'subscription_payment_declined', requestId: expect.any(String) },
  });
  expect(await shop.outcomes(subscriptionId)).toEqual(['subscription.switch_requested', 'command.refused']);
  await expectAgreement(userId, subscriptionId, 'active');
});

it('gives the first answer again for an Idempotency-Key, byte for byte, and does not ask Paddle', async () => {
  const { userId, subscriptionId } = await shop.user();
  const key = { 'idempotency-key': 'cancel-it-once' };
  const first = await shop.post('/subscriptions/cancel', { subscriptionId }, userId, key);
  await shop.faults({ api: { serverError: 1 } });
  const again = await shop.post('/subscriptions/cancel', { subscriptionId }, userId, key);
  await shop.noFaults();
  expect(again.text).toBe(first.text);
  expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', 'ledger-position': first.headers['ledger-position'] });
  expect(first.status).toBe(200);
});

it('does not keep an answer that will be another one soon, nor one that opens doors', async () => {
  const { userId, subscriptionId } = await shop.user();
  await shop.faults({ api: { timeoutBefore: 1 }, times: 1, match: { method: 'POST', path: '/subscriptions/*/cancel' } });
  const first = shop.post('/subscriptions/cancel', { subscriptionId }, userId);
  await shop.until(async () => (await shop.outcomes(subscriptionId)).length, 1);
  const key = { 'idempotency-key': 'the-other-tab' };
  const early = await shop.post('/subscriptions/cancel', { subscriptionId }, userId, key);
  expect(early).toMatchObject({ status: 409, body: { code: 'command_in_progress' }, headers: { 'retry-after': '1' } });
  await first;
  const late = await shop.post('/subscriptions/cancel', { subscriptionId }, userId, key);
  expect(late).toMatchObject({ status: 200, body: { scheduledChange: { action: 'cancel' } } });
  const portal = () => shop.post('/billing/portal', {}, userId, { 'idempotency-key': 'portal' });
  expect((await portal()).text).not.toBe((await portal()).text);
});

it('lets one of two tabs win, and tells the other cleanly', async () => {
  for (let round = 0; round < 5; round++) {
    const { userId, subscriptionId } = await shop.user();
    const priceId = await shop.price('Rowboat Team', 'Monthly (per seat)');
    const answers = await Promise.all([
      shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId),
      shop.post('/subscriptions/update', { subscriptionId, priceId }, userId),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect([...statuses].sort((a, b) => a - b)).toEqual([200, 409]);
    const loser = answers.find(({ status }) => status === 409)!;
    expect(['command_in_progress', 'subscription_canceled']).toContain(loser.body.code);
    await expectAgreement(userId, subscriptionId, statuses[0] === 200 ? 'canceled' : 'active');
  }
});

it('cancels once when asked by many at the same time', async () => {
  const { userId, subscriptionId } = await shop.user();
  const ask = () => shop.post('/subscriptions/cancel', { subscriptionId }, userId);
  const answers = await Promise.all(Array.from({ length: 20 }, ask));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await shop.outcomes(subscriptionId)).filter((type) => type === 'command.carried_out')).toHaveLength(1);
});

/** Paddle's world and the read model say the same, and no wish is open. */
async function expectAgreement(userId: string, subscriptionId: string, status?: string): Promise<void> {
  await shop.settled();
  const world = await shop.subscription(subscriptionId);
  expect(world).toMatchObject({ status: status ?? world.status });
  expect(await shop.shown(userId, subscriptionId)).toMatchObject({
    status: world.status,
    products: world.items.map(({ price, quantity }) => ({ priceId: price.id, quantity })),
  });
  expect(await shop.openWishes()).toBe(0);
}
