import request from 'supertest';
import { OpenApiContract } from '../support/openapi';
import { API_KEY, Shop } from '../support/shop';

let shop: Shop;
let book: string;
let bookPrice: string;

beforeAll(async () => {
  shop = await Shop.open({ seed: 'purchases' });
  bookPrice = await shop.price('The Rowing Handbook', 'One-time');
  const { body } = await shop.get('/products/list', 'anybody');
  book = (body as { products: { id: string; name: string }[] }).products.find(({ name }) => name === 'The Rowing Handbook')!.id;
});
afterAll(() => shop.close());

interface Entry {
  productId: string;
  access: string;
  reason: string;
  quantity: number;
  source: { type: string; id: string } | null;
  explanation?: string;
  evidence?: { effect: string; eventType: string; position: number }[];
}

async function accessTo(productId: string, userId: string, query = ''): Promise<Entry> {
  const { body } = await shop.get(`/products/access?product=${productId}${query}`, userId);
  const { products } = body as { products: Entry[] };
  expect(products).toHaveLength(1);
  return products[0]!;
}

/** As the seller would, in Paddle. Approved at once where Paddle does so. */
async function adjust(transactionId: string, body: object): Promise<string> {
  const answer = await request(shop.simulator.url)
    .post('/adjustments')
    .set('authorization', `Bearer ${API_KEY}`)
    .send({ transaction_id: transactionId, reason: 'a wish of the buyer', ...body });
  if (answer.status !== 201) throw new Error(`the refund was answered ${answer.status}: ${answer.text}`);
  await shop.settled();
  return (answer.body as { data: { id: string } }).data.id;
}

async function decide(adjustmentId: string, decision: 'approve' | 'reject' | 'reverse'): Promise<void> {
  await shop.paddle.post(`/adjustments/${adjustmentId}/${decision}`);
  await shop.settled();
}

async function buyer(quantity = 1): Promise<{ userId: string; transactionId: string; lineId: string }> {
  const { userId, transactionIds } = await shop.user('one_time_purchase', { quantity });
  const sale = (await shop.world()).transactions.find(({ id }) => id === transactionIds[0])!;
  const { line_items: lines } = sale.details as { line_items: { id: string }[] };
  return { userId, transactionId: transactionIds[0]!, lineId: lines[0]!.id };
}

it('gives what was bought once, for good', async () => {
  const { userId, transactionId } = await buyer(3);
  const bought = { access: 'full', reason: 'purchase_completed', until: null, quantity: 3 };
  expect(await accessTo(book, userId)).toMatchObject({ ...bought, source: { type: 'purchase', id: transactionId } });
  await shop.pass('P2Y');
  expect(await accessTo(book, userId)).toMatchObject(bought);
  expect(await accessTo(book, 'somebody_else')).toMatchObject({ access: 'none', reason: 'no_purchase' });
});

it('takes it back with an approved full refund, and tells the whole story', async () => {
  const { userId, transactionId } = await buyer();
  const refund = await adjust(transactionId, { action: 'refund', type: 'full' });
  expect(await accessTo(book, userId)).toMatchObject({ access: 'full', reason: 'purchase_completed' });
  await decide(refund, 'approve');
  const { evidence, ...answer } = await accessTo(book, userId, '&explain=true');
  expect(answer).toMatchObject({
    access: 'none',
    reason: 'purchase_refunded',
    source: { type: 'purchase', id: transactionId },
    explanation: 'Your access to The Rowing Handbook has ended, because your purchase was refunded.',
  });
  expect(evidence!.map(({ eventType, effect }) => `${eventType}: ${effect}`)).toEqual([
    expect.stringMatching(/^transaction\.\w+: the checkout said that customer ctm_\w+ is user \w+$/),
    expect.stringMatching(/^transaction\.\w+: the purchase was completed: it holds 1 × pro_\w+$/),
    expect.stringMatching(/^adjustment\.created: a refund of \d+ in the lowest unit of USD is pending_approval$/),
    expect.stringMatching(/^adjustment\.updated: the refund of \d+ .* to approved; pro_\w+ went from completed to refunded$/),
  ]);
  for (const { position } of evidence!) {
    expect((await shop.app.get(`/ledger/events/${position}`, 'auditor_1', ['auditor'])).status).toBe(200);
  }
});

it('leaves it where a refund is rejected, waits, or gives back a part; parts add up', async () => {
  const { userId, transactionId, lineId } = await buyer();
  await decide(await adjust(transactionId, { action: 'refund', type: 'full' }), 'reject');
  expect(await accessTo(book, userId)).toMatchObject({ access: 'full' });

  const part = (amount: string) => ({ action: 'refund', type: 'partial', items: [{ item_id: lineId, type: 'partial', amount }] });
  const total = Number((await shop.world()).transactions.find(({ id }) => id === transactionId)!.payments[0]!.amount);
  await decide(await adjust(transactionId, part('100')), 'approve');
  expect(await accessTo(book, userId)).toMatchObject({ access: 'full', quantity: 1 });
  const rest = await adjust(transactionId, part(`${total - 100}`));
  expect(await accessTo(book, userId)).toMatchObject({ access: 'full' });
  await decide(rest, 'approve');
  expect(await accessTo(book, userId)).toMatchObject({ access: 'none', reason: 'purchase_refunded' });
});

it('takes it with a chargeback, not with the warning, and gives it back with the reversal', async () => {
  const { userId, transactionId } = await buyer();
  await shop.paddle.post(`/transactions/${transactionId}/chargeback`, { warning: true });
  await shop.settled();
  expect(await accessTo(book, userId)).toMatchObject({ access: 'full' });
  await shop.paddle.post(`/transactions/${transactionId}/chargeback`);
  await shop.settled();
  expect(await accessTo(book, userId)).toMatchObject({ access: 'none', reason: 'purchase_charged_back' });
  const { adjustments } = await shop.world();
  await decide(adjustments.findLast(({ action }) => action === 'chargeback')!.id, 'reverse');
  expect(await accessTo(book, userId)).toMatchObject({ access: 'full', reason: 'purchase_completed' });
});

it('does not take a subscription with the refund of its payment', async () => {
  const { userId } = await shop.user('refund_full');
  const { body } = await shop.get('/products/access', userId);
  expect((body as { products: Entry[] }).products).toMatchObject([{ access: 'full', reason: 'subscription_active' }]);
});

it('keeps what was bought when the subscription bought with it ends', async () => {
  const solo = await shop.price('Rowboat Solo', 'Monthly');
  const items = [{ price_id: solo, quantity: 1 }, { price_id: bookPrice, quantity: 2 }]; // prettier-ignore
  const { userId, subscriptionId } = await buyTogether(items);
  expect(await accessTo(book, userId)).toMatchObject({ access: 'full', source: { type: 'purchase' }, quantity: 2 });
  await shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  expect(await accessTo(book, userId)).toMatchObject({ access: 'full', reason: 'purchase_completed', quantity: 2 });
  const { body } = await shop.get('/products/access', userId);
  expect((body as { products: Entry[] }).products.map(({ reason }) => reason).sort()).toEqual([
    'purchase_completed',
    'subscription_canceled',
  ]);
});

/** A checkout over several items, paid. */
async function buyTogether(items: { price_id: string; quantity: number }[]): Promise<{ userId: string; subscriptionId: string }> {
  const userId = 'user_of_both';
  const wanted = items.map(({ price_id: priceId, quantity }) => ({ priceId, quantity }));
  const { body } = await shop.post('/checkout', { items: wanted }, userId);
  const { transactionId } = body as { transactionId: string };
  const buyer = { email: 'both@example.com', country: 'US', postalCode: '10021', card: '4242424242424242' };
  await request(shop.simulator.url).post(`/_checkout/${transactionId}`).send(buyer).expect(200);
  await shop.settled();
  const { body: status } = await shop.get('/subscriptions/status', userId);
  return { userId, subscriptionId: (status as { subscriptions: { id: string }[] }).subscriptions[0]!.id };
}

describe('an answer that is known already', () => {
  const ask = async (userId: string, tag: string) => {
    const authorization = `Bearer ${await shop.app.token(userId)}`;
    return request(shop.app.url).get('/products/access').set({ authorization, 'if-none-match': tag });
  };

  it('is not sent again, until it is another one', async () => {
    const { userId, transactionId } = await buyer();
    const first = await shop.get('/products/access', userId);
    const tag = first.headers.etag!;
    expect(first.headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'Authorization' });
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const { status, text, headers } = await ask(userId, known);
      expect({ status, text, tag: headers.etag }).toEqual({ status: 304, text: '', tag });
      expect(headers['ledger-position']).toMatch(/^\d/);
    }
    expect((await ask(userId, '"other"')).status).toBe(200);
    await decide(await adjust(transactionId, { action: 'refund', type: 'full' }), 'approve');
    const { status, body } = await ask(userId, tag);
    expect({ status, body: body as unknown }).toMatchObject({ status: 200, body: { products: [{ access: 'none' }] } });
  });

  it('is a matter of good answers to a GET alone', async () => {
    expect((await shop.get('/products/access?explain=x', 'user_1')).headers.etag).toBeUndefined();
    const body = '{}';
    const signature = 'ts=1;h1=00';
    const webhook = await request(shop.app.url).post('/webhook').set('paddle-signature', signature).send(body);
    expect(webhook.headers.etag).toBeUndefined();
  });
});

describe('many users at once', () => {
  const batch = async (body: object, roles: string[] = ['service']) => {
    const authorization = `Bearer ${await shop.app.token('server_1', roles)}`;
    const answer = await request(shop.app.url).post('/products/access/batch').set({ authorization }).send(body);
    const { status, type, body: content } = answer;
    const contract = await OpenApiContract.of(shop.app.url);
    expect(contract.violations('POST /products/access/batch', { status, type, body: content as unknown })).toEqual([]);
    return answer;
  };

  it('are answered as each alone would be, in the order asked for', async () => {
    const [one, other] = [await buyer(), await shop.user('signup')];
    const userIds = [other.userId, 'nobody', one.userId, other.userId];
    const { body, headers } = await batch({ userIds });
    expect(headers['ledger-position']).toMatch(/^\d/);
    const alone = async (userId: string) => ({
      userId,
      products: ((await shop.get('/products/access', userId)).body as { products: unknown }).products,
    });
    expect(body).toEqual({ environment: 'sandbox', users: await Promise.all(userIds.slice(0, 3).map(alone)) });
    const { body: narrow } = await batch({ userIds: [one.userId], products: ['pro_none', book] }, ['admin']);
    expect(narrow).toMatchObject({
      users: [
        {
          products: [
            { productId: 'pro_none', reason: 'no_purchase' },
            { productId: book, access: 'full' },
          ],
        },
      ],
    });
  });

  it('are a hundred at most, and for servers alone', async () => {
    const hundred = Array.from({ length: 100 }, (_, n) => `user_${n}`);
    expect((await batch({ userIds: hundred, products: hundred })).body).toHaveProperty('users.99.products.99');
    for (const wrong of [
      {},
      { userIds: [] },
      { userIds: [...hundred, 'x'] },
      { userIds: [7] },
      { userIds: [''] },
      { userIds: ['a\u0000b'] },
      { userIds: ['\ud800'] },
      { userIds: 'x' },
    ]) {
      const { status, body } = await batch(wrong);
      expect({ status, pointer: (body as { errors: { pointer: string }[] }).errors[0]!.pointer }).toEqual({
        status: 422,
        pointer: '/userIds',
      });
    }
    expect((await batch({ userIds: ['x'], products: [] })).status).toBe(422);
    for (const roles of [[], ['auditor']]) expect((await batch({ userIds: ['x'] }, roles)).status).toBe(403);
  });
});
