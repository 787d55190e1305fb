import { generateKeyPairSync } from 'node:crypto';
import { Shop } from '../support/shop';
import { TestApp } from '../support/test-app';
import { LicenseShop } from '../support/license-shop';
import { scaled } from '../support/scale';
import { seededRandom } from '../support/seeded-random';

const SIGNING_KEY = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');

let shop: Shop;
let seats: LicenseShop;

beforeAll(async () => {
  shop = await Shop.open({ seed: 'licenses', settings: { OFFLINE_SIGNING_KEY: SIGNING_KEY } });
  seats = await LicenseShop.of(shop);
  await seats.configure({});
});
afterAll(async () => {
  await shop.simulator.stop();
  await TestApp.closeAll();
});

it('gives each entity one seat, as long as there are seats', async () => {
  const { userId, subscriptionId } = await seats.team(2);
  const first = await seats.save(userId, 'ada', { name: 'Ada Lovelace', metadata: { desk: 7 } });
  expect(first.status).toBe(201);
  expect(first.body).toEqual({
    id: expect.stringMatching(/^lic_[0-9a-f]{26}$/),
    entityId: 'ada',
    name: 'Ada Lovelace',
    metadata: { desk: 7 },
    productId: seats.products.team,
    ref: 'team',
    source: { type: 'subscription', id: subscriptionId },
    status: 'active',
    releaseReason: null,
    suspendReason: null,
    createdAt: expect.stringMatching(/Z$/),
    updatedAt: expect.stringMatching(/Z$/),
  });
  const again = await seats.save(userId, 'ada', { name: 'Somebody else' });
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect((await seats.save(userId, 'bob')).status).toBe(201);
  const refused = await seats.save(userId, 'cora');
  expect(refused.body).toMatchObject({ status: 409, code: 'no_seats_available', total: 2, used: 2, available: 0, wanted: 1 });
  const { data, pools } = await seats.list(userId);
  expect(data.map(({ entityId, status }) => [entityId, status])).toEqual([
    ['ada', 'active'],
    ['bob', 'active'],
  ]);
  const source = { type: 'subscription', id: subscriptionId };
  const numbers = { total: 2, used: 2, available: 0, overAllocated: false, state: 'granting', reason: null };
  expect(pools).toEqual([{ source, productId: seats.products.team, ref: 'team', ...numbers }]);
  expect(await seats.check(userId, 'ada')).toMatchObject({
    valid: true,
    code: 'valid',
    license: { entityId: 'ada' },
    pool: { used: 2 },
  });
  expect(await seats.check(userId, 'cora')).toEqual({ valid: false, code: 'not_found', license: null, pool: null });
});

it('is stated in the signed answer for offline use, as long as it is valid', async () => {
  const { userId, subscriptionId } = await seats.team(2);
  const { id } = (await seats.save(userId, 'ada')).body as { id: string };
  await seats.save(userId, 'bob');
  await seats.update(userId, { licenseId: id, name: 'Ada' });
  const uuid = '0d9c2b7a-51e4-4c3f-8a6b-2f1e0d9c8b7a';
  await shop.post('/uuid', { uuid }, userId);
  const claims = async () => {
    const { body } = await shop.app.get(`/uuid/${uuid}?offline=true`, userId);
    const { offline } = body as { offline: { token: string } | null };
    return offline && (JSON.parse(Buffer.from(offline.token.split('.')[1]!, 'base64url').toString()) as { seats: object[] });
  };
  expect((await claims())!.seats).toEqual([
    { licenseId: id, productId: seats.products.team, entityId: 'ada' },
    { licenseId: expect.any(String), productId: seats.products.team, entityId: 'bob' },
  ]);
  await seats.update(userId, { licenseId: id, release: true });
  expect((await claims())!.seats).toMatchObject([{ entityId: 'bob' }]);
  await shop.post('/subscriptions/pause', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  expect(await claims()).toBeNull();
});

it('refuses who has bought nothing that grants seats', async () => {
  expect((await seats.save('nobody', 'ada')).body).toMatchObject({ status: 403, code: 'no_entitlement' });
  expect(await seats.list('nobody')).toEqual({ data: [], pools: [], nextCursor: null });
});

describe('a license', () => {
  it('is renamed, described, handed over and released, and all of it stays on the ledger', async () => {
    const { userId, subscriptionId } = await seats.team(1);
    const { id } = (await seats.save(userId, 'ada')).body as { id: string };
    const changed = await seats.update(userId, { licenseId: id, name: 'Ada', metadata: { desk: 7 } });
    expect([changed.status, changed.body]).toMatchObject([200, { id, name: 'Ada', metadata: { desk: 7 } }]);
    expect((await seats.update(userId, { licenseId: id, entityId: 'bob' })).body).toMatchObject({ id, entityId: 'bob' });
    expect([(await seats.check(userId, 'ada')).code, (await seats.check(userId, 'bob')).code]).toEqual(['not_found', 'valid']);
    const gone = await seats.update(userId, { licenseId: id, release: true });
    expect(gone.body).toMatchObject({ status: 'released', releaseReason: 'released_by_user' });
    expect((await seats.update(userId, { licenseId: id, release: true })).body).toEqual(gone.body);
    expect((await seats.check(userId, 'bob')).code).toBe('released');
    expect((await seats.update(userId, { licenseId: id, name: 'x' })).body).toMatchObject({
      status: 409,
      code: 'license_released',
    });
    expect((await seats.save(userId, 'cora')).status).toBe(201);
    expect(await shop.eventsOf(`license-pool:${subscriptionId}`)).toEqual([
      'license.pool_resized',
      'license.seat_assigned',
      'license.seat_renamed',
      'license.seat_metadata_replaced',
      'license.seat_handed_over',
      'license.seat_released',
      'license.seat_assigned',
    ]);
  });

  it('is not handed to an entity that has one', async () => {
    const { userId } = await seats.team(2);
    const { id } = (await seats.save(userId, 'ada')).body as { id: string };
    await seats.save(userId, 'bob');
    expect((await seats.update(userId, { licenseId: id, entityId: 'bob' })).body).toMatchObject({ code: 'entity_has_license' });
  });

  it("is nobody else's to see, check, rename or release", async () => {
    const [owner, other] = [await seats.team(2), await seats.team(2)];
    const { id } = (await seats.save(owner.userId, 'ada')).body as { id: string };
    expect(await seats.list(other.userId)).toMatchObject({ data: [], pools: [{ used: 0 }] });
    expect((await seats.check(other.userId, 'ada')).code).toBe('not_found');
    for (const change of [{ name: 'mine' }, { metadata: {} }, { entityId: 'eve' }, { release: true }]) {
      const answer = await seats.update(other.userId, { licenseId: id, ...change });
      expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect((await seats.update(other.userId, { licenseId: 'lic_none', name: 'x' })).body).toMatchObject({ status: 404 });
    const stolen = await seats.save(other.userId, 'eve', { source: owner.subscriptionId });
    expect(stolen.body).toMatchObject({ status: 404, code: 'not_found' });
    expect(await seats.story(owner.userId)).toEqual(['ada active']);
  });

  it('is one of several that are saved all or none', async () => {
    const { userId } = await seats.team(3);
    await seats.save(userId, 'ada');
    const save = (...names: string[]) =>
      seats.post('/licenses/save', { product: 'team', entities: names.map((entityId) => ({ entityId })) }, userId);
    const saved = await save('bob', 'ada', 'cora');
    expect(saved.status).toBe(201);
    const { data } = saved.body as { data: { created: boolean; license: { entityId: string } }[] };
    expect(data.map(({ created, license }) => [license.entityId, created])).toEqual([
      ['bob', true],
      ['ada', false],
      ['cora', true],
    ]);
    expect((await save('ada', 'bob')).status).toBe(200);
    await seats.update(userId, { licenseId: (await seats.list(userId)).data[0]!.id, release: true });
    expect((await save('dora', 'erin')).body).toMatchObject({ code: 'no_seats_available', available: 1, wanted: 2 });
    expect((await seats.list(userId, '?status=active')).data.map(({ entityId }) => entityId)).toEqual(['bob', 'cora']);
    expect((await save('dora', 'dora')).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/entities/1/entityId' }],
    });
  });

  it('is the same for the same idempotency key', async () => {
    const { userId } = await seats.team(2);
    const headers = { 'idempotency-key': 'once' };
    const [first, again] = [await seats.save(userId, 'ada', {}, { headers }), await seats.save(userId, 'ada', {}, { headers })];
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([201, first.text, 'true']);
    // The process died before its answer was kept.
    await shop.app.database.query('DELETE FROM operations.idempotency_keys');
    const later = await seats.save(userId, 'ada', {}, { headers });
    expect([later.status, later.body]).toEqual([201, first.body]);
    expect(await seats.story(userId)).toEqual(['ada active']);
  });

  it('comes in pages', async () => {
    const { userId } = await seats.team(3);
    for (const entityId of ['ada', 'bob', 'cora']) {
      await seats.save(userId, entityId);
      shop.app.clock.advanceSeconds(1);
    }
    const first = await seats.list(userId, '?limit=2');
    const second = await seats.list(userId, `?limit=2&after=${first.nextCursor}`);
    expect([first, second].map(({ data }) => data.map(({ entityId }) => entityId))).toEqual([['ada', 'bob'], ['cora']]);
    expect(second.nextCursor).toBeNull();
    expect((await seats.list(userId, '?entityId=bob')).data).toHaveLength(1);
    expect((await shop.get('/licenses/list?after=x', userId)).body).toMatchObject({ code: 'invalid_request' });
  });

  const deep = { a: { b: { c: { d: 1 } } } };
  it.each([
    ['nobody', { entityId: undefined }, '/entityId'],
    ['an empty entity', { entityId: '' }, '/entityId'],
    ['a control character', { entityId: 'a\u0000' }, '/entityId'],
    ['a long name', { name: 'x'.repeat(256) }, '/name'],
    ['a list for metadata', { metadata: [] }, '/metadata'],
    ['no metadata', { metadata: null }, '/metadata'],
    ['large metadata', { metadata: { a: 'x'.repeat(16_384) } }, '/metadata'],
    ['deep metadata', { metadata: { deep } }, '/metadata'],
    ['many keys', { metadata: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, n])) }, '/metadata'],
    ['both kinds', { entities: [{ entityId: 'bob' }] }, '/entityId'],
    ['a source that is no id', { source: { id: 1 } }, '/source'],
    ['something unknown', { color: 'red' }, '/color'],
  ])('is refused for %s', async (_, more, pointer) => {
    const { body } = await seats.save('anybody', 'ada', more);
    expect(body).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ pointer }] });
  });

  it('keeps metadata as deep and as large as may be', async () => {
    const { userId } = await seats.team(1);
    const metadata = { ...deep, text: 'x'.repeat(16_000), more: ['ä', null, 1.5, true] };
    expect((await seats.save(userId, 'ada', { metadata })).body).toMatchObject({ metadata });
    expect((await seats.list(userId)).data[0]).toMatchObject({ metadata });
  });

  it('is checked by questions that make sense', async () => {
    for (const query of ['', '?product=team', '?entityId=ada']) {
      expect((await shop.get(`/licenses/check${query}`, 'anybody')).body).toMatchObject({ status: 422, code: 'invalid_request' });
    }
    expect((await seats.check('anybody', 'ada', 'no_such_product')).code).toBe('not_found');
  });
});

describe('when what was bought changes', () => {
  const saveAll = async (userId: string, names: string[], product = 'team') => {
    for (const entityId of names) expect((await seats.save(userId, entityId, { product })).status).toBe(201);
  };
  const resize = (subscriptionId: string, price: string, quantity: number) =>
    seats.paddle('patch', `/subscriptions/${subscriptionId}`, {
      items: [{ price_id: price, quantity }],
      proration_billing_mode: 'prorated_immediately',
    });

  it('a pause suspends, and a resumption restores', async () => {
    const { userId, subscriptionId } = await seats.team(2);
    await saveAll(userId, ['ada', 'bob']);
    await shop.post('/subscriptions/pause', { subscriptionId, effectiveFrom: 'immediately' }, userId);
    expect(await seats.check(userId, 'ada')).toMatchObject({ valid: false, code: 'suspended', pool: { state: 'suspended' } });
    await seats.settled();
    expect(await seats.story(userId)).toEqual(['ada suspended subscription_paused', 'bob suspended subscription_paused']);
    expect((await seats.list(userId)).pools).toMatchObject([{ total: 2, used: 2, available: 0, overAllocated: false }]);
    expect((await seats.save(userId, 'ada')).status).toBe(200);
    expect((await seats.save(userId, 'cora')).body).toMatchObject({ code: 'no_entitlement', reason: 'subscription_paused' });
    await shop.post('/subscriptions/resume', { subscriptionId }, userId);
    await seats.settled();
    expect(await seats.story(userId)).toEqual(['ada active', 'bob active']);
    expect((await seats.check(userId, 'ada')).code).toBe('valid');
  });

  it('an end releases, each with its cause; and who buys again gets the same entities back', async () => {
    const { userId, subscriptionId } = await seats.team(2);
    await saveAll(userId, ['ada', 'bob']);
    await seats.update(userId, { licenseId: (await seats.list(userId)).data[0]!.id, name: 'Ada' });
    await shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId);
    await seats.settled();
    expect(await seats.story(userId)).toEqual(['ada released subscription_lapsed', 'bob released subscription_lapsed']);
    expect(await seats.check(userId, 'ada')).toMatchObject({ valid: false, code: 'released' });
    const again = await seats.team(1, userId);
    await seats.settled();
    const { data, pools } = await seats.list(userId, '?status=active');
    expect(data).toMatchObject([{ entityId: 'ada', name: 'Ada', source: { id: again.subscriptionId } }]);
    expect(pools).toMatchObject([{ total: 1, used: 1 }]);
    expect((await seats.check(userId, 'ada')).code).toBe('valid');
    const histories = await Promise.all([subscriptionId, again.subscriptionId].map(history));
    expect(histories[0]!.slice(-2)).toMatchObject([
      { type: 'license.seat_released', actor: 'job:licenses', causation: expect.stringMatching(/\w/) },
      { type: 'license.seat_released', actor: 'job:licenses' },
    ]);
    expect(histories[1]).toMatchObject([{ type: 'license.pool_resized' }, { type: 'license.seat_assigned', userId }]);
    const cause = await shop.app.database.query<{ type: string; streamId: string }>(
      `SELECT type, stream_id AS "streamId" FROM ledger.events WHERE event_id = '${histories[0]!.at(-1)!.causation}'`,
    );
    expect(cause[0]!.streamId).toBe(`paddle:${subscriptionId}`);
  });

  async function history(subscriptionId: string) {
    const { body } = await shop.app.get(`/ledger/streams/license-pool:${subscriptionId}`, 'auditor_1', ['auditor']);
    return (body as { data: { type: string; actor: string; causation: string | null; userId: string }[] }).data;
  }

  it('who was released by hand before does not come back, and neither does who was released since', async () => {
    const { userId, subscriptionId } = await seats.team(3);
    await saveAll(userId, ['ada', 'bob', 'cora']);
    const idOf = async (name: string) => (await seats.list(userId, `?entityId=${name}&status=active`)).data[0]!.id;
    await seats.update(userId, { licenseId: await idOf('ada'), release: true });
    await shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId);
    await seats.settled();
    await seats.team(3, userId);
    await seats.settled();
    expect((await seats.list(userId, '?status=active')).data.map(({ entityId }) => entityId)).toEqual(['bob', 'cora']);
    await seats.update(userId, { licenseId: await idOf('bob'), release: true });
    await seats.settled();
    expect((await seats.list(userId, '?status=active')).data.map(({ entityId }) => entityId)).toEqual(['cora']);
  });

  it.each([
    ['refuse', ['ada active', 'bob active', 'cora released seats_reduced']],
    ['suspend_newest', ['ada active', 'bob active', 'cora suspended seats_reduced']],
  ] as const)('fewer seats by the provider: %s', async (whenReduced, story) => {
    await seats.configure({ whenReduced });
    const { userId, subscriptionId } = await seats.team(3);
    await saveAll(userId, ['ada', 'bob', 'cora']);
    await resize(subscriptionId, seats.prices.team, 2);
    expect(await seats.story(userId)).toEqual(story);
    expect((await seats.list(userId)).pools).toMatchObject([{ total: 2, used: 2, overAllocated: false }]);
    await seats.configure({});
  });

  it('a preview names the seats that would go, and a product may refuse to lose them', async () => {
    const { userId, subscriptionId } = await seats.team(3);
    await saveAll(userId, ['ada', 'bob', 'cora']);
    const fewer = { subscriptionId, priceId: seats.prices.team, quantity: 1 };
    const preview = await shop.post('/subscriptions/update/preview', fewer, userId);
    const lost = (preview.body as { seatsLost: { entityId: string; licenseId: string; productId: string }[] }).seatsLost;
    expect(lost.map(({ entityId, productId }) => [entityId, productId])).toEqual([
      ['bob', seats.products.team],
      ['cora', seats.products.team],
    ]);
    await seats.configure({ whenReduced: 'refuse' });
    const refused = await shop.post('/subscriptions/update', fewer, userId);
    expect(refused.body).toMatchObject({ status: 409, code: 'seats_in_use', seats: lost });
    for (const { licenseId } of lost) await seats.update(userId, { licenseId, release: true });
    expect((await shop.post('/subscriptions/update', fewer, userId)).status).toBe(200);
    await seats.settled();
    expect((await seats.list(userId, '?status=active')).data.map(({ entityId }) => entityId)).toEqual(['ada']);
    await seats.configure({});
  });

  it('a switch to another plan takes the licenses along, as far as there are seats', async () => {
    const { userId, subscriptionId } = await seats.team(4);
    await saveAll(userId, ['ada', 'bob', 'cora', 'dora']);
    const { id } = (await seats.list(userId)).data[0]!;
    await resize(subscriptionId, seats.prices.solo, 1);
    const { data, pools } = await seats.list(userId);
    expect(data.find((license) => license.id === id)).toMatchObject({ productId: seats.products.solo, status: 'active' });
    expect(await seats.story(userId, 'solo')).toEqual(['ada active', 'bob active', 'cora active']);
    expect(await seats.story(userId)).toEqual(['dora released product_removed']);
    expect(pools).toMatchObject([{ productId: seats.products.solo, total: 3, used: 3 }]);
  });

  it('a refunded purchase releases, and a chargeback that is taken back brings all back', async () => {
    const refunded = await seats.handbook();
    await saveAll(refunded.userId, ['ada', 'bob'], 'handbook');
    const adjust = async (transactionId: string, action: string) =>
      (await seats.paddle('post', '/adjustments', { action, type: 'full', transaction_id: transactionId, reason: 'a wish' })).data
        .id;
    const refund = await adjust(refunded.transactionIds[0]!, 'refund');
    expect(await seats.story(refunded.userId, 'handbook')).toEqual(['ada active', 'bob active']);
    await shop.paddle.post(`/adjustments/${refund}/approve`);
    await seats.settled();
    expect(await seats.story(refunded.userId, 'handbook')).toEqual([
      'ada released purchase_refunded',
      'bob released purchase_refunded',
    ]);
    const charged = await seats.handbook();
    await saveAll(charged.userId, ['ada', 'bob'], 'handbook');
    const before = await seats.list(charged.userId);
    const { id } = await shop.paddle.post<{ id: string }>(`/transactions/${charged.transactionIds[0]}/chargeback`);
    await seats.settled();
    expect(await seats.story(charged.userId, 'handbook')).toEqual([
      'ada released purchase_charged_back',
      'bob released purchase_charged_back',
    ]);
    await shop.paddle.post(`/adjustments/${id}/reverse`);
    await seats.settled();
    const after = await seats.list(charged.userId);
    expect(after.data.map(({ id: licenseId, status }) => [licenseId, status])).toEqual(
      before.data.map(({ id: licenseId }) => [licenseId, 'active']),
    );
  });

  it('what an admin configures counts at once, and a mistake can be taken back', async () => {
    const { userId } = await seats.team(2);
    await saveAll(userId, ['ada', 'bob']);
    await seats.configure({}, { team: null });
    expect(await seats.story(userId)).toEqual(['ada released entitlement_removed', 'bob released entitlement_removed']);
    await seats.configure({}, { team: 1 });
    expect(await seats.story(userId)).toEqual(['ada active', 'bob active']);
  });

  it('time alone is cause enough: an end that nobody has told us of yet', async () => {
    const { userId, subscriptionId } = await seats.team(1);
    await saveAll(userId, ['ada']);
    await shop.post('/subscriptions/cancel', { subscriptionId }, userId);
    await seats.settled();
    expect((await seats.check(userId, 'ada')).code).toBe('valid');
    const { scheduledChange } = (await shop.shown(userId, subscriptionId)) as { scheduledChange: { effectiveAt: string } };
    shop.app.clock.set(scheduledChange.effectiveAt);
    shop.app.clock.advanceSeconds(1);
    expect(['no_entitlement', 'released']).toContain((await seats.check(userId, 'ada')).code);
    await seats.reacted();
    expect(await seats.story(userId)).toEqual(['ada released subscription_lapsed']);
    await shop.goTo(shop.app.clock.nowMs() + 1_000);
    await seats.settled();
    expect(await shop.eventsOf(`license-pool:${subscriptionId}`)).toHaveLength(4);
  });

  it('nobody gets in while the reaction is late, and it is made good once, whoever makes it', async () => {
    const { userId, subscriptionId } = await seats.team(2);
    await saveAll(userId, ['ada', 'bob']);
    const release = await seats.holdReactor();
    try {
      await shop.post('/subscriptions/cancel', { subscriptionId, effectiveFrom: 'immediately' }, userId);
      expect(await seats.check(userId, 'ada')).toMatchObject({
        valid: false,
        code: 'no_entitlement',
        license: { status: 'active' },
      });
      expect((await seats.list(userId)).pools).toMatchObject([{ total: 0, used: 2, available: 0, overAllocated: true }]);
    } finally {
      await release();
    }
    const other = await TestApp.start({ database: shop.app.database, clock: shop.app.clock });
    await seats.settled();
    await other.close();
    const released = (await shop.eventsOf(`license-pool:${subscriptionId}`)).filter((type) => type === 'license.seat_released');
    expect(released).toHaveLength(2);
  });
});

describe('many at once, in two processes', () => {
  let there: TestApp;
  beforeAll(async () => {
    there = await TestApp.start({ database: shop.app.database, clock: shop.app.clock });
  });
  afterAll(() => there.close());
  const app = (n: number) => (n % 2 === 0 ? shop.app : there);

  it('of 50 who want one of 10 seats, 10 get one', async () => {
    const { userId } = await seats.team(10);
    await there.caughtUp();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => seats.save(userId, `e_${n}`, {}, { on: app(n) })));
    const codes = answers.map(({ status, body }) => (status === 201 ? 'saved' : (body as { code: string }).code));
    expect(codes.filter((code) => code === 'saved')).toHaveLength(10);
    expect(codes.filter((code) => code === 'no_seats_available')).toHaveLength(40);
    expect((await seats.list(userId)).pools).toMatchObject([{ total: 10, used: 10, available: 0, overAllocated: false }]);
  });

  it('whoever saves and releases meanwhile, there are never more than there are seats', async () => {
    const { userId, subscriptionId } = await seats.team(5);
    await there.caughtUp();
    const random = seededRandom(7);
    const unexpected: unknown[] = [];
    const act = async (n: number) => {
      const held = (await seats.list(userId, '?status=active')).data;
      const one = held[Math.floor(random() * held.length)];
      const release = one && random() < 0.4;
      const body = release
        ? { licenseId: one.id, release: true }
        : { product: 'team', entityId: `e_${Math.floor(random() * 12)}` };
      const path = release ? '/licenses/update' : '/licenses/save';
      const answer = await seats.post(path, body, userId, { on: app(n) });
      if (![200, 201, 409].includes(answer.status)) unexpected.push(answer.body);
    };
    const rounds = scaled({ suite: 3, soak: 125 });
    for (let round = 0; round < rounds; round++) {
      await Promise.all(Array.from({ length: 8 }, (_, n) => act(n)));
      const [pool] = (await seats.list(userId)).pools;
      expect(pool!.used).toBeLessThanOrEqual(5);
    }
    expect(unexpected).toEqual([]);
    expect(await mostUsed(subscriptionId)).toBeLessThanOrEqual(5);
  }, 600_000);

  /** The most seats that were ever used at once, by the ledger. */
  async function mostUsed(subscriptionId: string): Promise<number> {
    const held = new Set<string>();
    let most = 0;
    for (const { type, body } of await shop.app.database.query<{ type: string; body: { licenseId: string } }>(
      `SELECT type, convert_from(body, 'UTF8')::json AS body FROM ledger.events
        WHERE stream_id = 'license-pool:${subscriptionId}' ORDER BY stream_version`,
    )) {
      if (type === 'license.seat_assigned') held.add(body.licenseId);
      if (type === 'license.seat_released') held.delete(body.licenseId);
      most = Math.max(most, held.size);
    }
    return most;
  }
});

it('looks after all others though one pool cannot be read', async () => {
  const [broken, fine] = [await seats.team(1), await seats.team(1)];
  for (const { userId } of [broken, fine]) await seats.save(userId, 'ada');
  await seats.plant(broken, 'license.seat_renamed', { licenseId: 7 });
  for (const { userId, subscriptionId } of [broken, fine]) {
    await shop.post('/subscriptions/pause', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  }
  await seats.settled();
  expect(await seats.story(fine.userId)).toEqual(['ada suspended subscription_paused']);
  expect(await seats.story(broken.userId)).toEqual(['ada active']);
  expect((await seats.check(broken.userId, 'ada')).code).toBe('suspended');
});

it('looks at everything once more, as after any crash, and finds nothing to do', async () => {
  const length = async () => {
    const [row] = await shop.app.database.query<{ events: number }>(
      `SELECT count(*)::int AS events FROM ledger.events WHERE stream_id LIKE 'license-pool:%'`,
    );
    return row!.events;
  };
  const { userId, subscriptionId } = await seats.team(1);
  await seats.save(userId, 'ada');
  await shop.post('/subscriptions/pause', { subscriptionId, effectiveFrom: 'immediately' }, userId);
  await seats.settled();
  const before = await length();
  expect(before).toBeGreaterThanOrEqual(3);
  await seats.forgetReactions();
  await seats.settled();
  expect(await length()).toBe(before);
});

describe('an admin', () => {
  const path = '/paddle/sandbox/admin/licenses';

  it('finds licenses, and takes one back with a reason', async () => {
    const { userId, subscriptionId } = await seats.team(1);
    const { id } = (await seats.save(userId, 'findme@example.com')).body as { id: string };
    for (const query of [
      `?userId=${userId}`,
      '?entityId=findme@example.com',
      '?product=team&status=active&entityId=findme@example.com',
    ]) {
      const { body } = await shop.app.get(`${path}${query}`, 'auditor_1', ['auditor']);
      expect((body as { data: object[] }).data).toMatchObject([{ id, entityId: 'findme@example.com' }]);
    }
    const forced = await shop.app.post(`${path}/${id}/release`, { reason: 'a stolen laptop' });
    expect([forced.status, forced.body]).toMatchObject([200, { id, status: 'released', releaseReason: 'released_by_admin' }]);
    expect((await seats.check(userId, 'findme@example.com')).code).toBe('released');
    const { body } = await shop.app.get(`/ledger/streams/license-pool:${subscriptionId}`, 'auditor_1', ['auditor']);
    const last = (body as { data: { actor: string; userId: string; body: string }[] }).data.at(-1)!;
    expect([last.actor, last.userId, last.body]).toEqual(['admin_1', userId, expect.stringContaining('a stolen laptop')]);
  });

  it('alone may do so', async () => {
    expect((await shop.app.get(path, 'user_1')).status).toBe(403);
    expect((await shop.app.post(`${path}/lic_1/release`, { reason: 'x' }, 'auditor_1', ['auditor'])).status).toBe(403);
    expect((await shop.app.post(`${path}/lic_1/release`, { reason: 'x' })).body).toMatchObject({ code: 'not_found' });
    expect((await shop.app.post(`${path}/lic_1/release`, {})).body).toMatchObject({ code: 'invalid_request' });
  });
});
