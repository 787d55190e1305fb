import { Shop, type ApiFault } from '../support/shop';

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open({ seed: 'command faults', settings: { PADDLE_TIMEOUT_MS: '300' } });
});

afterAll(() => shop.close());

interface Case {
  fault: string;
  /** So many requests meet it. */
  times: number;
  status: number;
  code?: string;
  /** Whether Paddle has canceled in the end. */
  canceled: boolean;
}

/** What a user is told, and what is true: the same. */
const CASES: Case[] = [
  { fault: 'rateLimit', times: 1, status: 200, canceled: true },
  { fault: 'conflict', times: 1, status: 409, code: 'version_conflict', canceled: false },
  { fault: 'serverError', times: 1, status: 503, code: 'provider_unavailable', canceled: false },
  { fault: 'htmlError', times: 1, status: 503, code: 'provider_unavailable', canceled: false },
  { fault: 'reset', times: 1, status: 503, code: 'provider_unavailable', canceled: false },
  { fault: 'timeoutBefore', times: 1, status: 503, code: 'provider_unavailable', canceled: false },
  { fault: 'timeoutAfter', times: 1, status: 200, canceled: true },
];

it.each(CASES)('$fault: one cancellation or none, and a truthful answer', async ({ fault, times, status, code, canceled }) => {
  const { userId, subscriptionId } = await shop.user();
  const match = { method: 'POST', path: '/subscriptions/*/cancel' };
  await shop.faults({ api: { [fault]: 1 }, times, match });
  const answer = await shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  await shop.noFaults();
  expect({ status: answer.status, code: answer.body.code as unknown }).toEqual({ status, code });
  await expectAgreement(userId, subscriptionId, canceled ? 'canceled' : 'active');
  const again = await shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  expect(again.body).toMatchObject(canceled ? { code: 'subscription_canceled' } : { status: 'canceled' });
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

it.each([
  ['cancel', { effectiveFrom: 'immediately' }],
  ['pause', { effectiveFrom: 'immediately' }],
  ['update', { quantity: 2 }],
])('a time-out after the change: %s is done once and said to be done', async (command, wanted) => {
  const { userId, subscriptionId } = await shop.user();
  const priceId = await shop.price('Rowboat Solo', 'Monthly');
  const fault: ApiFault = { api: { timeoutAfter: 1 }, times: 1 };
  await shop.faults({ ...fault, match: { path: command === 'update' ? '/subscriptions/*' : `/subscriptions/*/${command}` } });
  const body = { subscriptionId, ...wanted, ...(command === 'update' && { priceId }) };
  const { status } = await shop.post(`/subscriptions/${command}`, body, userId);
  await shop.noFaults();
  expect(status).toBe(200);
  const { transactions } = await shop.world();
  const charged = transactions.filter((one) => one.subscription_id === subscriptionId && one.status === 'completed');
  expect(charged).toHaveLength(command === 'update' ? 2 : 1);
  expect(await shop.outcomes(subscriptionId)).toEqual([expect.stringMatching(/_requested$/), 'command.carried_out']);
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

/** Paddle's world, the read model and the ledger say the same, and no wish is open. */
async function expectAgreement(userId: string, subscriptionId: string, status: string): Promise<void> {
  await shop.settled();
  expect(await shop.subscription(subscriptionId)).toMatchObject({ status });
  expect(await shop.shown(userId, subscriptionId)).toMatchObject({ status });
  expect((await shop.outcomes(subscriptionId)).at(-1)).toMatch(/^command\.(carried_out|not_done|refused)$/);
}
