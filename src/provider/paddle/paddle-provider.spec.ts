import { closeTestClients, testClient } from '../../../test/support/paddle/client';
import { json, refusal, ScriptedServer, type Step } from '../../../test/support/scripted-server';
import type { BillingProvider } from '../billing-provider';
import type { ProviderPage } from '../provider-answer';
import { PaddleProvider } from './paddle-provider';

const USER = { priority: 'user' } as const;
const BACKGROUND = { priority: 'background' } as const;
const URLS = { update_payment_method: 'https://buyer.example.com/1', cancel: 'https://buyer.example.com/2' };
const SUBSCRIPTION = {
  id: 'sub_1',
  status: 'active',
  customer_id: 'ctm_1',
  currency_code: 'USD',
  scheduled_change: { action: 'cancel', effective_at: '2026-02-10T09:00:00.123456Z', resume_at: null },
  items: [{ status: 'active', quantity: 2, recurring: true, price: { id: 'pri_1', product_id: 'pro_1' } }],
  management_urls: URLS,
};
const TRANSACTION = {
  id: 'txn_1',
  status: 'ready',
  origin: 'api',
  customer_id: null,
  custom_data: { user_id: 'user_1' },
  currency_code: 'USD',
  details: {
    totals: { total: '2500', grand_total: '2000', currency_code: 'USD' },
    line_items: [{ id: 'txnitm_1', price_id: 'pri_1', quantity: 2, totals: { total: '2500' } }],
  },
  payments: [],
  checkout: { url: 'https://pay.example.com/?_ptxn=txn_1' },
};
const ADJUSTMENT = { id: 'adj_1', action: 'refund', status: 'pending_approval', transaction_id: 'txn_1', currency_code: 'USD' };
const SETTING = {
  id: 'ntfset_1',
  description: 'Oarlock',
  destination: 'https://app.example.com/webhook',
  active: true,
  subscribed_events: [{ name: 'customer.created', description: 'x' }],
  traffic_source: 'platform',
  endpoint_secret_key: 'pdl_ntfset_secret',
};

let server: ScriptedServer;
let provider: BillingProvider;
beforeEach(async () => {
  server = await ScriptedServer.start();
  provider = new PaddleProvider(testClient(server.url).client);
});
afterEach(async () => {
  await closeTestClients();
  await server.close();
});

const data = (value: unknown, status = 200): Step => json(status, { data: value, meta: { request_id: 'request-1' } });
const asked = () =>
  server.requests.map(({ method, path, body }) => [method, path, ...(body ? [JSON.parse(body) as unknown] : [])]);

const ITEMS = { items: [{ priceId: 'pri_2', quantity: 3 }], prorationBillingMode: 'prorated_immediately' } as const;
const WIRE_ITEMS = { items: [{ price_id: 'pri_2', quantity: 3 }], proration_billing_mode: 'prorated_immediately' };

/** Our words, and what goes over the wire. */
it.each<[string, (provider: BillingProvider) => Promise<unknown>, unknown, unknown[]]>([
  ['a subscription', (paddle) => paddle.getSubscription('sub_1', USER), SUBSCRIPTION, ['GET', '/subscriptions/sub_1']],
  [
    'a cancellation',
    (paddle) => paddle.cancelSubscription('sub_1', 'next_billing_period', USER),
    SUBSCRIPTION,
    ['POST', '/subscriptions/sub_1/cancel', { effective_from: 'next_billing_period' }],
  ],
  [
    'a pause',
    (paddle) => paddle.pauseSubscription('sub_1', { effectiveFrom: 'immediately' }, USER),
    SUBSCRIPTION,
    ['POST', '/subscriptions/sub_1/pause', { effective_from: 'immediately' }],
  ],
  [
    'a pause that ends',
    (paddle) =>
      paddle.pauseSubscription('sub_1', { effectiveFrom: 'next_billing_period', resumeAt: '2026-03-01T00:00:00Z' }, USER),
    SUBSCRIPTION,
    ['POST', '/subscriptions/sub_1/pause', { effective_from: 'next_billing_period', resume_at: '2026-03-01T00:00:00Z' }],
  ],
  [
    'a resumption',
    (paddle) =>
      paddle.resumeSubscription('sub_1', { effectiveFrom: 'immediately', onResume: 'continue_existing_billing_period' }, USER),
    SUBSCRIPTION,
    ['POST', '/subscriptions/sub_1/resume', { effective_from: 'immediately', on_resume: 'continue_existing_billing_period' }],
  ],
  [
    'an activation',
    (paddle) => paddle.activateSubscription('sub_1', USER),
    SUBSCRIPTION,
    ['POST', '/subscriptions/sub_1/activate'],
  ],
  [
    'a change that is taken back',
    (paddle) => paddle.removeScheduledChange('sub_1', USER),
    SUBSCRIPTION,
    ['PATCH', '/subscriptions/sub_1', { scheduled_change: null }],
  ],
  [
    'other items',
    (paddle) => paddle.updateItems('sub_1', { ...ITEMS, items: [...ITEMS.items], onPaymentFailure: 'apply_change' }, USER),
    SUBSCRIPTION,
    ['PATCH', '/subscriptions/sub_1', { ...WIRE_ITEMS, on_payment_failure: 'apply_change' }],
  ],
  [
    'a preview',
    (paddle) => paddle.previewItems('sub_1', { ...ITEMS, items: [...ITEMS.items] }, USER),
    SUBSCRIPTION,
    ['PATCH', '/subscriptions/sub_1/preview', WIRE_ITEMS],
  ],
  [
    'a transaction for another payment method',
    (paddle) => paddle.paymentMethodTransaction('sub_1', USER),
    TRANSACTION,
    ['GET', '/subscriptions/sub_1/update-payment-method-transaction'],
  ],
  [
    'a checkout',
    (paddle) => paddle.createCheckout({ items: [{ priceId: 'pri_1', quantity: 1 }], customData: { user_id: 'user_1' } }, USER),
    TRANSACTION,
    ['POST', '/transactions', { items: [{ price_id: 'pri_1', quantity: 1 }], custom_data: { user_id: 'user_1' } }],
  ],
  [
    'a checkout for a customer, in a currency',
    (paddle) => paddle.createCheckout({ items: [{ priceId: 'pri_1', quantity: 1 }], customerId: 'ctm_1', currency: 'EUR' }, USER),
    TRANSACTION,
    ['POST', '/transactions', { items: [{ price_id: 'pri_1', quantity: 1 }], customer_id: 'ctm_1', currency_code: 'EUR' }],
  ],
  ['a transaction', (paddle) => paddle.getTransaction('txn_1', USER), TRANSACTION, ['GET', '/transactions/txn_1']],
  [
    'an invoice',
    (paddle) => paddle.invoicePdf('txn_1', 'inline', USER),
    { url: 'https://pdf.example.com/1' },
    ['GET', '/transactions/txn_1/invoice?disposition=inline'],
  ],
  [
    'a refund of all',
    (paddle) => paddle.createRefund({ transactionId: 'txn_1', reason: 'asked for it', refund: 'full' }, USER),
    ADJUSTMENT,
    ['POST', '/adjustments', { action: 'refund', type: 'full', transaction_id: 'txn_1', reason: 'asked for it' }],
  ],
  [
    'a refund of a part',
    (paddle) =>
      paddle.createRefund(
        { transactionId: 'txn_1', reason: 'r', refund: [{ lineItemId: 'txnitm_1', amount: '100' }, { lineItemId: 'txnitm_2' }] },
        USER,
      ),
    ADJUSTMENT,
    [
      'POST',
      '/adjustments',
      {
        action: 'refund',
        type: 'partial',
        transaction_id: 'txn_1',
        reason: 'r',
        items: [
          { item_id: 'txnitm_1', type: 'partial', amount: '100' },
          { item_id: 'txnitm_2', type: 'full' },
        ],
      },
    ],
  ],
  [
    'a place for webhooks',
    (paddle) =>
      paddle.createNotificationSetting({ description: 'Oarlock', url: 'https://app.example.com', events: ['a.b'] }, USER),
    SETTING,
    [
      'POST',
      '/notification-settings',
      { description: 'Oarlock', destination: 'https://app.example.com', subscribed_events: ['a.b'], type: 'url', api_version: 1 },
    ],
  ],
  [
    'a place for webhooks that is changed',
    (paddle) => paddle.updateNotificationSetting('ntfset_1', { active: false, traffic: 'all' }, USER),
    SETTING,
    ['PATCH', '/notification-settings/ntfset_1', { active: false, traffic_source: 'all' }],
  ],
])('asks Paddle for %s', async (_, ask, answer, wire) => {
  server.script(data(answer));
  await ask(provider);
  expect(asked()).toEqual([wire]);
});

describe('a subscription', () => {
  beforeEach(() => server.always(data(SUBSCRIPTION)));

  it('is read in our words, without the links that nobody asked for', async () => {
    const answer = await provider.getSubscription('sub_1', USER);
    expect(answer.value).toMatchObject({
      id: 'sub_1',
      customerId: 'ctm_1',
      status: 'active',
      scheduledChange: { action: 'cancel', effectiveAt: '2026-02-10T09:00:00.123456Z', resumeAt: null },
      items: [{ priceId: 'pri_1', productId: 'pro_1', quantity: 2 }],
      managementUrls: null,
    });
  });

  it('is read with them, where they were asked for', async () => {
    const answer = await provider.getSubscription('sub_1', { ...USER, managementUrls: true });
    expect(answer.value.managementUrls).toEqual({ updatePaymentMethod: URLS.update_payment_method, cancel: URLS.cancel });
  });

  it('comes as bytes for the ledger, in which the links never are', async () => {
    const answer = await provider.getSubscription('sub_1', { ...USER, managementUrls: true });
    const { management_urls: _, ...kept } = SUBSCRIPTION;
    expect(answer.entity().toString()).toBe(JSON.stringify(kept));
    expect(answer.body.toString()).toContain(URLS.cancel);
  });

  it('without an id is none', async () => {
    server.script(data({ status: 'active' }), data({ status: 'active' }));
    await expect(provider.getSubscription('sub_1', USER)).rejects.toMatchObject({ failure: 'unreadable', outcome: 'not_done' });
    const change = provider.cancelSubscription('sub_1', 'immediately', USER);
    await expect(change).rejects.toMatchObject({ failure: 'unreadable', outcome: 'unknown' });
  });
});

it('reads a transaction: what is due, its lines, and where it is paid', async () => {
  server.script(data(TRANSACTION));
  expect((await provider.getTransaction('txn_1', USER)).value).toEqual({
    id: 'txn_1',
    status: 'ready',
    origin: 'api',
    customerId: null,
    subscriptionId: null,
    customData: { user_id: 'user_1' },
    total: { amount: '2000', currency: 'USD' },
    invoiceNumber: null,
    payment: null,
    lineItems: [{ id: 'txnitm_1', priceId: 'pri_1', quantity: 2, total: { amount: '2500', currency: 'USD' } }],
    checkoutUrl: 'https://pay.example.com/?_ptxn=txn_1',
  });
});

it('asks again for a preview, and not for a transaction, though Paddle makes it on a GET', async () => {
  server.script(refusal(500, 'internal_error'), data(SUBSCRIPTION), refusal(500, 'internal_error'));
  await provider.previewItems('sub_1', { ...ITEMS, items: [] }, USER);
  const change = provider.paymentMethodTransaction('sub_1', USER);
  await expect(change).rejects.toMatchObject({ failure: 'failed', outcome: 'unknown' });
  expect(server.requests).toHaveLength(3);
});

it('reads a preview of an upgrade', async () => {
  const totals = (amount: string) => ({ totals: { total: amount, grand_total: amount, currency_code: 'USD' } });
  const preview = {
    ...SUBSCRIPTION,
    next_billed_at: '2026-02-10T09:00:00Z',
    immediate_transaction: { details: totals('1333') },
    next_transaction: { billing_period: { starts_at: '2026-02-10T09:00:00Z' }, details: totals('2999') },
    recurring_transaction_details: totals('2999'),
    update_summary: {
      credit: { amount: '666', currency_code: 'USD' },
      charge: { amount: '1999', currency_code: 'USD' },
      result: { action: 'charge', amount: '1333', currency_code: 'USD' },
    },
  };
  server.script(data(preview));
  const dollars = (amount: string) => ({ amount, currency: 'USD' });
  expect((await provider.previewItems('sub_1', { ...ITEMS, items: [] }, USER)).value).toEqual({
    immediate: dollars('1333'),
    credit: dollars('666'),
    result: { action: 'charge', amount: dollars('1333') },
    nextTransaction: { total: dollars('2999'), billedAt: '2026-02-10T09:00:00Z' },
    recurring: dollars('2999'),
    items: [expect.objectContaining({ priceId: 'pri_1', quantity: 2 })],
  });
});

it('reads a preview in which nothing is charged now', async () => {
  server.script(data({ ...SUBSCRIPTION, immediate_transaction: null, next_transaction: null, update_summary: null }));
  const { value } = await provider.previewItems('sub_1', { ...ITEMS, items: [] }, USER);
  expect(value).toMatchObject({ immediate: null, credit: null, result: null, nextTransaction: null, recurring: null });
});

it('reads the links of a portal session', async () => {
  const links = { id: 'sub_1', cancel_subscription: 'https://p/c', update_subscription_payment_method: 'https://p/u' };
  server.script(data({ id: 'cpls_1', urls: { general: { overview: 'https://p/' }, subscriptions: [links] } }, 201));
  expect((await provider.portalSession('ctm_1', ['sub_1'], USER)).value).toEqual({
    overviewUrl: 'https://p/',
    subscriptions: [{ id: 'sub_1', cancelUrl: 'https://p/c', updatePaymentMethodUrl: 'https://p/u' }],
  });
  expect(asked()).toEqual([['POST', '/customers/ctm_1/portal-sessions', { subscription_ids: ['sub_1'] }]]);
});

it('reads the secret of a place for webhooks, which never comes as bytes for the ledger', async () => {
  server.script(json(200, { data: [SETTING], meta: { pagination: { has_more: false, estimated_total: 1 } } }));
  const [page] = await pagesOf(provider.notificationSettings({}, USER));
  expect(page!.value).toEqual([
    {
      id: 'ntfset_1',
      description: 'Oarlock',
      url: 'https://app.example.com/webhook',
      active: true,
      events: ['customer.created'],
      traffic: 'platform',
      secret: 'pdl_ntfset_secret',
    },
  ]);
  expect(String(page!.entities())).not.toContain('pdl_ntfset_secret');
});

describe('a discount code', () => {
  const order = (code: string) =>
    provider.createCheckout({ items: [{ priceId: 'pri_1', quantity: 1 }], discountCode: code }, USER);
  const listed = (...discounts: unknown[]) => json(200, { data: discounts, meta: { pagination: { has_more: false } } });

  it('is exchanged for the id that Paddle wants', async () => {
    server.script(listed({ id: 'dsc_2', code: 'OTHER' }, { id: 'dsc_1', code: 'SPRING' }), data(TRANSACTION, 201));
    await order('Spring');
    expect(asked()).toEqual([
      ['GET', '/discounts?code=Spring%2CSPRING%2Cspring&status=active'],
      ['POST', '/transactions', { items: [{ price_id: 'pri_1', quantity: 1 }], discount_id: 'dsc_1' }],
    ]);
  });

  it('that nobody knows is refused before anything is made', async () => {
    server.script(listed());
    await expect(order('NONE')).rejects.toMatchObject({ failure: 'refused', refusal: 'discount_not_valid', outcome: 'not_done' });
    expect(server.requests).toHaveLength(1);
  });

  it.each(['', 'A,B', 'A B', 'A'.repeat(33)])('that cannot be one is not even looked up: %j', async (code) => {
    await expect(order(code)).rejects.toMatchObject({ refusal: 'discount_not_valid' });
    expect(server.requests).toHaveLength(0);
  });
});

async function pagesOf<Value>(pages: AsyncIterable<ProviderPage<Value>>): Promise<ProviderPage<Value>[]> {
  const read: ProviderPage<Value>[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

describe('a list', () => {
  const page = (ids: string[], next: string | null, total = 3): Step =>
    json(200, {
      data: ids.map((id) => ({ id, status: 'active' })),
      meta: {
        pagination: {
          per_page: 200,
          next: next ?? `${server.url}/customers?after=nobody`,
          has_more: next !== null,
          estimated_total: total,
        },
      },
    });

  it('is read page by page, each saying where to go on', async () => {
    const next = `${server.url}/customers?after=ctm_2&per_page=200&order_by=id%5BASC%5D`;
    server.script(page(['ctm_1', 'ctm_2'], next), page(['ctm_3'], null, -1));
    const pages = await pagesOf(provider.customers({}, BACKGROUND));
    expect(
      pages.map(({ value, cursor, more, estimatedTotal }) => ({ ids: value.map(({ id }) => id), cursor, more, estimatedTotal })),
    ).toEqual([
      { ids: ['ctm_1', 'ctm_2'], cursor: 'ctm_2', more: true, estimatedTotal: 3 },
      { ids: ['ctm_3'], cursor: 'ctm_3', more: false, estimatedTotal: null },
    ]);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/customers?order_by=id%5BASC%5D&per_page=200&status=active%2Carchived',
      '/customers?after=ctm_2&per_page=200&order_by=id%5BASC%5D',
    ]);
  });

  it('is asked for only as far as somebody reads', async () => {
    server.always(page(['ctm_1'], `${server.url}/customers?after=ctm_1`));
    for await (const { more } of provider.customers({}, BACKGROUND)) {
      expect(more).toBe(true);
      break;
    }
    expect(server.requests).toHaveLength(1);
  });

  it('that is taken up again at its end keeps its cursor', async () => {
    server.script(page([], null));
    const [only] = await pagesOf(provider.customers({ after: 'ctm_9' }, BACKGROUND));
    expect(only).toMatchObject({ value: [], cursor: 'ctm_9', more: false });
    expect(server.requests[0]!.path).toContain('&after=ctm_9');
  });

  it('that is empty has no cursor', async () => {
    server.script(page([], null));
    expect(await pagesOf(provider.customers({}, BACKGROUND))).toMatchObject([{ cursor: null }]);
  });

  it('is not followed to another host: the key would go there', async () => {
    const elsewhere = await ScriptedServer.start();
    server.script(page(['ctm_1'], `${elsewhere.url}/customers?after=ctm_1`));
    await expect(pagesOf(provider.customers({}, BACKGROUND))).rejects.toMatchObject({
      failure: 'unreadable',
      outcome: 'not_done',
    });
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.close();
  });

  it('is not read in a circle', async () => {
    server.always(page(['ctm_1'], `${server.url}/customers?after=ctm_1`));
    await expect(pagesOf(provider.customers({ after: 'ctm_1' }, BACKGROUND))).rejects.toMatchObject({ failure: 'unreadable' });
  });

  it.each<[string, (paddle: BillingProvider) => AsyncIterable<unknown>, string]>([
    [
      'one customer',
      (paddle) => paddle.customers({ customerId: 'ctm_1' }, USER),
      '/customers?order_by=id[ASC]&per_page=200&status=active,archived&id=ctm_1',
    ],
    [
      'addresses',
      (paddle) => paddle.addresses('ctm_1', {}, USER),
      '/customers/ctm_1/addresses?order_by=id[ASC]&per_page=200&status=active,archived',
    ],
    ['products', (paddle) => paddle.products({}, USER), '/products?order_by=id[ASC]&per_page=200&status=active,archived'],
    ['prices', (paddle) => paddle.prices({}, USER), '/prices?order_by=id[ASC]&per_page=200&status=active,archived'],
    ['discounts', (paddle) => paddle.discounts({}, USER), '/discounts?order_by=id[ASC]&per_page=200&status=active,archived'],
    [
      'subscriptions in every status',
      (paddle) => paddle.subscriptions({ customerId: 'ctm_1' }, USER),
      '/subscriptions?order_by=id[ASC]&per_page=200&status=active,canceled,past_due,paused,trialing&customer_id=ctm_1',
    ],
    [
      'transactions since a time',
      (paddle) => paddle.transactions({ updatedSince: '2026-01-01T00:00:00Z' }, USER),
      '/transactions?order_by=id[ASC]&per_page=30&updated_at[GTE]=2026-01-01T00:00:00Z',
    ],
    [
      'adjustments',
      (paddle) => paddle.adjustments({ after: 'adj_1' }, USER),
      '/adjustments?order_by=id[ASC]&per_page=50&after=adj_1',
    ],
    ['events', (paddle) => paddle.events({ after: 'evt_1' }, USER), '/events?order_by=id[ASC]&per_page=200&after=evt_1'],
    ['notification settings', (paddle) => paddle.notificationSettings({}, USER), '/notification-settings?per_page=200'],
  ])('of %s says what it wants', async (_, list, path) => {
    server.script(json(200, { data: [], meta: {} }));
    for await (const one of list(provider)) expect(one).toMatchObject({ value: [] });
    expect(decodeURIComponent(server.requests[0]!.path)).toBe(path);
  });

  it('of events names each, and gives its bytes', async () => {
    const event = {
      event_id: 'evt_1',
      event_type: 'customer.created',
      occurred_at: '2026-01-10T09:00:00.000001Z',
      data: { id: 'ctm_1' },
    };
    server.script(json(200, { data: [event], meta: { pagination: { has_more: false } } }));
    const [only] = await pagesOf(provider.events({}, BACKGROUND));
    expect(only).toMatchObject({
      value: [{ eventId: 'evt_1', type: 'customer.created', occurredAt: '2026-01-10T09:00:00.000001Z' }],
      cursor: 'evt_1',
    });
    expect(only!.entities().map(String)).toEqual([JSON.stringify(event)]);
  });
});

describe('a check of the credentials', () => {
  it('names the permissions that are lacking, and changes nothing', async () => {
    server.always((response, request) => {
      const lacking = request.path.startsWith('/adjustments') && request.method === 'POST';
      const step = lacking || request.path.includes('/addresses') ? refusal(403, 'forbidden') : null;
      (step ?? (request.method === 'GET' ? json(200, { data: [] }) : refusal(404, 'not_found')))(response, request);
    });
    expect(await provider.checkCredentials(BACKGROUND)).toEqual({
      accepted: true,
      lacking: ['address.read', 'adjustment.write'],
    });
    const changes = server.requests.filter(({ method }) => method !== 'GET');
    expect(changes.every(({ path, body }) => `${path}${body}`.includes('0'.repeat(26)))).toBe(true);
  });

  it.each([
    [401, 'authentication_missing'],
    [403, 'invalid_token'],
    [403, 'forbidden'],
  ])('says when Paddle does not take the key at all: %s %s', async (status, code) => {
    server.always(refusal(status, code));
    expect(await provider.checkCredentials(BACKGROUND)).toMatchObject({ accepted: false });
    expect(server.requests).toHaveLength(1);
  });

  it('fails when Paddle does not say', async () => {
    server.always(refusal(503, 'service_unavailable'));
    await expect(provider.checkCredentials(USER)).rejects.toMatchObject({ failure: 'failed' });
  });
});
