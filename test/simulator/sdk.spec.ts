import { ApiError, EventName, Paddle, type Environment, type EventEntity } from '@paddle/paddle-node-sdk';
import type { StoryResult } from '../../src/simulator/world/story';
import { API_KEY, LocalPaddle, SECRET } from './local-paddle';

jest.setTimeout(30_000);

/** Paddle's own SDK against the simulator: whatever it calls, reads and verifies has to be as it expects. */
let local: LocalPaddle;
let paddle: Paddle;
let prices: Map<string, string>;

beforeAll(async () => {
  local = await LocalPaddle.start();
  paddle = new Paddle(API_KEY, { environment: local.url as Environment });
  const all = await paddle.prices.list().next();
  prices = new Map(all.map(({ id, description }) => [description, id]));
});
afterAll(() => local.stop());

const SOLO = 'Rowboat Solo, Monthly';
const TEAM = 'Rowboat Team, Monthly (per seat)';
const HANDBOOK = 'The Rowing Handbook, One-time';
const price = (name: string) => prices.get(name)!;

async function buyer(scenario = 'signup'): Promise<StoryResult & { subscriptionId: string }> {
  return (await local.play(scenario)) as StoryResult & { subscriptionId: string };
}

async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

describe('lists', () => {
  beforeAll(async () => {
    for (let count = 0; count < 7; count++) await local.play('one_time_purchase');
  });

  it('come page after page, each entity once', async () => {
    const { customers } = await local.state();
    const found: string[] = [];
    for await (const { id } of paddle.customers.list({ perPage: 3 })) found.push(id);
    expect(found).toEqual(customers.map(({ id }) => id).sort());
    expect(found.length).toBeGreaterThanOrEqual(7);
  });

  it('say how many there are, and whether there are more', async () => {
    const list = paddle.transactions.list({ perPage: 4, orderBy: 'created_at[DESC]', status: ['completed'] });
    const first = await list.next();
    const second = await list.next();
    expect([first.length, second.length, list.estimatedTotal]).toEqual([4, 3, 7]);
    expect(list.hasMore).toBe(false);
    const times = [...first, ...second].map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('take a cursor', async () => {
    const all = await paddle.products.list({ include: ['prices'] }).next();
    const rest = await paddle.products.list({ after: all[1]!.id }).next();
    expect(rest.map(({ id }) => id)).toEqual(all.slice(2).map(({ id }) => id));
    expect(all.flatMap(({ prices: own }) => own ?? [])).toHaveLength(8);
  });
});

describe('the catalog and customers', () => {
  it('are made, changed and read', async () => {
    const product = await paddle.products.create({ name: 'Oar', taxCategory: 'standard', customData: { Length: 3 } });
    expect(product).toMatchObject({ type: 'standard', status: 'active', customData: { Length: 3 } });
    const made = await paddle.prices.create({
      productId: product.id,
      description: 'One',
      unitPrice: { amount: '700', currencyCode: 'USD' },
      unitPriceOverrides: [{ countryCodes: ['DE'], unitPrice: { amount: '650', currencyCode: 'EUR' } }],
    });
    expect(await paddle.prices.get(made.id, { include: ['product'] })).toMatchObject({ product: { id: product.id } });
    expect(await paddle.products.update(product.id, { name: 'Blade' })).toMatchObject({ name: 'Blade' });
    const customer = await paddle.customers.create({ email: 'oar@example.com', name: 'O. Ar' });
    expect(await paddle.customers.update(customer.id, { name: 'Oar' })).toMatchObject({ name: 'Oar', locale: 'en' });
    const address = await paddle.addresses.create(customer.id, { countryCode: 'DE', postalCode: '10115' });
    const business = await paddle.businesses.create(customer.id, { name: 'Oars Ltd' });
    const transaction = await paddle.transactions.create({
      items: [{ priceId: made.id, quantity: 2 }],
      customerId: customer.id,
      addressId: address.id,
      businessId: business.id,
    });
    expect(transaction).toMatchObject({ status: 'ready', origin: 'api', currencyCode: 'EUR', subscriptionId: null });
    expect(transaction.details!.totals).toMatchObject({ subtotal: '1300', tax: '247', total: '1547' });
    const found = await refusalOf(paddle.customers.create({ email: 'oar@example.com' }));
    expect([found.code, found.detail.includes(customer.id)]).toEqual(['customer_already_exists', true]);
  });

  it('a discount is made and used', async () => {
    const discount = await paddle.discounts.create({ description: 'Half', type: 'percentage', amount: '50' });
    const items = [{ priceId: price(HANDBOOK), quantity: 1 }];
    const preview = await paddle.transactions.preview({ items, discountId: discount.id, address: { countryCode: 'US' } });
    expect(preview.details.totals).toMatchObject({ subtotal: '4900', discount: '2450', tax: '217', total: '2667' });
    expect(preview.items[0]).toMatchObject({ includeInTotals: true, price: { id: price(HANDBOOK) } });
  });
});

describe('subscriptions', () => {
  it('are listed, read, previewed, changed', async () => {
    const { subscriptionId: id, customerId } = await buyer();
    expect(await paddle.subscriptions.list({ customerId: [customerId] }).next()).toMatchObject([{ id }]);
    const include = ['next_transaction', 'recurring_transaction_details'] as const;
    const subscription = await paddle.subscriptions.get(id, { include: [...include] });
    expect(subscription).toMatchObject({ status: 'active', scheduledChange: null, billingCycle: { interval: 'month' } });
    expect(subscription.managementUrls).toMatchObject({ cancel: expect.stringContaining(local.url) });
    expect(subscription.nextTransaction!.details.totals.total).toBe('1307');
    expect(subscription.recurringTransactionDetails!.totals.total).toBe('1307');
    const change = { items: [{ priceId: price(TEAM), quantity: 2 }], prorationBillingMode: 'prorated_immediately' as const };
    const preview = await paddle.subscriptions.previewUpdate(id, change);
    expect(preview.updateSummary!.result).toMatchObject({ action: 'charge', currencyCode: 'USD' });
    expect((await paddle.subscriptions.get(id)).items[0]!.price.id).toBe(price(SOLO));
    const updated = await paddle.subscriptions.update(id, change);
    expect(updated.items).toMatchObject([{ quantity: 2, product: { name: 'Rowboat Team' } }]);
    const [latest] = await paddle.transactions.list({ subscriptionId: [id], origin: ['subscription_update'] }).next();
    expect(latest!.details!.totals!.grandTotal).toBe(preview.updateSummary!.result.amount);
    expect(latest!.payments[0]).toMatchObject({ status: 'captured', methodDetails: { type: 'card', card: { last4: '4242' } } });
  });

  it('are charged, with a preview', async () => {
    const { subscriptionId: id } = await buyer();
    const charge = { effectiveFrom: 'immediately' as const, items: [{ priceId: price(HANDBOOK), quantity: 1 }] };
    const preview = await paddle.subscriptions.previewOneTimeCharge(id, charge);
    expect(preview.immediateTransaction!.details.totals.total).toBe('5335');
    await paddle.subscriptions.createOneTimeCharge(id, charge);
    const [charged] = await paddle.transactions.list({ subscriptionId: [id], origin: ['subscription_charge'] }).next();
    expect(charged!.details!.totals!.total).toBe('5335');
  });

  it('are paused, resumed, and canceled without a body', async () => {
    const { subscriptionId: id } = await buyer();
    expect(await paddle.subscriptions.pause(id, { effectiveFrom: 'immediately' })).toMatchObject({ status: 'paused' });
    expect(await paddle.subscriptions.resume(id, { effectiveFrom: 'immediately' })).toMatchObject({ status: 'active' });
    const canceled = await paddle.subscriptions.cancel(id);
    expect(canceled).toMatchObject({ status: 'active', scheduledChange: { action: 'cancel' } });
    expect(await paddle.subscriptions.update(id, { scheduledChange: null })).toMatchObject({ scheduledChange: null });
    expect(await paddle.subscriptions.cancel(id, { effectiveFrom: 'immediately' })).toMatchObject({ status: 'canceled' });
  });

  it('on trial are activated; the card is replaced by a transaction over nothing', async () => {
    const { subscriptionId: id } = await buyer('signup_with_trial');
    const change = await paddle.subscriptions.getPaymentMethodChangeTransaction(id);
    expect(change).toMatchObject({ origin: 'subscription_payment_method_change', status: 'ready' });
    expect(change.details!.totals!.total).toBe('0');
    expect(await paddle.subscriptions.activate(id)).toMatchObject({ status: 'active' });
  });

  it('refuse with a code that can be read', async () => {
    const { subscriptionId: id } = await buyer('cancel_now');
    const canceled = await refusalOf(paddle.subscriptions.pause(id, {}));
    expect(canceled).toMatchObject({ code: 'subscription_is_canceled_action_invalid', type: 'request_error' });
    const missing = await refusalOf(paddle.subscriptions.get(`sub_${'0'.repeat(26)}`));
    expect(missing.code).toBe('not_found');
    const wrong = await refusalOf(paddle.subscriptions.resume(id, { effectiveFrom: 'soon' }));
    expect(wrong).toMatchObject({ code: 'invalid_field', errors: [{ field: 'effective_from' }] });
    const stranger = new Paddle('wrong', { environment: local.url as Environment });
    expect((await refusalOf(stranger.subscriptions.get(id))).code).toBe('forbidden');
  });
});

describe('money back, and what belongs to a customer', () => {
  it('refunds, with the invoice', async () => {
    const { transactionIds } = await buyer();
    const [transactionId] = transactionIds as [string];
    const { url } = await paddle.transactions.getInvoicePDF(transactionId, { disposition: 'inline' });
    expect(url).toContain(local.url);
    const refund = await paddle.adjustments.create({ action: 'refund', type: 'full', reason: 'error', transactionId });
    expect(refund).toMatchObject({ status: 'pending_approval', totals: { total: '1307' }, items: [{ type: 'full' }] });
    const again = paddle.adjustments.create({ action: 'refund', type: 'full', reason: 'error', transactionId });
    expect((await refusalOf(again)).code).toBe('adjustment_pending_refund_request');
    await local.advance('PT10M');
    expect(await paddle.adjustments.list({ id: [refund.id] }).next()).toMatchObject([{ status: 'approved' }]);
    const transaction = await paddle.transactions.get(transactionId, { include: ['customer', 'address', 'adjustment'] });
    expect(transaction).toMatchObject({ status: 'completed', adjustments: [{ id: refund.id }], customer: {}, address: {} });
    expect(transaction.details!.adjustedTotals!.total).toBe('0');
  });

  it('portal sessions, payment methods, an auth token', async () => {
    const { customerId, subscriptionId } = await buyer();
    const session = await paddle.customerPortalSessions.create(customerId, [subscriptionId]);
    expect(session.urls.general.overview).toContain(local.url);
    expect(session.urls.subscriptions[0]).toMatchObject({ id: subscriptionId });
    const [method] = await paddle.paymentMethods.list(customerId).next();
    expect(method).toMatchObject({ customerId, type: 'card', card: { last4: '4242' } });
    expect((await paddle.customers.generateAuthToken(customerId)).customerAuthToken).toMatch(/^pca_/);
  });
});

describe('events and where they go', () => {
  it('the feed and the types are read', async () => {
    const { subscriptionId } = await buyer();
    const types = await paddle.eventTypes.list();
    expect(types).toHaveLength(56);
    const found: EventEntity[] = [];
    for await (const event of paddle.events.list({ perPage: 50 })) found.push(event);
    const created = found.filter(({ eventType }) => eventType === EventName.SubscriptionCreated);
    expect(created.map(({ data }) => (data as { id: string }).id)).toContain(subscriptionId);
    expect(found.map(({ eventId }) => eventId)).toEqual(found.map(({ eventId }) => eventId).toSorted());
  });

  it('a notification setting is made, changed, listed, deleted', async () => {
    const setting = await paddle.notificationSettings.create({
      description: 'Mine',
      destination: 'https://example.com/hook',
      type: 'url',
      subscribedEvents: ['transaction.completed'],
    });
    expect(setting).toMatchObject({
      active: true,
      trafficSource: 'platform',
      endpointSecretKey: expect.stringMatching(/^pdl_ntfset_/),
    });
    expect(await paddle.notificationSettings.update(setting.id, { active: false })).toMatchObject({ active: false });
    expect((await paddle.notificationSettings.list()).map(({ id }) => id)).toContain(setting.id);
    await paddle.notificationSettings.delete(setting.id);
    expect((await refusalOf(paddle.notificationSettings.get(setting.id))).code).toBe('not_found');
  });

  it('what was delivered is verified and read; what was tampered with is not', async () => {
    await local.settled();
    const { deliveries } = local.receiver;
    expect(deliveries.length).toBeGreaterThan(100);
    const events = await Promise.all(
      deliveries.slice(-60).map(({ body, signature }) => paddle.webhooks.unmarshal(body, SECRET, signature)),
    );
    expect(events.map(({ eventId }) => eventId)).toEqual(local.receiver.webhooks.slice(-60).map(({ event_id: id }) => id));
    const { body, signature } = deliveries.at(-1)!;
    await expect(paddle.webhooks.unmarshal(`${body} `, SECRET, signature)).rejects.toThrow('signature');
    await expect(paddle.webhooks.unmarshal(body, 'pdl_ntfset_other', signature)).rejects.toThrow('signature');
  });

  it('a notification is found and replayed', async () => {
    const [delivered] = await paddle.notifications.list({ status: ['delivered'], perPage: 1 }).next();
    const logs = await paddle.notifications.getLogs(delivered!.id).next();
    expect(logs).toMatchObject([{ responseCode: 200 }]);
    const { notificationId: replayId } = await paddle.notifications.replay(delivered!.id);
    await local.settled();
    const replayed = local.receiver.webhooks.at(-1)!;
    expect(replayed).toMatchObject({ notification_id: replayId, event_id: delivered!.payload.eventId });
  });
});
