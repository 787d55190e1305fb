import { Shop } from '../support/shop';

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open({ seed: 'commands' });
});

afterAll(() => shop.close());

it('shows the new state at once, before any webhook, and the late webhook changes nothing', async () => {
  const { userId, subscriptionId } = await shop.user();
  await shop.faults({ webhooks: { drop: 1 } });
  const { status, body } = await shop.post('/subscriptions/cancel', { subscriptionId, reason: 'too dear' }, userId);
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      id: subscriptionId,
      status: 'active',
      access: 'full',
      scheduledChange: { action: 'cancel' },
      actions: { resume: true },
    },
  });
  const before = await shop.shown(userId, subscriptionId);
  expect(before).toEqual(body);
  await shop.faults({ webhooks: { drop: 0 } });
  await shop.settled();
  await shop.paddle.replayFailed(new Set());
  await shop.settled();
  expect(await shop.shown(userId, subscriptionId)).toEqual(before);
});

it('cancels once, whatever is asked again', async () => {
  const { userId, subscriptionId } = await shop.user();
  await shop.post('/subscriptions/cancel', { subscriptionId }, userId).then(expectStatus(200));
  const again = await shop.post('/subscriptions/cancel', { subscriptionId }, userId);
  expect(again.body).toMatchObject({ status: 409, code: 'already_scheduled', scheduledChange: { action: 'cancel' } });
  const now = await shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  expect(now.body).toMatchObject({ status: 'canceled', access: 'none' });
  const late = await shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  expect(late.body).toMatchObject({ status: 409, code: 'subscription_canceled' });
  expect((await shop.post('/subscriptions/resume', { subscriptionId }, userId)).body.code).toBe('subscription_canceled');
});

it('pauses and resumes, takes back what is scheduled, and says when there is nothing to resume', async () => {
  const { userId, subscriptionId } = await shop.user();
  const nothing = await shop.post('/subscriptions/resume', { subscriptionId }, userId);
  expect(nothing.body).toMatchObject({ status: 409, code: 'nothing_to_resume' });
  const paused = await shop.post('/subscriptions/pause', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  expect(paused.body).toMatchObject({ status: 'paused', access: 'none' });
  const resumed = await shop.post('/subscriptions/resume', { subscriptionId }, userId);
  expect(resumed.body).toMatchObject({ status: 'active', access: 'full' });
  const later = await shop.post('/subscriptions/pause', { subscriptionId, resumeAt: '2026-09-01T00:00:00Z' }, userId);
  expect(later.body.scheduledChange).toMatchObject({ action: 'pause', resumeAt: '2026-09-01T00:00:00.000000Z' });
  const kept = await shop.post('/subscriptions/resume', { subscriptionId }, userId);
  expect(kept.body).toMatchObject({ status: 'active', scheduledChange: null });
});

it('ends what is not running now, also when the end of the period was asked for', async () => {
  for (const scenario of ['pause', 'renewal_failed']) {
    const { userId, subscriptionId } = await shop.user(scenario);
    const { body } = await shop.post('/subscriptions/cancel', { subscriptionId }, userId);
    expect(body).toMatchObject({ status: 'canceled', access: 'none' });
  }
  const trial = await shop.user('signup_with_trial');
  const { body } = await shop.post('/subscriptions/cancel', { subscriptionId: trial.subscriptionId }, trial.userId);
  expect(body).toMatchObject({ status: 'trialing', access: 'full', scheduledChange: { action: 'cancel' } });
});

it('switches to what the preview said, and keeps addons', async () => {
  const { userId, subscriptionId } = await shop.user('addon_added');
  const team = await shop.price('Rowboat Team', 'Yearly (per seat)');
  const wanted = { subscriptionId, priceId: team, quantity: 3 };
  const preview = await shop.post('/subscriptions/update/preview', wanted, userId);
  expect(preview.body).toMatchObject({
    immediate: { currency: 'USD' },
    credit: { currency: 'USD' },
    access: { gained: [expect.any(String)], lost: [expect.any(String)] },
  });
  expect((await shop.subscription(subscriptionId)).items).toHaveLength(2);
  const { status, body } = await shop.post('/subscriptions/update', wanted, userId);
  expect(status).toBe(200);
  expect(body.products).toMatchObject([
    { priceId: team, quantity: 3 },
    { priceName: 'Yearly', name: 'Reports' },
  ]);
  expect(preview.body.items.map(({ priceId }: { priceId: string }) => priceId)).toEqual(
    body.products.map(({ priceId }: { priceId: string }) => priceId),
  );
  const paid = (await shop.world()).transactions.findLast((one) => one.subscription_id === subscriptionId)!;
  const { grand_total } = (paid.details as { totals: { grand_total: string } }).totals;
  expect(preview.body.immediate).toEqual({ amount: grand_total, currency: 'USD' });
});

it('refuses a switch that makes no sense, before Paddle is asked', async () => {
  const { userId, subscriptionId } = await shop.user();
  const solo = await shop.price('Rowboat Solo', 'Monthly');
  const handbook = await shop.price('The Rowing Handbook', 'One-time');
  await shop.faults({ api: { serverError: 1 } });
  const ask = async (body: object) =>
    (await shop.post('/subscriptions/update', { subscriptionId, ...body }, userId)).body as object;
  expect(await ask({ priceId: solo })).toMatchObject({ status: 409, code: 'same_plan' });
  expect(await ask({ priceId: handbook })).toMatchObject({ status: 409, code: 'price_not_switchable' });
  expect(await ask({ priceId: 'pri_nothing' })).toMatchObject({ status: 409, code: 'price_not_switchable' });
  expect(await ask({ priceId: solo, quantity: 1000 })).toMatchObject({ status: 422, errors: [{ pointer: '/quantity' }] });
  expect(await ask({})).toMatchObject({ status: 422, errors: [{ pointer: '/priceId' }] });
  expect(await ask({ items: [{ priceId: solo }, { priceId: solo }] })).toMatchObject({ status: 422 });
  await shop.noFaults();
});

it('schedules a switch for the end of the period, carries it out before the renewal, and bills the new price first then', async () => {
  const { userId, subscriptionId } = await shop.user('signup', {
    priceId: await shop.price('Rowboat Team', 'Monthly (per seat)'),
    quantity: 5,
  });
  const solo = await shop.price('Rowboat Solo', 'Monthly');
  const wanted = { subscriptionId, priceId: solo, quantity: 1, effectiveFrom: 'next_billing_period' };
  const { body } = await shop.post('/subscriptions/update', wanted, userId);
  expect(body).toMatchObject({
    products: [{ quantity: 5 }],
    scheduledChange: { action: 'switch', effectiveAt: body.nextBilledAt },
  });
  expect((await shop.post('/subscriptions/update', wanted, userId)).body.code).toBe('already_scheduled');
  const kept = await shop.post('/subscriptions/resume', { subscriptionId }, userId);
  expect(kept.body.scheduledChange).toBeNull();
  await shop.post('/subscriptions/update', wanted, userId).then(expectStatus(200));
  await shop.goTo(Date.parse(body.nextBilledAt) - 33 * 60_000);
  await shop.until(async () => (await shop.subscription(subscriptionId)).items[0]!.price.id, solo);
  await shop.pass('PT1H');
  expect(await shop.shown(userId, subscriptionId)).toMatchObject({
    products: [{ priceId: solo, quantity: 1 }],
    scheduledChange: null,
    lastPayment: { total: { amount: '1307' } },
  });
});

it('opens a checkout that knows whose it is, a portal, and a payment-method checkout', async () => {
  const team = await shop.price('Rowboat Team', 'Monthly (per seat)');
  const opened = await shop.post(
    '/checkout',
    { items: [{ priceId: team, quantity: 2 }], successUrl: 'https://shop.example.com/done' },
    'new_user',
  );
  expect(opened).toMatchObject({ status: 201, body: { transactionId: expect.stringMatching(/^txn_/) } });
  expect(opened.body.checkoutUrl).toMatch(/_ptxn=txn_.*success_url=https/);
  const { transactions } = await shop.world();
  const made = transactions.find(({ id }) => id === opened.body.transactionId)!;
  expect((made as unknown as { custom_data: object }).custom_data).toMatchObject({ user_id: 'new_user' });
  expect((await shop.post('/checkout', { items: [{ priceId: 'pri_x' }] }, 'new_user')).body.code).toBe('price_not_available');
  expect((await shop.post('/billing/portal', {}, 'new_user')).body.code).toBe('no_billing_account');

  const { userId, subscriptionId, customerId } = await shop.user();
  const portal = await shop.post('/billing/portal', { subscriptionIds: [subscriptionId] }, userId);
  expect(portal.body).toMatchObject({
    overviewUrl: expect.stringContaining(customerId),
    subscriptions: [{ id: subscriptionId }],
  });
  const method = await shop.post('/subscriptions/payment-method', { subscriptionId }, userId);
  expect(method.body).toMatchObject({
    transactionId: expect.stringMatching(/^txn_/),
    checkoutUrl: expect.stringContaining('_ptxn='),
  });
  const again = await shop.post('/checkout', { items: [{ priceId: team, quantity: 1 }] }, userId);
  const reused = (await shop.world()).transactions.find(({ id }) => id === again.body.transactionId)!;
  expect(reused.customer_id).toBe(customerId);
});

it('asks Paddle for management links only when they are wanted, and shows the rest without Paddle', async () => {
  const { userId, subscriptionId } = await shop.user();
  const plain = await shop.get('/subscriptions/status', userId);
  expect(plain.body.subscriptions[0]).not.toHaveProperty('managementUrls');
  const { body } = await shop.get('/subscriptions/status?include=managementUrls', userId);
  expect(body.subscriptions[0].managementUrls).toEqual({
    cancel: expect.stringContaining(subscriptionId),
    updatePaymentMethod: expect.stringContaining(subscriptionId),
  });
  await shop.faults({ api: { reset: 1 } });
  const down = await shop.get('/subscriptions/status?include=managementUrls', userId);
  await shop.noFaults();
  expect(down.body.subscriptions[0]).toMatchObject({ id: subscriptionId, access: 'full', managementUrls: null });
});

it('says nothing of what is not yours, and does not ask Paddle for it', async () => {
  const { subscriptionId } = await shop.user();
  await shop.faults({ api: { serverError: 1 } });
  for (const command of ['cancel', 'pause', 'resume', 'payment-method']) {
    const { status, body } = await shop.post(`/subscriptions/${command}`, { subscriptionId }, 'a_stranger');
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'not_found' });
  }
  const portal = await shop.post('/billing/portal', { subscriptionIds: [subscriptionId] }, 'a_stranger');
  expect(portal.status).toBe(404);
  await shop.noFaults();
});

function expectStatus(status: number) {
  return (response: { status: number; body: unknown }) => {
    expect(response).toMatchObject({ status });
    return response;
  };
}
