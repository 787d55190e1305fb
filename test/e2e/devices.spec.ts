import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import request, { type Response } from 'supertest';
import { instantFromMs } from '../../src/platform/instant';
import { OpenApiContract } from '../support/openapi';
import { SOLO, SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story } from '../support/paddle/story';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const DEVICES = '/paddle/sandbox/admin/devices';
const LAPTOP = { name: "Ada's laptop", platform: 'macos', appVersion: '4.2.0', metadata: { cores: 8 } };
const newKey = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const settings = { OFFLINE_SIGNING_KEY: newKey() };

let app: TestApp;
/** Another one over the same database, as another process has it. */
let other: TestApp;
let contract: OpenApiContract;
let users = 0;
const checked = new Set<string>();

beforeAll(async () => {
  app = await TestApp.start({ settings });
  other = await TestApp.start({ settings, database: app.database, clock: app.clock });
  contract = await OpenApiContract.of(app.url);
  await configure([
    { productId: 'pro_wide', deviceLimit: 5_000 },
    { productId: 'pro_three', deviceLimit: 3 },
    { productId: 'pro_one', deviceLimit: 1, devices: { reclaim: 'oldest' } },
    { productId: 'pro_two', deviceLimit: 2, devices: { reclaim: 'oldest' } },
    { productId: 'pro_slow', deviceLimit: 4_999, devices: { churn: { devices: 2, days: 30 } } },
    { productId: SOLO.id, deviceLimit: 2 },
  ]);
});
afterAll(() => TestApp.closeAll());

const newUser = () => `sailor_${++users}`;

async function configure(products: object[]): Promise<void> {
  const path = '/paddle/sandbox/config/products';
  const { version } = (await app.get(path, 'admin_1', ['admin'])).body as { version: number };
  const { status } = await app.post(path, { version, products });
  expect(status).toBe(200);
}

interface Shown {
  uuid: string;
  status: string;
  firstSeenAt: string;
  lastSeenAt: string;
  offline?: { token: string; expiresAt: string } | null;
}

/** The first answer of each kind is held against the contract. */
function kept(operation: string, answer: Response): Response {
  const { status, type, body } = answer;
  const kind = `${operation} ${status} ${(body as { code?: string }).code}`;
  if (checked.has(kind)) return answer;
  checked.add(kind);
  expect(contract.violations(operation, { status, type, body: body as unknown })).toEqual([]);
  return answer;
}

async function register(user: string, body: object, on = app): Promise<Response> {
  return kept('POST /uuid', await on.post('/uuid', body, user, []));
}

async function registered(user: string, body: object = {}): Promise<string> {
  const uuid = randomUUID();
  expect((await register(user, { uuid, ...body })).status).toBe(201);
  return uuid;
}

async function look(user: string, uuid: string, on = app): Promise<Response> {
  return kept('GET /uuid/{uuid}', await on.get(`/uuid/${uuid}`, user));
}

async function list(user: string, query = ''): Promise<{ data: Shown[]; nextCursor: string | null }> {
  return kept('GET /uuid', await app.get(`/uuid${query}`, user)).body as { data: Shown[]; nextCursor: string | null };
}

async function retire(user: string, uuid: string): Promise<Response> {
  return kept('POST /uuid/{uuid}/retire', await app.post(`/uuid/${uuid}/retire`, {}, user, []));
}

async function admin(user: string, uuid: string, what: 'block' | 'unblock' | 'retire', reason?: string): Promise<Response> {
  const path = `${DEVICES}/${encodeURIComponent(user)}/${uuid}/${what}`;
  const answer = await app.post(path, reason === undefined ? {} : { reason });
  return kept(`POST /paddle/{environment}/admin/devices/{userId}/{uuid}/${what}`, answer);
}

interface Recorded {
  type: string;
  streamId: string;
  ref: string;
}

async function eventsOf(user: string): Promise<Recorded[]> {
  const { body } = await app.get(`/ledger/events?environment=sandbox&userId=${user}&limit=200`, 'me', ['auditor']);
  return (body as { data: Recorded[] }).data.filter(({ type }) => type.startsWith('device.'));
}

const typesOf = async (user: string) => (await eventsOf(user)).map(({ type }) => type);

async function signedUp(user: string): Promise<void> {
  const story = new Story({ label: user, userId: user, startAt: '2026-06-10T09:00:00Z' });
  await app.play(story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]).take());
}

describe('registering', () => {
  it('is 201 the first time, 200 from then on, and adds nothing where nothing changed', async () => {
    const [user, uuid] = [newUser(), randomUUID()];
    const now = app.clock.now();
    const known = { uuid, status: 'active', ...LAPTOP, firstSeenAt: now, lastSeenAt: now };
    const first = await register(user, { uuid, ...LAPTOP });
    expect([first.status, first.body]).toEqual([201, known]);
    for (const again of [{ uuid, ...LAPTOP }, { uuid }, { uuid: uuid.toUpperCase(), name: LAPTOP.name }]) {
      const { status, body } = await register(user, again);
      expect([status, body]).toEqual([200, known]);
    }
    expect((await look(user, uuid.toUpperCase(), other)).body).toEqual(known);
    expect(await typesOf(user)).toEqual(['device.registered']);
  });

  it('keeps what the app says of itself anew, each change by its name', async () => {
    const user = newUser();
    const uuid = await registered(user, LAPTOP);
    const changed = { name: 'Old laptop', platform: null, appVersion: '4.3.0', metadata: { cores: 8, constructor: 'x' } };
    expect((await register(user, { uuid, ...changed })).body).toMatchObject({ uuid, ...changed });
    expect((await register(user, { uuid, name: null })).body).toMatchObject({ ...changed, name: null });
    expect((await register(user, { uuid, metadata: null })).body).toMatchObject({ name: null, metadata: {} });
    const types = ['device.registered', 'device.renamed', 'device.details_changed', 'device.renamed', 'device.details_changed'];
    expect(await typesOf(user)).toEqual(types);
  });

  it('carries the position of what it did, and shows it at once', async () => {
    const user = newUser();
    const { body, headers } = await register(user, { uuid: randomUUID() });
    const answer = await request(other.url)
      .get(`/uuid/${body.uuid}`)
      .set({ authorization: `Bearer ${await other.token(user)}`, 'ledger-min-position': headers['ledger-position'] });
    expect([answer.status, answer.body]).toEqual([200, body]);
  });

  it('gives the first answer again to the same Idempotency-Key', async () => {
    const [user, uuid] = [newUser(), randomUUID()];
    const send = async (body: object) =>
      request(app.url)
        .post('/uuid')
        .set({ authorization: `Bearer ${await app.token(user)}`, 'idempotency-key': 'first-start' })
        .send(body);
    const [first, again] = [await send({ uuid }), await send({ uuid })];
    expect([first.status, again.status, again.headers['idempotency-replayed']]).toEqual([201, 201, 'true']);
    expect(again.text).toBe(first.text);
    expect((await send({ uuid: randomUUID() })).body).toMatchObject({ code: 'idempotency_key_reused' });
  });

  it.each<[string, object, string]>([
    ['no uuid', {}, '/uuid'],
    ['no uuid at all', { uuid: 'laptop' }, '/uuid'],
    ['a uuid with braces', { uuid: `{${randomUUID()}}` }, '/uuid'],
    ['nil', { uuid: '00000000-0000-0000-0000-000000000000' }, '/uuid'],
    ['max', { uuid: 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF' }, '/uuid'],
    ['an empty name', { name: '' }, '/name'],
    ['a name of two lines', { name: 'a\nb' }, '/name'],
    ['an endless name', { name: 'x'.repeat(101) }, '/name'],
    ['a platform that is none', { platform: 7 }, '/platform'],
    ['an endless version', { appVersion: '1'.repeat(65) }, '/appVersion'],
    ['metadata as a list', { metadata: [] }, '/metadata'],
    ['metadata as text', { metadata: 'x' }, '/metadata'],
    ['too much metadata', { metadata: { a: 'x'.repeat(4_100) } }, '/metadata'],
    ['metadata that is too deep', { metadata: { a: { b: { c: {} } } } }, '/metadata'],
    ['an unknown reclaim', { reclaim: 'newest' }, '/reclaim'],
    ['something unknown', { licenseId: 'lic_1' }, '/licenseId'],
  ])('refuses %s', async (_, change, pointer) => {
    const { status, body } = await register('sailor_0', _ === 'no uuid' ? {} : { uuid: randomUUID(), ...change });
    expect([status, body.code]).toEqual([422, 'invalid_request']);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  it('refuses a body as deep as it is long', async () => {
    const metadata = `${'{"a":'.repeat(2_500)}1${'}'.repeat(2_500)}`;
    const answer = await request(app.url)
      .post('/uuid')
      .set({ authorization: `Bearer ${await app.token('sailor_0')}`, 'content-type': 'application/json' })
      .send(`{"uuid":"${randomUUID()}","metadata":${metadata}}`);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
  });
});

describe("a user's devices", () => {
  it('are nobody else’s: the same uuid of another user is another device', async () => {
    const [one, two] = [newUser(), newUser()];
    const uuid = await registered(one, { name: 'mine' });
    for (const answer of [await look(two, uuid), await retire(two, uuid)]) {
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
    expect((await register(two, { uuid, name: 'yours' })).status).toBe(201);
    expect((await retire(two, uuid)).body).toMatchObject({ status: 'retired' });
    expect((await look(one, uuid)).body).toMatchObject({ status: 'active', name: 'mine' });
    expect((await list(two)).data).toMatchObject([{ uuid, name: 'yours' }]);
  });

  it.each(['nothing', '00000000-0000-0000-0000-000000000000', randomUUID()])('do not include "%s"', async (uuid) => {
    expect((await look(newUser(), uuid)).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('may belong to anybody whom a token names', async () => {
    const user = 'org/7 "ñ" ' + 'x'.repeat(200);
    const uuid = await registered(user);
    expect((await look(user, uuid)).body).toMatchObject({ uuid, status: 'active' });
    expect((await admin(user, uuid, 'block', 'a test')).body).toMatchObject({ userId: user, status: 'blocked' });
  });

  it('are listed newest first, in pages', async () => {
    const user = newUser();
    const uuids: string[] = [];
    for (let n = 0; n < 5; n++) {
      app.clock.advanceSeconds(1);
      uuids.unshift(await registered(user));
    }
    await retire(user, uuids[1]!);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list(user, `?limit=2${cursor && `&after=${cursor}`}`);
      seen.push(...page.data.map(({ uuid }) => uuid));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(uuids);
    expect((await list(user, '?status=retired')).data).toMatchObject([{ uuid: uuids[1] }]);
    expect((await list(user, '?status=active')).data).toHaveLength(4);
    for (const query of ['?after=x', '?limit=0', '?status=lost']) {
      expect(kept('GET /uuid', await app.get(`/uuid${query}`, user)).status).toBe(422);
    }
  });

  it('come back where they were retired', async () => {
    const user = newUser();
    const uuid = await registered(user, LAPTOP);
    expect((await retire(user, uuid)).body).toMatchObject({ status: 'retired', ...LAPTOP });
    expect((await retire(user, uuid)).status).toBe(200);
    expect((await look(user, uuid)).body).toMatchObject({ status: 'retired' });
    const back = await register(user, { uuid, appVersion: '5.0.0' });
    expect([back.status, back.body]).toMatchObject([201, { ...LAPTOP, status: 'active', appVersion: '5.0.0' }]);
    expect(await typesOf(user)).toEqual(['device.registered', 'device.retired', 'device.registered']);
  });
});

describe('the limit of a product', () => {
  it('is reached: the answer says which devices could go', async () => {
    const user = newUser();
    const uuids: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      uuids.push(await registered(user, { product: 'pro_three', name, platform: 'linux' }));
      app.clock.advanceSeconds(90);
    }
    await look(user, uuids[0]!); // it is in use, so it is the last that should go
    await until(async () => (await look(user, uuids[0]!, other)).body.lastSeenAt === app.clock.now(), 'the sighting was written');
    const { status, body } = await register(user, { uuid: randomUUID(), product: 'pro_three', reclaim: 'oldest' }, other);
    expect([status, body]).toMatchObject([409, { code: 'device_limit_reached', limit: 3, active: 3, reclaim: 'none' }]);
    expect(body.devices.map((device: { name: string }) => device.name)).toEqual(['two', 'three', 'one']);
    expect(body.devices[2]).toEqual({
      uuid: uuids[0],
      status: 'active',
      name: 'one',
      platform: 'linux',
      firstSeenAt: expect.stringMatching(/Z$/),
      lastSeenAt: app.clock.now(),
    });
    expect((await register(user, { uuid: uuids[1], product: 'pro_three' })).status).toBe(200);
    await retire(user, uuids[1]!);
    await registered(user, { product: 'pro_three' });
    expect((await register(user, { uuid: uuids[1], product: 'pro_three' })).body.code).toBe('device_limit_reached');
  });

  it('retires the device that was not seen for the longest, where an app asks and the product allows it', async () => {
    const user = newUser();
    const first = await registered(user, { product: 'pro_two' });
    app.clock.advanceSeconds(1);
    const second = await registered(user, { product: 'pro_two' });
    const third = randomUUID();
    const refused = await register(user, { uuid: third, product: 'pro_two' });
    expect(refused.body).toMatchObject({ code: 'device_limit_reached', reclaim: 'oldest' });
    app.clock.advanceSeconds(61);
    await look(user, first);
    expect((await register(user, { uuid: third, product: 'pro_two', reclaim: 'oldest' })).status).toBe(201);
    expect((await list(user, '?status=active')).data.map(({ uuid }) => uuid)).toEqual([third, first]);
    const { body } = await app.get(`${DEVICES}?userId=${user}&status=retired`, 'admin_1', ['admin']);
    expect(body.data).toMatchObject([{ uuid: second, retired: { reason: 'reclaimed', note: null, by: user } }]);
    const [retiredAt, registeredAt] = (await eventsOf(user)).slice(-2).map(({ ref }) => Number(ref.split('-')[1]));
    expect(registeredAt).toBe(retiredAt! + 1); // in one append
  });

  it('is that of what the user may use, and a product that they may not use does not widen it', async () => {
    const user = newUser();
    await signedUp(user);
    await registered(user);
    await registered(user, { product: 'pro_wide' });
    for (const product of [undefined, SOLO.id, 'pro_wide', 'pro_nobody_knows']) {
      const { body } = await register(user, { uuid: randomUUID(), product });
      expect(body).toMatchObject({ code: 'device_limit_reached', limit: 2 });
    }
  });

  it('holds for however many at once, in however many processes', async () => {
    const user = newUser();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => register(user, { uuid: randomUUID(), product: 'pro_three' }, n % 2 ? app : other)),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([...Array(3).fill(201), ...Array(17).fill(409)]);
    expect((await list(user)).data).toHaveLength(3);
    expect(await typesOf(user)).toEqual(Array(3).fill('device.registered'));
  });

  it('lets in as many as there are places, when they all come at once', async () => {
    const user = newUser();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => register(user, { uuid: randomUUID() }, n % 2 ? app : other)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
    expect((await list(user)).data).toHaveLength(12);
  });
});

describe('the number of new devices in some days', () => {
  it('is limited where that is configured, whoever leaves meanwhile', async () => {
    const user = newUser();
    const first = await registered(user, { product: 'pro_slow' });
    const firstAt = app.clock.nowMs();
    app.clock.advanceSeconds(86_400);
    await retire(user, first);
    expect((await register(user, { uuid: first, product: 'pro_slow' })).status).toBe(201); // coming back counts
    const { status, body } = await register(user, { uuid: randomUUID(), product: 'pro_slow' });
    const nextAt = new Date(firstAt + 30 * 86_400_000).toISOString().replace('Z', '000Z');
    expect([status, body]).toMatchObject([409, { code: 'device_churn_limit', limit: 2, days: 30, nextAt }]);
    expect((await register(user, { uuid: first, name: 'the same', product: 'pro_slow' })).status).toBe(200);
    app.clock.set(nextAt);
    await registered(user, { product: 'pro_slow' });
  });
});

describe('a block', () => {
  it('keeps a device out, and its place taken, until it is lifted', async () => {
    const user = newUser();
    const uuid = await registered(user, { product: 'pro_one', name: 'stolen' });
    const blocked = await admin(user, uuid, 'block', 'reported stolen');
    expect(blocked.body).toMatchObject({
      userId: user,
      uuid,
      status: 'blocked',
      retired: null,
      blocked: { reason: 'reported stolen', at: app.clock.now(), by: 'admin_1' },
    });
    expect((await admin(user, uuid, 'block', 'again')).body.blocked.reason).toBe('reported stolen');
    const again = await register(user, { uuid, name: 'fine', product: 'pro_one' });
    expect([again.status, again.body]).toMatchObject([200, { status: 'blocked', name: 'stolen' }]);
    expect((await look(user, uuid)).body).toMatchObject({ status: 'blocked' });
    const next = await register(user, { uuid: randomUUID(), product: 'pro_one' });
    expect(next.body).toMatchObject({ code: 'device_limit_reached', devices: [{ uuid, status: 'blocked' }] });
    expect((await admin(user, uuid, 'unblock')).body).toMatchObject({ status: 'active', blocked: null });
    expect((await admin(user, uuid, 'unblock')).status).toBe(200);
    expect(await typesOf(user)).toEqual(['device.registered', 'device.blocked', 'device.unblocked']);
  });

  it('stays on a device that gives up its place', async () => {
    const user = newUser();
    const uuid = await registered(user, { product: 'pro_one' });
    await admin(user, uuid, 'block', 'cloned');
    expect((await retire(user, uuid)).body).toMatchObject({ status: 'blocked' });
    await registered(user, { product: 'pro_one' });
    expect((await register(user, { uuid, product: 'pro_wide' })).body).toMatchObject({ status: 'blocked' });
    expect((await admin(user, uuid, 'unblock')).body).toMatchObject({ status: 'retired' });
  });
});

describe('an admin', () => {
  it('finds devices by user and status, and retires one with a reason', async () => {
    const user = newUser();
    const uuid = await registered(user, LAPTOP);
    const retired = await admin(user, uuid, 'retire', 'left the company');
    expect(retired.body).toEqual({
      userId: user,
      uuid,
      status: 'retired',
      ...LAPTOP,
      firstSeenAt: app.clock.now(),
      lastSeenAt: app.clock.now(),
      retired: { reason: 'admin', note: 'left the company', at: app.clock.now(), by: 'admin_1' },
      blocked: null,
    });
    const find = async (query: string) => {
      const answer = await app.get(`${DEVICES}?${query}`, 'me', ['auditor']);
      return kept('GET /paddle/{environment}/admin/devices', answer).body.data as { userId: string; status: string }[];
    };
    expect(await find(`userId=${user}`)).toEqual([retired.body]);
    expect(await find(`userId=${user}&status=active`)).toEqual([]);
    const all = await find('limit=200');
    expect(new Set(all.map((one) => one.userId)).size).toBeGreaterThan(5);
    expect((await find('status=retired')).every(({ status }) => status === 'retired')).toBe(true);
    const { body } = await app.get('/paddle/live/admin/devices', 'me', ['auditor']);
    expect(body).toEqual({ data: [], nextCursor: null });
  });

  it('pages through the devices of everybody', async () => {
    const whole = (await app.get(`${DEVICES}?limit=200`, 'me', ['auditor'])).body.data as Shown[];
    const seen: Shown[] = [];
    let after = '';
    while (after !== 'null') {
      const { body } = await app.get(`${DEVICES}?limit=7${after && `&after=${after}`}`, 'me', ['auditor']);
      seen.push(...(body.data as Shown[]));
      after = String(body.nextCursor);
    }
    expect(seen).toEqual(whole);
  });

  it('cannot do anything to a device that is not there, nor without a reason', async () => {
    const user = newUser();
    for (const what of ['block', 'unblock', 'retire'] as const) {
      expect((await admin(user, randomUUID(), what, what === 'unblock' ? undefined : 'why')).status).toBe(404);
      expect((await admin(user, 'nothing', what, what === 'unblock' ? undefined : 'why')).status).toBe(404);
    }
    const uuid = await registered(user);
    for (const what of ['block', 'retire'] as const) expect((await admin(user, uuid, what)).status).toBe(422);
  });

  it('is the only one who may', async () => {
    const user = newUser();
    const uuid = await registered(user);
    for (const roles of [[], ['auditor'], ['service']]) {
      const { status } = await app.post(`${DEVICES}/${user}/${uuid}/block`, { reason: 'x' }, user, roles);
      expect(status).toBe(403);
    }
    expect((await app.get(DEVICES, user)).status).toBe(403);
    expect((await request(app.url).get(`/uuid/${uuid}`)).status).toBe(401);
    expect((await look(user, uuid)).body).toMatchObject({ status: 'active' });
  });
});

describe('heartbeats', () => {
  it('add one event a day at most, however many they are', async () => {
    const user = newUser();
    const uuid = await registered(user);
    app.clock.advanceSeconds(86_400);
    const first = app.clock.now();
    const headers = { authorization: `Bearer ${await app.token(user)}` };
    const beat = async ({ url }: TestApp) => (await fetch(`${url}/uuid/${uuid}`, { headers })).arrayBuffer();
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => beat(n % 2 ? app : other)));
      app.clock.advanceSeconds(61);
    }
    const sightings = async () => (await eventsOf(user)).filter(({ type }) => type === 'device.sighted');
    await until(async () => (await sightings()).length > 0, 'the day was noted');
    await Promise.all([app.caughtUp(), other.caughtUp()]);
    expect(await sightings()).toHaveLength(1);
    const { body } = await app.get(`/ledger/events/${(await sightings())[0]!.ref}`, 'me', ['auditor']);
    expect(body).toMatchObject({ occurredAt: first, userId: user });
    expect((await look(user, uuid)).body.lastSeenAt > first).toBe(true);
  });

  it('are noted once a minute', async () => {
    const user = newUser();
    const uuid = await registered(user);
    const at = app.clock.now();
    app.clock.advanceSeconds(59);
    expect((await look(user, uuid)).body.lastSeenAt).toBe(at);
    app.clock.advanceSeconds(1);
    const later = app.clock.now();
    expect((await look(user, uuid)).body.lastSeenAt).toBe(later);
    await until(async () => (await list(user)).data[0]!.lastSeenAt === later, 'it was noted');
  });

  it('are known to the day when everything beside the ledger is lost', async () => {
    const user = newUser();
    const uuid = await registered(user);
    app.clock.advanceSeconds(86_400);
    await look(user, uuid);
    const day = app.clock.now();
    await until(async () => (await typesOf(user)).length === 2, 'the day was noted');
    app.clock.advanceSeconds(120);
    await look(user, uuid);
    await until(async () => (await list(user)).data[0]!.lastSeenAt === app.clock.now(), 'the minute was noted');
    await app.caughtUp();
    await app.database.query('DELETE FROM operations.device_sightings');
    expect((await list(user)).data[0]!.lastSeenAt).toBe(day);
  });
});

it('knows everything after a restart', async () => {
  const user = newUser();
  const uuid = await registered(user, { product: 'pro_one', ...LAPTOP });
  app.clock.advanceSeconds(120);
  const { body: seen } = await look(user, uuid, other);
  await other.close();
  other = await TestApp.start({ settings, database: app.database, clock: app.clock });
  expect((await look(user, uuid, other)).body).toEqual(seen);
  expect((await register(user, { uuid: randomUUID(), product: 'pro_one' }, other)).body.code).toBe('device_limit_reached');
});

describe('an answer for offline use', () => {
  const claimsOf = async (token: string, at = app.clock) => {
    const { body } = await request(other.url).get('/.well-known/jwks.json').expect(200);
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(body), { currentDate: new Date(at.nowMs()) });
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'oarlock-offline+jwt', kid: body.keys[0].kid });
    return payload;
  };
  const offline = async (user: string, uuid: string, on = app) => {
    const answer = kept('GET /uuid/{uuid}', await on.get(`/uuid/${uuid}?offline=true`, user));
    return answer.body as Required<Shown>;
  };

  it('states what its owner may use, to be checked with the published key, for an hour', async () => {
    const user = newUser();
    await signedUp(user);
    const uuid = await registered(user);
    const { offline: answer, ...device } = await offline(user, uuid);
    expect(device).toEqual((await look(user, uuid)).body);
    const iat = app.clock.nowSeconds();
    expect(answer!.expiresAt).toBe(instantFromMs((iat + 3_600) * 1_000));
    expect(await claimsOf(answer!.token)).toEqual({
      sub: user,
      device: uuid,
      environment: 'sandbox',
      access: { [SOLO.id]: { access: 'full', until: null, quantity: 1 } },
      seats: [],
      iat,
      exp: iat + 3_600,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const again = await offline(user, uuid, other);
    expect(await claimsOf(again.offline!.token)).toMatchObject({ sub: user, exp: iat + 3_600 });
  });

  it('is refused when it was tampered with, and when it has expired', async () => {
    const user = newUser();
    await signedUp(user);
    const { token } = (await offline(user, await registered(user))).offline!;
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const forged = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'somebody' };
    const other = Buffer.from(JSON.stringify(forged)).toString('base64url');
    await expect(claimsOf(`${header}.${other}.${signature}`)).rejects.toThrow('signature verification failed');
    app.clock.advanceSeconds(3_600);
    await expect(claimsOf(token)).rejects.toThrow('"exp" claim timestamp check failed');
  });

  it('never outlives the access that it states', async () => {
    const user = newUser();
    const story = new Story({ label: user, userId: user, startAt: app.clock.now() });
    story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]).schedule('cancel');
    await app.play(story.take());
    const uuid = await registered(user);
    const { body } = await app.get('/products/access', user);
    const { until } = body.products[0] as { until: string };
    app.clock.set(new Date(Date.parse(until) - 600_000).toISOString());
    const { offline: answer } = await offline(user, uuid);
    expect(answer!.expiresAt).toBe(instantFromMs(Math.floor(Date.parse(until) / 1_000) * 1_000));
    app.clock.set(until);
    expect((await offline(user, uuid)).offline).toBeNull();
  });

  it('is not given to a device that is not active, nor where there is nothing to state', async () => {
    const [user, poor] = [newUser(), newUser()];
    await signedUp(user);
    const uuid = await registered(user);
    await admin(user, uuid, 'block', 'cloned');
    expect(await offline(user, uuid)).toMatchObject({ status: 'blocked', offline: null });
    await admin(user, uuid, 'unblock');
    await retire(user, uuid);
    expect(await offline(user, uuid)).toMatchObject({ status: 'retired', offline: null });
    expect(await offline(poor, await registered(poor))).toMatchObject({ status: 'active', offline: null });
  });

  it('is kept by nobody on its way, while its key may be', async () => {
    const user = newUser();
    const { headers } = await app.get(`/uuid/${await registered(user)}?offline=true`, user);
    expect(headers['cache-control']).toBe('no-store');
    const keys = kept('GET /.well-known/jwks.json', await request(app.url).get('/.well-known/jwks.json'));
    expect(keys.headers['cache-control']).toBe('public, max-age=300');
  });

  it('is signed by the first key, and both are published, while keys are changed', async () => {
    const user = newUser();
    await signedUp(user);
    const uuid = await registered(user);
    const { token } = (await offline(user, uuid)).offline!;
    const keys = `${newKey()},${settings.OFFLINE_SIGNING_KEY}`;
    const next = await TestApp.start({ settings: { OFFLINE_SIGNING_KEY: keys }, database: app.database, clock: app.clock });
    const { body } = await request(next.url).get('/.well-known/jwks.json');
    const kidOf = (jws: string) => decodeProtectedHeader(jws).kid;
    const { offline: answer } = await offline(user, uuid, next);
    expect(body.keys.map(({ kid }: { kid: string }) => kid)).toEqual([kidOf(answer!.token), kidOf(token)]);
    const currentDate = new Date(app.clock.nowMs());
    for (const jws of [token, answer!.token]) await jwtVerify(jws, createLocalJWKSet(body), { currentDate });
    await next.close();
  });

  it('is 501 where no key is set, and everything else works', async () => {
    const bare = await TestApp.start({ database: app.database, clock: app.clock });
    const user = newUser();
    const uuid = await registered(user);
    const answer = kept('GET /uuid/{uuid}', await bare.get(`/uuid/${uuid}?offline=true`, user));
    expect(answer.body).toMatchObject({
      status: 501,
      code: 'not_configured',
      detail: expect.stringMatching(/OFFLINE_SIGNING_KEY/),
    });
    expect((await look(user, uuid, bare)).body).toMatchObject({ status: 'active' });
    await request(bare.url).get('/.well-known/jwks.json').expect(200, { keys: [] });
    await bare.close();
  });
});
