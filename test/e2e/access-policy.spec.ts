import { Shop } from '../support/shop';

/** What the configuration of a product has to say in the answers about access. */
let shop: Shop;
let product: string;

beforeAll(async () => {
  shop = await Shop.open({ seed: 'access policy' });
  const { body } = await shop.get('/products/list', 'anybody');
  product = (body as { products: { id: string; name: string }[] }).products.find(({ name }) => name === 'Rowboat Solo')!.id;
});
afterAll(() => shop.close());

async function configure(key: 'products' | 'p_ref', value: object): Promise<void> {
  const path = `/paddle/sandbox/config/${key}`;
  const { body } = await shop.app.get(path, 'admin_1', ['admin']);
  const { version } = body as { version: number };
  const { status } = await shop.app.post(path, { version, [key === 'products' ? 'products' : 'refs']: value });
  expect(status).toBe(200);
}

async function answer(userId: string, query = `product=${product}`) {
  const { body } = await shop.get(`/products/access?${query}`, userId);
  const [only] = (body as { products: Record<string, unknown>[] }).products;
  return only!;
}

async function levelShown(userId: string): Promise<unknown> {
  const { body } = await shop.get('/subscriptions/status', userId);
  return (body as { subscriptions: { access: string }[] }).subscriptions[0]!.access;
}

it('leaves what is paused readable where that is configured, from the next request on, and says why', async () => {
  const { userId } = await shop.user('pause');
  expect(await answer(userId)).toMatchObject({ access: 'none', reason: 'subscription_paused' });
  await configure('products', [{ productId: product, access: { paused: 'read_only' } }]);
  expect(await answer(userId)).toMatchObject({ access: 'read_only', reason: 'subscription_paused', until: null });
  expect(await levelShown(userId)).toBe('read_only');
  const explained = await answer(userId, `product=${product}&explain=true`);
  expect(explained.explanation).toBe(
    'You can read, but not change, what you have in Rowboat Solo, because your subscription is paused.',
  );
  expect((explained.evidence as { eventType: string; effect: string }[]).at(-1)).toMatchObject({
    eventType: 'config.products_configured',
    effect: `${product} is configured to stay readable while a subscription is paused`,
  });
  await configure('products', []);
  expect(await answer(userId)).toMatchObject({ access: 'none' });
});

it('ends access when the days of grace are over, counted from the first failure, though no event says so', async () => {
  await configure('products', [{ productId: product, access: { pastDueGraceDays: 20 } }]);
  const { userId, subscriptionId } = await shop.user('renewal_failed');
  const graceful = await answer(userId);
  expect(graceful).toMatchObject({ access: 'full', reason: 'subscription_past_due', until: expect.any(String) });
  await shop.pass('P5D'); // other attempts fail meanwhile
  expect(await answer(userId)).toEqual(graceful);
  await shop.goTo(Date.parse(graceful.until as string) - 60_000);
  expect(await answer(userId)).toMatchObject({ access: 'full' });
  await shop.goTo(Date.parse(graceful.until as string) + 60_000);
  expect(await answer(userId)).toMatchObject({ access: 'none', reason: 'subscription_past_due' });
  expect(await levelShown(userId)).toBe('none');
  await shop.paddle.post(`/subscriptions/${subscriptionId}/card`, { behaviour: 'pays' });
  await shop.pass('P4D');
  expect(await answer(userId)).toMatchObject({ access: 'full', reason: 'subscription_active', until: null });
});

it('finds a product by the names that it was given, and shows the first', async () => {
  await configure('p_ref', { solo: product, 'the-small-one': product });
  const { userId } = await shop.user('signup');
  for (const name of ['solo', 'the-small-one', product]) {
    expect(await answer(userId, `product=${name}`)).toMatchObject({ productId: product, ref: 'solo', access: 'full' });
  }
  expect(await answer(userId, 'product=nothing')).toMatchObject({ productId: 'nothing', ref: null, reason: 'no_purchase' });
});
