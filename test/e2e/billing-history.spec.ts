import { request as ask } from 'undici';
import { parseCsv } from '../support/csv';
import { API_KEY, Shop } from '../support/shop';

interface Money {
  amount: string;
  currency: string;
}

interface Entry {
  transactionId: string;
  subscriptionId: string | null;
  status: string;
  origin: string;
  billedAt: string | null;
  invoiceNumber: string | null;
  currency: string;
  subtotal: Money;
  discount: Money;
  tax: Money;
  total: Money;
  credit: Money;
  grandTotal: Money;
  paid: Money;
  refunded: Money;
  items: { quantity: number; name: string; total: Money }[];
  payment: { type: string; brand: string; last4: string } | null;
  adjustments: { id: string; action: string; status: string; total: Money; reason: string; at: string }[];
  hasInvoice: boolean;
}

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open({ seed: 'history' });
});
afterAll(() => shop.close());

async function historyOf(user: string, query = ''): Promise<Entry[]> {
  const { status, body } = await shop.get(`/billing/history${query}`, user);
  expect(status).toBe(200);
  return (body as { data: Entry[] }).data;
}

/** As a seller refunds, by Paddle's API. */
async function refunded(body: object): Promise<{ id: string }> {
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
  const answer = await ask(`${shop.simulator.url}/adjustments`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.statusCode).toBe(201);
  return ((await answer.body.json()) as { data: { id: string } }).data;
}

/** Every page, of so many entries each. */
async function paged(user: string, limit: number, between: () => Promise<unknown> = () => Promise.resolve()): Promise<string[]> {
  const ids: string[] = [];
  for (let query = `?limit=${limit}`; ;) {
    const { body } = await shop.get(`/billing/history${query}`, user);
    const { data, nextCursor } = body as { data: Entry[]; nextCursor: string | null };
    expect(data.length === limit || nextCursor === null).toBe(true);
    ids.push(...data.map(({ transactionId }) => transactionId));
    if (nextCursor === null) return ids;
    query = `?limit=${limit}&after=${nextCursor}`;
    await between();
  }
}

it('shows what was bought and renewed, as Paddle has it, the newest first', async () => {
  const { userId, subscriptionId, transactionIds } = await shop.user('renewal');
  const entries = await historyOf(userId);
  expect(entries.map(({ transactionId }) => transactionId)).toEqual(transactionIds.toReversed());
  const { transactions } = await shop.world();
  for (const entry of entries) {
    const paddle = transactions.find(({ id }) => id === entry.transactionId)!;
    const { totals } = paddle.details as { totals: Record<string, string> };
    const money = (amount: string) => ({ amount, currency: 'USD' });
    expect(entry).toMatchObject({
      subscriptionId,
      status: 'completed',
      invoiceNumber: paddle.invoice_number,
      subtotal: money(totals.subtotal!),
      tax: money(totals.tax!),
      total: money(totals.total!),
      grandTotal: money(totals.grand_total!),
      paid: money(paddle.payments[0]!.amount),
      refunded: money('0'),
      items: [{ name: 'Rowboat Solo', quantity: 1, total: money(totals.total!) }],
      payment: { type: 'card', brand: 'visa', last4: '4242' },
      adjustments: [],
      hasInvoice: true,
    });
  }
  expect(entries.map(({ origin }) => origin)).toEqual(['subscription_recurring', 'web']);
});

it.each([
  ['refund_full', ['refund approved'], 'all'],
  ['refund_rejected', ['refund rejected'], 'nothing'],
  ['refunds_partial_to_full', ['refund approved', 'refund approved', 'refund approved'], 'all'],
  ['chargeback', ['chargeback approved'], 'all'],
  ['chargeback_reversed', ['chargeback reversed', 'chargeback_reverse approved'], 'nothing'],
])('says what became of a sale: %s', async (scenario, changes, returned) => {
  const { userId } = await shop.user(scenario);
  const entry = (await historyOf(userId)).at(-1)!;
  expect(entry.status).toBe('completed');
  expect(entry.adjustments.map(({ action, status }) => `${action} ${status}`)).toEqual(changes);
  expect(entry.adjustments.map(({ at }) => at)).toEqual(entry.adjustments.map(({ at }) => at).toSorted());
  expect(entry.refunded).toEqual(returned === 'all' ? entry.total : { amount: '0', currency: 'USD' });
});

it('shows a refund that waits for approval, and counts it when it is approved', async () => {
  const { userId, transactionIds } = await shop.user('one_time_purchase');
  await shop.paddle.post('/assumptions', { refundApproval: 'by_hand' });
  const refund = { action: 'refund', transaction_id: transactionIds[0], reason: 'asked for', type: 'full' };
  const { id } = await refunded(refund);
  await shop.settled();
  const [pending] = await historyOf(userId);
  expect(pending).toMatchObject({ subscriptionId: null, refunded: { amount: '0' } });
  expect(pending!.adjustments).toEqual([
    { id, action: 'refund', status: 'pending_approval', total: pending!.total, reason: 'asked for', at: expect.any(String) },
  ]);
  await shop.paddle.post(`/adjustments/${id}/approve`);
  await shop.settled();
  const [approved] = await historyOf(userId);
  expect(approved).toMatchObject({ refunded: approved!.total, adjustments: [{ id, status: 'approved' }] });
});

it('lists what is unpaid and what is invoiced, and no checkout that nobody finished', async () => {
  const failed = await shop.user('renewal_failed');
  const [overdue, first] = await historyOf(failed.userId);
  expect([overdue, first]).toMatchObject([
    { status: 'past_due', invoiceNumber: null, paid: { amount: '0' }, payment: null, hasInvoice: false },
    { status: 'completed', hasInvoice: true },
  ]);
  const team = await shop.price('Rowboat Team', 'Monthly (per seat)');
  await shop.post('/checkout', { items: [{ priceId: team }] }, failed.userId);
  expect(await historyOf(failed.userId)).toHaveLength(2);
  const invoiced = await shop.user('invoice_issued');
  expect(await historyOf(invoiced.userId)).toMatchObject([{ status: 'billed', origin: 'api', hasInvoice: true }]);
  const trial = await shop.user('signup_with_trial');
  expect(await historyOf(trial.userId)).toMatchObject([{ status: 'completed', total: { amount: '0' }, hasInvoice: false }]);
});

it('gathers what a user bought with several emails, and tells subscriptions apart', async () => {
  const { userId, ...first } = await shop.user('email_changed_at_checkout');
  const second = await shop.paddle.post<typeof first>('/scenarios/signup', { userId });
  await shop.pass('P1M');
  expect(second.customerId).not.toBe(first.customerId);
  const all = await historyOf(userId);
  expect(all.map((entry) => entry.subscriptionId)).toEqual(
    [second, first, second, first].map(({ subscriptionId }) => subscriptionId),
  );
  expect(await historyOf(userId, `?subscriptionId=${first.subscriptionId}`)).toEqual([all[1], all[3]]);
  expect(await historyOf(userId, `?subscriptionId=${second.subscriptionId}`)).toEqual([all[0], all[2]]);
  expect(await paged(userId, 1)).toEqual(all.map(({ transactionId }) => transactionId));
});

it("never shows another user's", async () => {
  const [alice, bob] = [await shop.user('renewal'), await shop.user('renewal')];
  expect(await historyOf('a_stranger')).toEqual([]);
  const own = await historyOf(alice.userId);
  expect(own.map((entry) => entry.subscriptionId)).toEqual(Array(3).fill(alice.subscriptionId)); // bob's month was hers too
  expect(await historyOf(alice.userId, `?subscriptionId=${bob.subscriptionId}`)).toEqual([]);
  const { nextCursor } = (await shop.get('/billing/history?limit=1', bob.userId)).body as { nextCursor: string };
  expect(await historyOf(alice.userId, `?after=${nextCursor}`)).toEqual(own);
});

it('pages without doubles and gaps while more is charged', async () => {
  const { userId, subscriptionId } = await shop.user('renewal');
  for (let month = 0; month < 5; month++) await shop.pass('P1M');
  const before = (await historyOf(userId)).map(({ transactionId }) => transactionId);
  expect(before).toHaveLength(7);
  const seen = await paged(userId, 2, () => shop.pass('P1M'));
  expect(seen).toEqual(before);
  const now = await historyOf(userId, `?subscriptionId=${subscriptionId}`);
  expect(now.map(({ transactionId }) => transactionId).slice(-7)).toEqual(before);
  expect(now.length).toBeGreaterThan(before.length);
});

it.each(['limit=0', 'limit=201', 'limit=x', 'after=x', 'after=', 'after=1-42', 'subscriptionId=a%20b', 'limit=1&limit=2'])(
  'refuses ?%s',
  async (query) => {
    const { body } = await shop.get(`/billing/history?${query}`, 'user_1');
    const [name] = query.split('=');
    expect(body).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ pointer: `/${name}` }] });
  },
);

describe('as a file', () => {
  const asFile = (user: string, query = '') => shop.get(`/billing/history${query}`, user, { accept: 'text/csv' });

  it('says all that the pages say', async () => {
    const { userId } = await shop.user('refunds_partial_to_full');
    for (let month = 0; month < 3; month++) await shop.pass('P1M');
    const { headers, text } = await asFile(userId, '?limit=1');
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="billing-history.csv"',
      vary: expect.stringMatching(/\bAccept\b/),
      'ledger-position': expect.any(String),
    });
    const entries = await historyOf(userId);
    expect(entries.length).toBeGreaterThan(3);
    expect(parseCsv(text)).toEqual(entries.map(rowOf));
  });

  it('is a head alone where nothing was charged, and JSON for who takes anything', async () => {
    expect(parseCsv((await asFile('a_stranger')).text)).toEqual([]);
    const { type, headers } = await shop.get('/billing/history', 'a_stranger', { accept: '*/*' });
    expect([type, headers.vary]).toEqual(['application/json', expect.stringMatching(/\bAccept\b/)]);
  });

  it('refuses what the pages refuse', async () => {
    expect((await asFile('a_stranger', '?after=x')).body).toMatchObject({ code: 'invalid_request' });
  });
});

/** What a line of the file has to say of an entry. */
function rowOf(entry: Entry): Record<string, string> {
  const { payment } = entry;
  return {
    transaction_id: entry.transactionId,
    subscription_id: entry.subscriptionId ?? '',
    status: entry.status,
    origin: entry.origin,
    billed_at: entry.billedAt ?? '',
    invoice_number: entry.invoiceNumber ?? '',
    currency: entry.currency,
    subtotal_minor_units: entry.subtotal.amount,
    discount_minor_units: entry.discount.amount,
    tax_minor_units: entry.tax.amount,
    total_minor_units: entry.total.amount,
    credit_minor_units: entry.credit.amount,
    grand_total_minor_units: entry.grandTotal.amount,
    paid_minor_units: entry.paid.amount,
    refunded_minor_units: entry.refunded.amount,
    items: entry.items.map(({ quantity, name }) => `${quantity} × ${name}`).join(', '),
    payment_method: payment ? `${payment.type} ${payment.brand} ${payment.last4}` : '',
    adjustments: entry.adjustments
      .map(({ action, status, total, at }) => `${action} ${status} ${total.amount} ${total.currency} ${at}`)
      .join(', '),
    has_invoice: String(entry.hasInvoice),
  };
}

describe('an invoice', () => {
  const invoice = (user: string, transactionId: string, more = '', headers: Record<string, string> = {}) =>
    shop.get(`/billing/invoice?transactionId=${transactionId}${more}`, user, headers);

  it('is a PDF that the answer leads to, and that nobody keeps', async () => {
    const { userId, transactionIds } = await shop.user('signup');
    const answer = await invoice(userId, transactionIds[0]!);
    expect(answer.status).toBe(302);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', vary: expect.stringMatching(/\bAccept\b/) });
    expect(answer.text).toBe('');
    const pdf = await ask(answer.headers.location!);
    expect([pdf.statusCode, pdf.headers['content-type']]).toEqual([200, 'application/pdf']);
    expect(pdf.headers['content-disposition']).toMatch(/^attachment/);
    expect((await pdf.body.text()).startsWith('%PDF-')).toBe(true);
  });

  it('is an address for who asks for JSON, and opens in the browser when that is wanted', async () => {
    const { userId, transactionIds } = await shop.user('signup');
    const { status, body, headers } = await invoice(userId, transactionIds[0]!, '&disposition=inline', {
      accept: 'application/json',
    });
    expect({ status, body }).toEqual({ status: 200, body: { url: expect.stringMatching(/^http/), expiresAt: null } });
    expect(headers['cache-control']).toBe('no-store');
    const pdf = await ask((body as { url: string }).url);
    expect(pdf.headers['content-disposition']).toMatch(/^inline/);
    await pdf.body.dump();
  });

  it("is not found where the transaction is another user's, or nobody's, or of a customer that nobody is", async () => {
    const { transactionIds } = await shop.user('signup');
    const foreign = await invoice('a_stranger', transactionIds[0]!);
    const unknown = await invoice('a_stranger', 'txn_none');
    const told = ({ body }: { body: Record<string, unknown> }) => ({
      ...body,
      instance: '',
      detail: String(body.detail).replace(/txn_\w+/, 'txn'),
    });
    expect(foreign.body).toMatchObject({ status: 404, code: 'not_found' });
    expect(told(foreign)).toEqual(told(unknown));
    expect(foreign.headers['cache-control']).toBe('no-store');
  });

  it('is not available where nothing was paid yet, or nothing was charged; Paddle is not asked', async () => {
    const asked = await shop.callsTo('transaction.invoice');
    const [trial, failed] = [await shop.user('signup_with_trial'), await shop.user('renewal_failed')];
    const open = await shop.post(
      '/checkout',
      { items: [{ priceId: await shop.price('Rowboat Solo', 'Monthly') }] },
      failed.userId,
    );
    await shop.settled();
    for (const [user, id, why] of [
      [trial.userId, trial.transactionIds[0], /Nothing was charged/],
      [failed.userId, failed.transactionIds.at(-1), /outstanding/],
      [failed.userId, (open.body as { transactionId: string }).transactionId, /Nothing was bought yet/],
    ] as const) {
      const { body } = await invoice(user, id!);
      expect(body).toMatchObject({ status: 409, code: 'invoice_not_available', detail: expect.stringMatching(why) });
    }
    expect(await shop.callsTo('transaction.invoice')).toBe(asked);
  });

  it.each([
    ['', '/transactionId'],
    ['?transactionId=', '/transactionId'],
    ['?transactionId=a%20b', '/transactionId'],
    ['?transactionId=a&transactionId=b', '/transactionId'],
    ['?transactionId=txn_1&disposition=page', '/disposition'],
  ])('is refused for %j', async (query, pointer) => {
    const { body } = await shop.get(`/billing/invoice${query}`, 'user_1');
    expect(body).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ pointer }] });
  });

  it('passes on what Paddle says when it fails, and comes again when it is back', async () => {
    const { userId, transactionIds } = await shop.user('signup');
    await shop.faults({ api: { serverError: 1 }, match: { path: '/transactions/*/invoice' } });
    const failed = await invoice(userId, transactionIds[0]!);
    expect(failed.body).toMatchObject({
      status: 502,
      code: 'provider_error',
      provider: { status: 500, code: 'internal_error', detail: expect.any(String), requestId: expect.any(String) },
    });
    await shop.noFaults();
    expect((await invoice(userId, transactionIds[0]!)).status).toBe(302);
  });

  it('waits for Paddle when it cannot be reached, and the history does not', async () => {
    const { userId, transactionIds } = await shop.user('signup');
    await shop.faults({ api: { reset: 1 } });
    const { status, body, headers } = await invoice(userId, transactionIds[0]!);
    expect({ status, body }).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['cache-control']).toBe('no-store');
    expect(await historyOf(userId)).toHaveLength(1);
    await shop.noFaults();
  });
});
