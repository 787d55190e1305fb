import request, { type Response } from 'supertest';
import { OpenApiContract } from '../support/openapi';
import { Shop } from '../support/shop';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

type Key = 'products' | 'p_ref';
type Environment = 'sandbox' | 'live';

let shop: Shop;
let contract: OpenApiContract;
/** Ids by name. */
const products: Record<string, string> = {};

beforeAll(async () => {
  shop = await Shop.open({ seed: 'product settings' });
  contract = await OpenApiContract.of(shop.app.url);
  for (const { id, name } of await listed()) products[name] = id;
});
afterAll(async () => {
  await shop.simulator.stop();
  await TestApp.closeAll();
});

const path = (key: Key, environment: Environment = 'sandbox') => `/paddle/${environment}/config/${key}`;

async function read(key: Key, environment?: Environment, on = shop.app): Promise<Response> {
  return kept(`GET /paddle/{environment}/config/${key}`, await on.get(path(key, environment), 'admin_1', ['admin']));
}

async function post(key: Key, body: object, { environment, on = shop.app, by = 'admin_1' }: PostOptions = {}): Promise<Response> {
  return kept(`POST /paddle/{environment}/config/${key}`, await on.post(path(key, environment), body, by));
}

interface PostOptions {
  environment?: Environment;
  on?: TestApp;
  by?: string;
}

/** Every answer is held against the contract. */
function kept(operation: string, answer: Response): Response {
  const { status, type, body } = answer;
  expect(contract.violations(operation, { status, type, body: body as unknown })).toEqual([]);
  return answer;
}

/** Replaces what is there, whatever that is. */
async function configure(key: Key, value: object, options: PostOptions = {}) {
  const { version } = (await read(key, options.environment, options.on)).body as { version: number };
  const { status, body } = await post(key, { version, [key === 'products' ? 'products' : 'refs']: value }, options);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as { version: number; warnings: object[] };
}

interface Configured {
  configuration: object | null;
}

interface Listed {
  id: string;
  ref: string | null;
  name: string;
  prices: { id: string; name: string; entities: number | null }[];
}

async function listed(on = shop.app): Promise<Listed[]> {
  return ((await on.get('/products/list')).body as { products: Listed[] }).products;
}

const names = async (on?: TestApp) => (await listed(on)).map(({ name }) => name);

async function events(key: Key, environment: Environment = 'sandbox') {
  const stream = encodeURIComponent(`config:${key}`);
  const { body } = await shop.app.get(`/ledger/events?environment=${environment}&stream=${stream}&limit=200`, 'me', ['auditor']);
  return (body as { data: { ref: string; type: string; streamVersion: number }[] }).data;
}

const DEFAULTS = {
  visible: true,
  order: null,
  access: { paused: 'none', pastDueGraceDays: null },
  deviceLimit: null,
  devices: { reclaim: 'none', churn: null },
  licenses: { whenReduced: 'release_newest', restoreDays: 30 },
  prices: [],
};

describe('a configuration', () => {
  it('is empty at first', async () => {
    const fresh = await TestApp.start();
    const nothing = { version: 0, changedAt: null, changedBy: null };
    expect((await read('products', 'sandbox', fresh)).body).toEqual({ ...nothing, products: [] });
    expect((await read('p_ref', 'live', fresh)).body).toEqual({ ...nothing, refs: {} });
    for (const key of ['products', 'p_ref'] as const) {
      const { body } = await post(key, key === 'products' ? { version: 0, products: [] } : { version: 0, refs: {} }, {
        on: fresh,
      });
      expect(body).toMatchObject({ version: 0, warnings: [] });
    }
    await fresh.close();
  });

  it('is set, and read back as it is', async () => {
    const whole = {
      productId: products['Rowboat Team'],
      visible: false,
      order: 3,
      access: { paused: 'read_only', pastDueGraceDays: 14 },
      deviceLimit: 5,
      devices: { reclaim: 'oldest', churn: { devices: 3, days: 30 } },
      licenses: { whenReduced: 'refuse', restoreDays: 7 },
      prices: [{ priceId: await shop.price('Rowboat Team', 'Monthly (per seat)'), switchable: false, entities: 10 }],
    };
    const half = { productId: products['Rowboat Solo'], prices: [{ priceId: await shop.price('Rowboat Solo', 'Monthly') }] };
    const { version } = (await read('products')).body;
    const { status, body, headers } = await post('products', { version, products: [whole, half] });
    const configured = {
      version: version + 1,
      products: [whole, { ...DEFAULTS, ...half, prices: [{ ...half.prices[0], switchable: true, entities: null }] }],
      changedAt: shop.app.clock.now(),
      changedBy: 'admin_1',
    };
    expect({ status, body }).toEqual({ status: 200, body: { ...configured, warnings: [] } });
    const readBack = await read('products');
    expect(readBack.body).toEqual(configured);
    expect(readBack.headers['ledger-position']).toBe(headers['ledger-position']);
    await configure('products', []);
    expect((await read('products')).body).toMatchObject({ version: version + 2, products: [] });
  });

  it('is not replaced by whoever has seen an older one', async () => {
    await configure('p_ref', { solo: products['Rowboat Solo'] });
    const { body: before } = await read('p_ref');
    for (const version of [before.version - 1, before.version + 1, 0]) {
      const { body } = await post('p_ref', { version, refs: {} });
      expect(body).toMatchObject({ status: 409, code: 'version_conflict', currentVersion: before.version });
    }
    expect((await read('p_ref')).body).toEqual(before);
  });

  it('is changed by one of many who want to at once, in whatever process', async () => {
    const second = await TestApp.start({ database: shop.app.database, clock: shop.app.clock });
    const { version } = (await read('p_ref')).body as { version: number };
    const before = (await events('p_ref')).length;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const body = { version, refs: { [`ref-${n}`]: products['Rowboat Solo'] } };
        return post('p_ref', body, { on: n % 2 === 0 ? shop.app : second, by: `admin_${n}` });
      }),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    for (const { status, body } of answers.filter((one) => one !== winners[0])) {
      expect({ status, body }).toMatchObject({
        status: 409,
        body: { code: 'version_conflict', currentVersion: version + 1 },
      });
    }
    const { warnings, ...won } = winners[0]!.body as Record<string, unknown>;
    expect((await read('p_ref')).body).toEqual(won);
    expect(won).toMatchObject({ version: version + 1 });
    expect(warnings).toEqual([]);
    expect(await events('p_ref')).toHaveLength(before + 1);
    await second.close();
  });

  it('stays as it is when nothing changes, and nothing is recorded', async () => {
    const value = [{ productId: products['Rowboat Solo'], order: 1 }];
    const { version } = await configure('products', value);
    const before = [(await read('products')).body, (await events('products')).length];
    const again = await post('products', { version, products: [{ order: 1, ...value[0], visible: true }] }, { by: 'admin_2' });
    expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: { ...(before[0] as object), warnings: [] } });
    expect([(await read('products')).body, (await events('products')).length]).toEqual(before);
  });

  it('is answered again, not changed again, for the same idempotency key', async () => {
    const { version } = (await read('p_ref')).body as { version: number };
    const ask = async () =>
      request(shop.app.url)
        .post(path('p_ref'))
        .set({ authorization: `Bearer ${await shop.app.token('admin_1', ['admin'])}`, 'idempotency-key': 'names-1' })
        .send({ version, refs: { again: products['Rowboat Solo'] } });
    const [first, second] = [await ask(), await ask()];
    expect([second.status, second.text, second.headers['idempotency-replayed']]).toEqual([200, first.text, 'true']);
    expect(first.body).toMatchObject({ version: version + 1 });
  });
});

describe('on the ledger', () => {
  it('every change says who made it, when, and what it changed', async () => {
    const first = { crew: products['Rowboat Team']! };
    const second = { ...first, solo: products['Rowboat Solo']! };
    const { version } = await configure('p_ref', first, { by: 'admin_ada' });
    const { headers } = await post('p_ref', { version, refs: second }, { by: 'admin_bob' });
    const last = (await events('p_ref')).at(-1)!;
    const { body: event } = await shop.app.get(`/ledger/events/${last.ref}`, 'me', ['auditor']);
    expect(event).toMatchObject({
      type: 'config.product_refs_configured',
      streamId: 'config:p_ref',
      streamVersion: version + 1,
      environment: 'sandbox',
      source: 'native',
      actor: 'admin_bob',
      requestId: headers['x-request-id'],
      customerId: null,
      occurredAt: shop.app.clock.now(),
    });
    expect(JSON.parse(event.body)).toEqual({ version: version + 1, changedBy: 'admin_bob', before: first, after: second });
  });

  it('the products are there as they were and as they are', async () => {
    await configure('products', []);
    await configure('products', [{ productId: 'pro_x', order: 1 }]);
    await configure('products', [{ productId: 'pro_x', order: 2 }]);
    const last = (await events('products')).slice(-2);
    const bodies = await Promise.all(last.map(({ ref }) => shop.app.get(`/ledger/events/${ref}`, 'me', ['auditor'])));
    const [first, second] = bodies.map(({ body }) => JSON.parse(body.body) as { before: object; after: object });
    expect([first!.before, first!.after]).toEqual([[], [{ ...DEFAULTS, productId: 'pro_x', order: 1 }]]);
    expect([second!.before, second!.after]).toEqual([first!.after, [{ ...DEFAULTS, productId: 'pro_x', order: 2 }]]);
    expect(last.map(({ type }) => type)).toEqual(['config.products_configured', 'config.products_configured']);
  });
});

describe('wrong input', () => {
  const product = (change: object) => ({ version: 0, products: [{ productId: 'pro_1' }, { productId: 'pro_2', ...change }] });
  const price = (change: object) => product({ prices: [{ priceId: 'pri_1' }, { priceId: 'pri_2', ...change }] });

  const churn = (given: object) => product({ devices: { churn: given } });
  const CHURN = '/products/1/devices/churn';

  it.each<[Key, string, object | string, string[]]>([
    ['products', 'nothing', {}, ['/version', '/products']],
    ['products', 'no object', '[1]', ['/0', '/version', '/products']],
    ['products', 'no version', { products: [] }, ['/version']],
    ['products', 'a version that is none', { version: -1, products: [] }, ['/version']],
    ['products', 'a version as text', { version: '0', products: [] }, ['/version']],
    ['products', 'no list', { version: 0, products: 'all' }, ['/products']],
    ['products', 'no products in it', { version: 0, products: ['pro_1'] }, ['/products/0']],
    ['products', 'null in it', { version: 0, products: [null] }, ['/products/0']],
    ['products', 'something unknown', { version: 0, products: [], extra: 1 }, ['/extra']],
    ['products', 'a product without an id', product({ productId: undefined }), ['/products/1/productId']],
    ['products', 'an id that is none', product({ productId: 'a b' }), ['/products/1/productId']],
    ['products', 'a misspelt member', product({ visble: false }), ['/products/1/visble']],
    ['products', 'visible: null', product({ visible: null }), ['/products/1/visible']],
    ['products', 'visible as text', product({ visible: 'no' }), ['/products/1/visible']],
    ['products', 'an order below zero', product({ order: -1 }), ['/products/1/order']],
    ['products', 'half an order', product({ order: 1.5 }), ['/products/1/order']],
    ['products', 'no device at all', product({ deviceLimit: 0 }), ['/products/1/deviceLimit']],
    ['products', 'devices: null', product({ devices: null }), ['/products/1/devices']],
    ['products', 'devices as a number', product({ devices: 3 }), ['/products/1/devices']],
    ['products', 'an unknown reclaim', product({ devices: { reclaim: 'newest' } }), ['/products/1/devices/reclaim']],
    ['products', 'a misspelt churn', product({ devices: { chrn: null } }), ['/products/1/devices/chrn']],
    ['products', 'churn as a number', product({ devices: { churn: 3 } }), ['/products/1/devices/churn']],
    ['products', 'half a churn', product({ devices: { churn: { devices: 3 } } }), ['/products/1/devices/churn/days']],
    ['products', 'churn without end', churn({ devices: 0, days: 366 }), ['devices', 'days'].map((at) => `${CHURN}/${at}`)],
    ['products', 'an unknown policy', product({ licenses: { whenReduced: 'shuffle' } }), ['/products/1/licenses/whenReduced']],
    ['products', 'seats that come back never', product({ licenses: { restoreDays: -1 } }), ['/products/1/licenses/restoreDays']],
    ['products', 'access: null', product({ access: null }), ['/products/1/access']],
    ['products', 'access as a list', product({ access: [] }), ['/products/1/access']],
    ['products', 'an unknown access', product({ access: { paused: 'full' } }), ['/products/1/access/paused']],
    ['products', 'a negative grace', product({ access: { pastDueGraceDays: -1 } }), ['/products/1/access/pastDueGraceDays']],
    ['products', 'too long a grace', product({ access: { pastDueGraceDays: 366 } }), ['/products/1/access/pastDueGraceDays']],
    ['products', 'prices: null', product({ prices: null }), ['/products/1/prices']],
    ['products', 'a price that is none', product({ prices: [7] }), ['/products/1/prices/0']],
    ['products', 'a price without an id', price({ priceId: '' }), ['/products/1/prices/1/priceId']],
    ['products', 'no seat at all', price({ entities: 0 }), ['/products/1/prices/1/entities']],
    ['products', 'switchable as a number', price({ switchable: 1 }), ['/products/1/prices/1/switchable']],
    ['products', 'a product twice', product({ productId: 'pro_1' }), ['/products/1/productId']],
    ['products', 'a price twice', price({ priceId: 'pri_1' }), ['/products/1/prices/1/priceId']],
    ['p_ref', 'nothing', {}, ['/version', '/refs']],
    ['p_ref', 'no object', '[1]', []],
    ['p_ref', 'no names', { version: 0, refs: [] }, ['/refs']],
    ['p_ref', 'something unknown', { version: 0, refs: {}, 'a/b': 1 }, ['/a~1b']],
    ['p_ref', 'half a version', { version: 0.5, refs: {} }, ['/version']],
    ['p_ref', 'what is no id', { version: 0, refs: { solo: 7, team: null } }, ['/refs/solo', '/refs/team']],
    ['p_ref', 'an id that is none', { version: 0, refs: { solo: 'a b' } }, ['/refs/solo']],
    ['p_ref', 'a name that looks like an id', { version: 0, refs: { pro_1: 'pro_1' } }, ['/refs/pro_1']],
    ['p_ref', 'a name that is none', { version: 0, refs: { 'a/b': 'pro_1' } }, ['/refs/a~1b']],
    ['p_ref', 'a name that JavaScript knows', '{"version":0,"refs":{"__proto__":"pro_1"}}', ['/refs/__proto__']],
  ])('%s: %s', async (key, _, body, pointers) => {
    const before = (await events(key)).length;
    const answer = await request(shop.app.url)
      .post(path(key))
      .set({ authorization: `Bearer ${await shop.app.token('admin_1', ['admin'])}`, 'content-type': 'application/json' })
      .send(typeof body === 'string' ? body : JSON.stringify(body));
    const problem = kept(`POST /paddle/{environment}/config/${key}`, answer).body as { errors: { pointer: string }[] };
    expect(problem).toMatchObject({ status: 422, code: 'invalid_request' });
    expect([...new Set(problem.errors.map(({ pointer }) => pointer))].sort()).toEqual([...pointers].sort());
    expect(await events(key)).toHaveLength(before);
  });

  it('keeps a name that JavaScript knows', async () => {
    const refs = { constructor: products['Rowboat Solo']!, toString: 'pro_1' };
    await configure('p_ref', refs);
    expect((await read('p_ref')).body.refs).toEqual(refs);
  });

  it('is more than a thousand of anything; a thousand is not', async () => {
    const many = (count: number, prefix: string) =>
      Array.from({ length: count }, (_, n) => `${prefix}_${String(n).padStart(26, '0')}`);
    const list = (count: number) => many(count, 'pro').map((productId) => ({ ...DEFAULTS, productId }));
    const whole = list(1_000).map((product, n) => {
      const prices = many(4, 'pri').map((id) => ({ priceId: `${id}_${n}`, switchable: true, entities: null }));
      return { ...product, prices };
    });
    expect(Buffer.byteLength(JSON.stringify(whole))).toBeGreaterThan(256 * 1024);
    const { warnings } = await configure('products', whole);
    expect(warnings).toHaveLength(5_000);
    expect((await read('products')).body.products).toEqual(whole);
    const { body } = await post('products', { version: 0, products: list(1_001) });
    expect(body).toMatchObject({ status: 422, errors: [{ pointer: '/products' }] });
    const prices = many(1_001, 'pri').map((priceId) => ({ priceId }));
    const tooMany = await post('products', { version: 0, products: [{ productId: 'pro_1', prices }] });
    expect(tooMany.body).toMatchObject({ status: 422, errors: [{ pointer: '/products/0/prices' }] });
    const tooLong = await post('products', { version: 0, products: [], padding: 'x'.repeat(1024 * 1024) });
    expect(tooLong.body).toMatchObject({ status: 413, code: 'payload_too_large' });
    await configure('products', []);
  });
});

it('is for admins alone, of environments that exist', async () => {
  for (const key of ['products', 'p_ref'] as const) {
    for (const roles of [[], ['auditor'], ['service']]) {
      expect((await shop.app.get(path(key), 'user_1', roles)).body).toMatchObject({ status: 403, code: 'forbidden' });
      expect((await shop.app.post(path(key), {}, 'user_1', roles)).body).toMatchObject({ status: 403, code: 'forbidden' });
    }
    await request(shop.app.url).get(path(key)).expect(401);
    await request(shop.app.url).post(path(key)).send({}).expect(401);
    expect((await shop.app.get(`/paddle/moon/config/${key}`, 'a', ['admin'])).body).toMatchObject({ code: 'not_found' });
    const empty = key === 'products' ? { version: 0, products: [] } : { version: 0, refs: {} };
    expect((await shop.app.post(`/paddle/moon/config/${key}`, empty, 'a')).body).toMatchObject({ code: 'not_found' });
  }
});

it('keeps live and sandbox apart', async () => {
  const team = products['Rowboat Team']!;
  await configure('products', [{ productId: team, order: 0 }]);
  await configure('p_ref', { crew: team });
  const before = [(await read('products')).body, (await read('p_ref')).body, await listed()];
  const liveVersion = ((await read('products', 'live')).body as { version: number }).version;
  const changed = await configure('products', [{ productId: team, visible: false }], { environment: 'live' });
  await configure('p_ref', { crew: 'pro_live' }, { environment: 'live' });
  expect(changed.version).toBe(liveVersion + 1);
  expect(changed.warnings).toMatchObject([{ pointer: '/products/0/productId' }]); // the live catalog is another
  expect([(await read('products')).body, (await read('p_ref')).body, await listed()]).toEqual(before);
  expect((await read('p_ref', 'live')).body).toMatchObject({ refs: { crew: 'pro_live' } });
  expect((await listed())[0]).toMatchObject({ id: team, ref: 'crew' });
});

describe('what is offered', () => {
  afterEach(async () => {
    await configure('products', []);
    await configure('p_ref', {});
  });

  it('is in the configured order, without what is hidden, with names and seats', async () => {
    const team = await shop.price('Rowboat Team', 'Monthly (per seat)');
    await configure('p_ref', { rowboats: products['Rowboat Team'], boats: products['Rowboat Team'] });
    await configure('products', [
      { productId: products['Reports'], visible: false },
      { productId: products['The Rowing Handbook'], order: 1 },
      { productId: products['Rowboat Team'], order: 0, prices: [{ priceId: team, entities: 4 }] },
    ]);
    const list = await listed();
    expect(list.map(({ name, ref }) => [name, ref])).toEqual([
      ['Rowboat Team', 'boats'],
      ['The Rowing Handbook', null],
      ['Rowboat Solo', null],
    ]);
    expect(list[0]!.prices.map(({ name, entities }) => [name, entities])).toEqual([
      ['Monthly (per seat)', 4],
      ['Yearly (per seat)', null],
    ]);
  });

  it('is changed for the very next request, each time', async () => {
    for (let turn = 0; turn < 10; turn++) {
      await configure('products', [{ productId: products['Rowboat Solo'], visible: turn % 2 === 1 }]);
      expect((await names()).includes('Rowboat Solo')).toBe(turn % 2 === 1);
    }
  });

  it('is shown to admins with what is configured of it', async () => {
    const monthly = await shop.price('Rowboat Solo', 'Monthly');
    const solo = { productId: products['Rowboat Solo'], visible: false, deviceLimit: 2 };
    await configure('products', [{ ...solo, prices: [{ priceId: monthly, switchable: false }] }]);
    await configure('p_ref', { solo: products['Rowboat Solo'] });
    const answer = await shop.app.get('/paddle/sandbox/admin/catalog', 'admin_1', ['admin']);
    const { body } = kept('GET /paddle/{environment}/admin/catalog', answer);
    const shown = body.products as (Omit<Listed, 'prices'> & Configured & { prices: (Configured & { id: string })[] })[];
    const one = shown.find(({ name }) => name === 'Rowboat Solo')!;
    const { prices: _, ...defaults } = DEFAULTS;
    expect([one.ref, one.configuration]).toEqual(['solo', { ...defaults, visible: false, deviceLimit: 2 }]);
    expect(one.prices.map(({ id, configuration }) => [id === monthly, configuration])).toEqual([
      [true, { switchable: false, entities: null }],
      [false, null],
      [false, null],
    ]);
    expect(shown.filter(({ configuration }) => configuration !== null)).toEqual([one]);
  });

  it('may not be known yet: it counts as soon as it is', async () => {
    const [productId, priceId] = ['pro_01kekj4jz07s25wjvvk5fvat9y', 'pri_01kekj4jz07s25wjvvk5fvat9y'];
    const known = await shop.price('Rowboat Solo', 'Yearly');
    const detail = 'is not in the catalog; it counts as soon as it is';
    const { warnings } = await configure('products', [
      { productId: products['Rowboat Solo'], prices: [{ priceId: known }] },
      { productId, order: 0, prices: [{ priceId: priceId, entities: 3 }, { priceId: await shop.price('Reports', 'Yearly') }] },
    ]);
    expect(warnings).toEqual([
      { pointer: '/products/1/productId', detail },
      { pointer: '/products/1/prices/0/priceId', detail },
      { pointer: '/products/1/prices/1/priceId', detail: `is a price of ${products['Reports']}` },
    ]);
    const named = await configure('p_ref', { barge: productId, solo: products['Rowboat Solo'] });
    expect(named.warnings).toEqual([{ pointer: '/refs/barge', detail }]);
    const seen = { occurred_at: '2026-01-10T08:00:00Z', notification_id: 'ntf_1' };
    const product = { id: productId, name: 'Barge', status: 'active', type: 'standard' };
    const price = { id: priceId, product_id: productId, name: 'Daily', status: 'active', type: 'standard' };
    const terms = { unit_price: { amount: '1', currency_code: 'USD' }, quantity: { minimum: 1, maximum: 1 } };
    await shop.app.play([
      { ...seen, event_id: 'evt_barge', event_type: 'product.created', data: product },
      { ...seen, event_id: 'evt_daily', event_type: 'price.created', data: { ...price, ...terms } },
    ]);
    expect((await listed())[0]).toMatchObject({ name: 'Barge', ref: 'barge', prices: [{ id: priceId, entities: 3 }] });
    const { version, ...rest } = (await read('p_ref')).body as { version: number; refs: object };
    expect((await post('p_ref', { version, refs: rest.refs })).body).toMatchObject({ version, warnings: [] });
  });

  it('may still be bought where it is hidden', async () => {
    const monthly = await shop.price('Rowboat Solo', 'Monthly');
    await configure('products', [{ productId: products['Rowboat Solo'], visible: false }]);
    expect((await shop.post('/checkout', { items: [{ priceId: monthly }] }, 'a_buyer')).status).toBe(201);
  });
});

describe('subscribers', () => {
  afterEach(async () => {
    await configure('products', []);
    await configure('p_ref', {});
  });

  it('ask by name, and see the name wherever they see the product', async () => {
    const { userId, subscriptionId } = await shop.user();
    await configure('p_ref', { solo: products['Rowboat Solo'], crew: products['Rowboat Team'] });
    const shown = async (product: string) =>
      (await shop.get(`/subscriptions/status?product=${product}`, userId)).body.subscriptions as object[];
    for (const product of ['solo', products['Rowboat Solo']!]) {
      expect(await shown(product)).toMatchObject([{ id: subscriptionId, products: [{ ref: 'solo' }] }]);
    }
    for (const product of ['crew', 'Solo', 'nothing', products['Rowboat Team']!]) expect(await shown(product)).toEqual([]);
    const team = { subscriptionId, priceId: await shop.price('Rowboat Team', 'Monthly (per seat)') };
    expect((await shop.post('/subscriptions/update', team, userId)).body.products).toMatchObject([{ ref: 'crew' }]);
    for (const command of ['cancel', 'resume', 'pause', 'resume']) {
      const { status, body } = await shop.post(`/subscriptions/${command}`, { subscriptionId }, userId);
      expect({ status, products: body.products }).toMatchObject({ status: 200, products: [{ ref: 'crew' }] });
    }
    await configure('p_ref', {});
    expect(await shop.shown(userId, subscriptionId)).toMatchObject({ products: [{ ref: null }] });
  });

  it('have what a pause leaves them, from the very next request on, and under any name', async () => {
    const { userId, subscriptionId } = await shop.user('pause');
    await configure('p_ref', { solo: products['Rowboat Solo'] });
    const access = async (product: string) => {
      const { body } = await shop.get(`/products/access?product=${product}`, userId);
      return body.products as { access: string; ref: string }[];
    };
    for (const paused of ['none', 'read_only', 'none', 'read_only'] as const) {
      await configure('products', [{ productId: products['Rowboat Solo'], access: { paused } }]);
      expect(await access('solo')).toEqual(await access(products['Rowboat Solo']!));
      expect(await access('solo')).toMatchObject([{ access: paused, ref: 'solo', reason: 'subscription_paused' }]);
      expect(await shop.shown(userId, subscriptionId)).toMatchObject({ status: 'paused', access: paused });
    }
  });

  it('see the most that any of their products gives', async () => {
    const { userId, subscriptionId } = await shop.user('addon_added');
    await shop.post('/subscriptions/pause', { subscriptionId, effectiveFrom: 'immediately' }, userId);
    expect(await shop.shown(userId, subscriptionId)).toMatchObject({ products: [{}, { name: 'Reports' }], access: 'none' });
    await configure('products', [{ productId: products['Reports'], access: { paused: 'read_only' } }]);
    expect(await shop.shown(userId, subscriptionId)).toMatchObject({ access: 'read_only' });
  });

  it('cannot switch to what is not offered to them, by preview or by update', async () => {
    const { userId, subscriptionId } = await shop.user();
    const [monthly, yearly] = [await shop.price('Rowboat Solo', 'Monthly'), await shop.price('Rowboat Solo', 'Yearly')];
    const prices = [
      { priceId: monthly, switchable: false },
      { priceId: yearly, switchable: false },
    ];
    await configure('products', [{ productId: products['Rowboat Solo'], prices }]);
    for (const route of ['update', 'update/preview']) {
      const { body } = await shop.post(`/subscriptions/${route}`, { subscriptionId, priceId: yearly }, userId);
      expect(body).toMatchObject({ status: 409, code: 'price_not_switchable', priceId: yearly });
      expect(body.detail).toContain('is not offered to those who subscribe already');
    }
    const more = await shop.post('/subscriptions/update', { subscriptionId, priceId: monthly, quantity: 2 }, userId);
    expect(more.body).toMatchObject({ products: [{ priceId: monthly, quantity: 2 }] }); // they have it
    await configure('products', []);
    const { body } = await shop.post('/subscriptions/update', { subscriptionId, priceId: yearly }, userId);
    expect(body).toMatchObject({ products: [{ priceId: yearly }] });
  });
});

describe('another process', () => {
  const start = () => TestApp.start({ database: shop.app.database, clock: shop.app.clock });
  const hidden = () => [{ productId: products['The Rowing Handbook'], visible: false }];

  it('that starts later knows it', async () => {
    await configure('products', hidden());
    const { body } = await read('products');
    const later = await start();
    expect((await read('products', 'sandbox', later)).body).toEqual(body);
    expect(await names(later)).not.toContain('The Rowing Handbook');
    await later.close();
  });

  it('that runs beside sees it soon, and at once where it is asked for that position', async () => {
    const beside = await start();
    await configure('products', []);
    await until(async () => (await names(beside)).includes('The Rowing Handbook'), 'the other process shows it', 3_000);
    for (const [products, isShown] of [
      [hidden(), false],
      [[], true],
    ] as const) {
      const { version } = (await read('products')).body;
      const { headers } = await post('products', { version, products });
      const { body } = await request(beside.url)
        .get('/products/list')
        .set({
          authorization: `Bearer ${await beside.token('user_1')}`,
          'ledger-min-position': headers['ledger-position']!,
        })
        .expect(200);
      expect((body as { products: Listed[] }).products.some(({ name }) => name === 'The Rowing Handbook')).toBe(isShown);
    }
    await beside.close();
  });

  it('may change it in turn', async () => {
    const beside = await start();
    const { version } = await configure('products', hidden());
    await until(async () => (await read('products', 'sandbox', beside)).body.version === version, 'it sees the change', 3_000);
    await configure('products', [], { on: beside });
    await until(async () => (await names()).includes('The Rowing Handbook'), 'the first process shows it', 3_000);
    await beside.close();
  });
});

it('is the same after a rebuild of its read model', async () => {
  await configure('p_ref', { solo: products['Rowboat Solo'] });
  await configure('products', [{ productId: products['Rowboat Team'], order: 0 }]);
  const before = [(await read('products')).body, (await read('p_ref')).body, await listed()];
  const { body } = await shop.app.post('/projections/settings/rebuild', { mode: 'swap' });
  const rebuild = `/projections/settings/rebuilds/${(body as { rebuildId: string }).rebuildId}`;
  await until(async () => (await shop.app.get(rebuild, 'me', ['admin'])).body.state === 'live', 'the rebuild is live');
  expect((await shop.app.get(rebuild, 'me', ['admin'])).body.diff).toMatchObject({ added: 0, removed: 0, changed: 0 });
  expect([(await read('products')).body, (await read('p_ref')).body, await listed()]).toEqual(before);
  await configure('products', []);
  expect((await listed())[0]!.name).not.toBe('Rowboat Team');
});
