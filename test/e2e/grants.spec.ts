import { Client } from 'pg';
import request from 'supertest';
import { OpenApiContract } from '../support/openapi';
import { TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';

const NOW = '2026-06-15T12:00:00Z';
const GRANTS = '/paddle/sandbox/admin/grants';
const UNKNOWN = `grant_${'0'.repeat(32)}`;

let database: TestDatabase;
let app: TestApp;
let contract: OpenApiContract;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await TestApp.start({ database });
  contract = await OpenApiContract.of(app.url);
});
beforeEach(() => app.clock.set(NOW));
afterAll(async () => {
  await TestApp.closeAll();
  await database.drop();
});

interface Asked {
  body?: object | undefined;
  user?: string;
  roles?: string[];
  headers?: Record<string, string>;
  to?: TestApp;
}

/** Every answer is held against the contract. */
async function ask(method: 'get' | 'post' | 'delete', path: string, asked: Asked = {}): Promise<request.Response> {
  const { body, user = 'admin_1', roles = ['admin'], headers = {}, to = app } = asked;
  const authorization = `Bearer ${await to.token(user, roles)}`;
  const asking = request(to.url);
  const answer = await asking[method](path)
    .set({ authorization, ...headers })
    .send(body);
  const operation = `${method.toUpperCase()} /paddle/{environment}/admin/grants${method === 'delete' ? '/{id}' : ''}`;
  const { status, type, body: content } = answer;
  expect(contract.violations(operation, { status, type, body: content as unknown })).toEqual([]);
  return answer;
}

const asked = (userId: string, change: object = {}) => ({ userId, product: 'pro_a', until: null, reason: 'partner', ...change });
const give = (body: object, how: Asked = {}) => ask('post', GRANTS, { body, ...how });
const list = (query = '', how: Asked = {}) => ask('get', `${GRANTS}${query}`, how);
const revoke = (id: string, reason: string, how: Asked = {}) => ask('delete', `${GRANTS}/${id}`, { body: { reason }, ...how });

async function given(userId: string, change: object = {}): Promise<string> {
  const { status, body } = await give(asked(userId, change));
  expect([status, body]).toMatchObject([201, { userId }]);
  return (body as { id: string }).id;
}

const idsOf = ({ body }: request.Response) => (body as { data: { id: string }[] }).data.map(({ id }) => id);

async function eventsOf(grantId: string): Promise<Record<string, unknown>[]> {
  const { body } = await app.get(`/ledger/streams/grant:${grantId}`, 'auditor_1', ['auditor']);
  return (body as { data?: Record<string, unknown>[] }).data ?? [];
}

const typesOf = async (grantId: string) => (await eventsOf(grantId)).map(({ type }) => type);
const failing = ({ status, body }: request.Response) => [
  status,
  (body as { errors?: { pointer: string }[] }).errors?.[0]?.pointer,
];
const codeOf = ({ status, body }: request.Response) => [status, (body as { code: string }).code];

describe('giving', () => {
  it('answers with the grant, and shows it at once', async () => {
    const answer = await give(asked('ada', { until: '2026-07-01T02:00:00+02:00', quantity: 3 }));
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^grant_[0-9a-f]{32}$/),
        userId: 'ada',
        productId: 'pro_a',
        ref: null,
        until: '2026-07-01T00:00:00.000000Z',
        quantity: 3,
        reason: 'partner',
        givenAt: '2026-06-15T12:00:00.000000Z',
        givenBy: 'admin_1',
        revokedAt: null,
        revokedBy: null,
        revokeReason: null,
        eventId: expect.stringMatching(/^given_grant_/),
        inForce: true,
      },
    ]);
    const shown = await list('?userId=ada');
    expect(shown.body).toEqual({ data: [answer.body], nextCursor: null });
    expect(shown.headers['ledger-position']).toBe(answer.headers['ledger-position']);
  });

  it('carries a position that any process can wait for', async () => {
    const other = await TestApp.start({ database });
    const { headers, body } = await give(asked('bea'));
    const seen = await list('?userId=bea', { to: other, headers: { 'ledger-min-position': headers['ledger-position']! } });
    await other.close();
    expect(seen.body.data).toEqual([body]);
  });

  it('gives one of it, without an end, when nothing else is said', async () => {
    expect((await give(asked('cid'))).body).toMatchObject({ quantity: 1, until: null, inForce: true });
  });

  it('takes a name for a product', async () => {
    const named = await app.post('/paddle/sandbox/config/p_ref', { version: 0, refs: { solo: 'pro_solo' } });
    expect(named.status).toBe(200);
    const { body } = await give(asked('dan', { product: 'solo' }));
    expect(body).toMatchObject({ productId: 'pro_solo', ref: 'solo' });
    expect((await list('?userId=dan')).body.data).toEqual([body]);
    const live = await ask('post', '/paddle/live/admin/grants', { body: asked('dan', { product: 'solo' }) });
    expect(live.body).toMatchObject({ productId: 'solo', ref: null });
  });

  it.each<[string, object, string]>([
    ['no user', { userId: undefined }, '/userId'],
    ['a user without a name', { userId: '  ' }, '/userId'],
    ['a user with a control character', { userId: 'eve\u0000' }, '/userId'],
    ['a user with half a character', { userId: 'eve\ud800' }, '/userId'],
    ['a user that is too long', { userId: 'e'.repeat(256) }, '/userId'],
    ['no product', { product: undefined }, '/product'],
    ['a product that is none', { product: 7 }, '/product'],
    ['nothing about an end', { until: undefined }, '/until'],
    ['an end that is no time', { until: 'tomorrow' }, '/until'],
    ['an end that is no day', { until: '2027-02-30T00:00:00Z' }, '/until'],
    ['an end that has passed', { until: '2026-06-15T11:59:59Z' }, '/until'],
    ['an end that is now', { until: NOW }, '/until'],
    ['none of it', { quantity: 0 }, '/quantity'],
    ['half of it', { quantity: 0.5 }, '/quantity'],
    ['too many', { quantity: 1_000_001 }, '/quantity'],
    ['no reason', { reason: undefined }, '/reason'],
    ['a reason that says nothing', { reason: ' ' }, '/reason'],
    ['a reason that is too long', { reason: 'r'.repeat(501) }, '/reason'],
    ['what nobody knows', { forever: true }, '/forever'],
  ])('refuses %s', async (_, change, pointer) => {
    expect(failing(await give(asked('eve', change)))).toEqual([422, pointer]);
    expect(idsOf(await list('?userId=eve'))).toEqual([]);
  });

  it('takes the longest of everything', async () => {
    const longest = { until: '9999-12-31T23:59:59Z', quantity: 1_000_000, reason: 'r'.repeat(500) };
    expect((await give(asked('u'.repeat(255), longest))).body).toMatchObject({ userId: 'u'.repeat(255), inForce: true });
  });
});

describe('in force', () => {
  it('ends by itself, and stays in the list', async () => {
    const id = await given('fay', { until: '2026-06-15T12:00:10Z' });
    const inForce = async () => (await list('?userId=fay')).body.data.map((one: { inForce: boolean }) => one.inForce);
    expect(await inForce()).toEqual([true]);
    app.clock.advanceSeconds(10);
    expect(await inForce()).toEqual([false]);
    expect((await revoke(id, 'tidy')).body).toMatchObject({ inForce: false, revokeReason: 'tidy' });
  });
});

describe('revoking', () => {
  it('answers with the grant as it then is, and shows it at once', async () => {
    const before = (await give(asked('gus'))).body;
    app.clock.advanceSeconds(60);
    const answer = await revoke(before.id, 'contract ended', { user: 'admin_2' });
    const after = {
      ...before,
      revokedAt: '2026-06-15T12:01:00.000000Z',
      revokedBy: 'admin_2',
      revokeReason: 'contract ended',
      inForce: false,
    };
    expect([answer.status, answer.body]).toEqual([200, after]);
    expect((await list('?userId=gus')).body.data).toEqual([after]);
  });

  it('the second time changes nothing, and is no error', async () => {
    const id = await given('hal');
    const first = await revoke(id, 'first');
    app.clock.advanceSeconds(60);
    const second = await revoke(id, 'second', { user: 'admin_2' });
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect(await typesOf(id)).toEqual(['grant.given', 'grant.revoked']);
  });

  it.each([
    ['an id that nobody has', UNKNOWN],
    ['a word', 'x'],
    ['a control character', '%00'],
    ['an id and more', `${UNKNOWN}%0a`],
    ['the longest there can be', 'g'.repeat(256)],
  ])('finds nothing under %s', async (_, id) => {
    expect(codeOf(await revoke(id, 'whatever'))).toEqual([404, 'not_found']);
  });

  it.each<[string, object | undefined, string]>([
    ['no body', undefined, '/reason'],
    ['no reason', {}, '/reason'],
    ['an empty one', { reason: '' }, '/reason'],
    ['one that is too long', { reason: 'r'.repeat(501) }, '/reason'],
    ['one that is no text', { reason: { text: 'x' } }, '/reason'],
    ['what nobody knows', { reason: 'left', force: true }, '/force'],
  ])('wants a reason in its body, not %s', async (_, body, pointer) => {
    const id = await given('ida');
    expect(failing(await ask('delete', `${GRANTS}/${id}?reason=left`, { body }))).toEqual([422, pointer]);
    expect(await typesOf(id)).toEqual(['grant.given']);
  });

  it('at once by many is recorded once, and all get the same answer', async () => {
    const id = await given('jim');
    const admins = Array.from({ length: 8 }, (_, n) => `admin_${n}`);
    const answers = await Promise.all(admins.map((user) => revoke(id, `says ${user}`, { user })));
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(await typesOf(id)).toEqual(['grant.given', 'grant.revoked']);
  });

  it('at once by two in two processes is recorded once, and both get what the ledger has', async () => {
    const other = await TestApp.start({ database });
    const id = await given('kay');
    const letGo = await holdAppends();
    const both = [revoke(id, 'one', { user: 'admin_1' }), revoke(id, 'two', { user: 'admin_2', to: other })];
    await until(async () => (await waitingAppends()) === 2, 'both have decided, and wait to append');
    await letGo();
    const [one, two] = await Promise.all(both);
    await other.close();
    expect([one!.status, two!.status]).toEqual([200, 200]);
    expect(two!.body).toEqual(one!.body);
    const [, revoked] = await eventsOf(id);
    expect([one!.body.revokedBy, await typesOf(id)]).toEqual([revoked!.actor, ['grant.given', 'grant.revoked']]);
  });
});

describe('what was given', () => {
  const access = async (path: string) => (await app.get(`/products/access${path}`, 'yan')).body;

  it('may be used at once, until it ends or is revoked, and says why', async () => {
    expect((await access('?product=pro_a')).products).toMatchObject([{ access: 'none', reason: 'no_purchase' }]);
    const id = await given('yan', { quantity: 2, until: '2026-06-15T12:00:10Z' });
    const granted = { productId: 'pro_a', access: 'full', reason: 'granted', quantity: 2 };
    expect((await access('')).products).toMatchObject([
      { ...granted, source: { type: 'grant', id }, until: '2026-06-15T12:00:10.000000Z' },
    ]);
    const { evidence } = await access('?explain=true');
    expect(evidence).toMatchObject([{ eventId: `given_${id}`, eventType: 'grant.given' }]);
    app.clock.advanceSeconds(10);
    expect((await access('?product=pro_a')).products).toMatchObject([{ access: 'none' }]);
    const next = await given('yan');
    expect((await access('')).products).toMatchObject([{ ...granted, quantity: 1, source: { id: next }, until: null }]);
    await revoke(next, 'left');
    expect((await access('?product=pro_a')).products).toMatchObject([{ access: 'none' }]);
  });
});

describe('the list', () => {
  it('comes in pages, newest first, which neither overlap nor leave anything out', async () => {
    const ids: string[] = [];
    for (const [n, seconds] of [0, 0, 1, 0, 60].entries()) {
      app.clock.advanceSeconds(seconds);
      ids.push(await given('lea', { reason: `number ${n}` }));
    }
    const wanted = [ids[4]!, ...[ids[3]!, ids[2]!].sort().toReversed(), ...[ids[1]!, ids[0]!].sort().toReversed()];
    expect(idsOf(await list('?userId=lea'))).toEqual(wanted);
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = await list(`?userId=lea&limit=2${after}`);
      seen.push(...idsOf(page));
      if (seen.length === 2) await given('lea', { reason: 'given meanwhile' });
      if (page.body.nextCursor === null) break;
      after = `&after=${encodeURIComponent(page.body.nextCursor)}`;
    }
    expect(seen).toEqual(wanted);
    expect((await list('?userId=lea&limit=6')).body.nextCursor).toBeNull();
    expect((await list('?userId=lea&limit=5')).body.nextCursor).not.toBeNull();
  });

  it('is of everybody, or of one user', async () => {
    const ids = [await given('max'), await given('mia')];
    expect(idsOf(await list('?limit=200'))).toEqual(expect.arrayContaining(ids));
    expect(idsOf(await list('?userId=max'))).toEqual([ids[0]]);
    expect((await list('?userId=nobody')).body).toEqual({ data: [], nextCursor: null });
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['userId=', '/userId'],
    ['userId=%00', '/userId'],
    ['after=x', '/after'],
    ['after=2026-06-15T12:00:00Z.grant_1', '/after'],
  ])('refuses %s', async (query, pointer) => expect(failing(await list(`?${query}`))).toEqual([422, pointer]));
});

describe('who may', () => {
  it.each([
    ['user_1', []],
    ['service_1', ['service']],
  ])('%s may nothing', async (user, roles) => {
    const id = await given('ned');
    const who = { user, roles };
    for (const answer of [await give(asked('ned'), who), await list('', who), await revoke(id, 'left', who)]) {
      expect(codeOf(answer)).toEqual([403, 'forbidden']);
    }
    expect(await typesOf(id)).toEqual(['grant.given']);
    expect(idsOf(await list('?userId=ned&limit=200'))).toContain(id);
  });

  it('an auditor may read', async () => {
    const id = await given('oda');
    const who = { user: 'auditor_1', roles: ['auditor'] };
    expect(idsOf(await list('?userId=oda', who))).toEqual([id]);
    expect(codeOf(await give(asked('oda'), who))).toEqual([403, 'forbidden']);
    expect(codeOf(await revoke(id, 'left', who))).toEqual([403, 'forbidden']);
  });

  it('nobody may without a token', async () => {
    const headers = { authorization: '' };
    for (const answer of [
      await give(asked('pam'), { headers }),
      await list('', { headers }),
      await revoke(UNKNOWN, 'x', { headers }),
    ]) {
      expect(codeOf(answer)).toEqual([401, 'unauthenticated']);
    }
  });
});

describe('environments', () => {
  it('never mix', async () => {
    const live = '/paddle/live/admin/grants';
    const id = await given('quin');
    expect((await ask('get', `${live}?userId=quin`)).body.data).toEqual([]);
    expect(codeOf(await ask('delete', `${live}/${id}`, { body: { reason: 'left' } }))).toEqual([404, 'not_found']);
    const { body } = await ask('post', live, { body: asked('quin') });
    expect(codeOf(await revoke(body.id, 'left'))).toEqual([404, 'not_found']);
    expect(idsOf(await ask('get', `${live}?userId=quin`))).toEqual([body.id]);
    expect(idsOf(await list('?userId=quin'))).toEqual([id]);
    expect((await ask('delete', `${live}/${body.id}`, { body: { reason: 'left' } })).body).toMatchObject({ inForce: false });
  });

  it('are two', async () => {
    for (const answer of [
      await ask('post', '/paddle/moon/admin/grants', { body: asked('quin') }),
      await ask('get', '/paddle/moon/admin/grants'),
      await ask('delete', `/paddle/moon/admin/grants/${UNKNOWN}`, { body: { reason: 'left' } }),
    ]) {
      expect(codeOf(answer)).toEqual([404, 'not_found']);
    }
  });
});

describe('the same Idempotency-Key', () => {
  it('gives one grant', async () => {
    const headers = { 'idempotency-key': 'once' };
    const answers = [await give(asked('ray'), { headers }), await give(asked('ray'), { headers })];
    expect(answers[1]!.headers['idempotency-replayed']).toBe('true');
    expect(answers[1]!.body).toEqual(answers[0]!.body);
    expect(idsOf(await list('?userId=ray'))).toHaveLength(1);
    expect(codeOf(await give(asked('rob'), { headers }))).toEqual([422, 'idempotency_key_reused']);
  });

  it('gives one grant also when the process died before it answered, and when the grant has ended meanwhile', async () => {
    const headers = { 'idempotency-key': 'died' };
    const body = asked('sam', { until: '2026-06-15T13:00:00Z' });
    const first = await give(body, { headers });
    await forgetAnswer('died');
    const second = await give(body, { headers });
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    await forgetAnswer('died');
    app.clock.set('2026-06-15T14:00:00Z');
    const third = await give(body, { headers });
    expect([third.status, third.body]).toEqual([201, { ...first.body, inForce: false }]);
    expect(await typesOf(first.body.id)).toEqual(['grant.given']);
    expect(idsOf(await list('?userId=sam'))).toEqual([first.body.id]);
  });

  it('is free for another grant after a day', async () => {
    const headers = { 'idempotency-key': 'daily' };
    const first = await give(asked('tom', { reason: 'monday' }), { headers });
    await database.query(
      `UPDATE operations.idempotency_keys SET created_at = created_at - interval '25 hours' WHERE key = 'daily'`,
    );
    const second = await give(asked('tom', { reason: 'tuesday' }), { headers });
    expect(second.status).toBe(201);
    expect(idsOf(await list('?userId=tom'))).toEqual(expect.arrayContaining([first.body.id, second.body.id]));
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('of two admins gives two', async () => {
    const headers = { 'idempotency-key': 'ours' };
    for (const user of ['admin_1', 'admin_2']) await give(asked('uma'), { headers, user });
    expect(idsOf(await list('?userId=uma'))).toHaveLength(2);
  });

  it('is not needed: without one, the same request twice gives two', async () => {
    await given('val');
    await given('val');
    expect(idsOf(await list('?userId=val'))).toHaveLength(2);
  });
});

it('says on the ledger who gave and who took back, in which request and why', async () => {
  const { body } = await give(asked('wes', { reason: 'a friend of the house' }), { headers: { 'x-request-id': 'r-give' } });
  await revoke(body.id, 'not any more', { user: 'admin_2', headers: { 'x-request-id': 'r-revoke' } });
  const events = await eventsOf(body.id);
  const place = { streamId: `grant:${body.id}`, environment: 'sandbox', source: 'native', customerId: null, userId: 'wes' };
  expect(events).toMatchObject([
    { ...place, type: 'grant.given', streamVersion: 1, eventId: body.eventId, actor: 'admin_1', requestId: 'r-give' },
    { ...place, type: 'grant.revoked', streamVersion: 2, actor: 'admin_2', requestId: 'r-revoke' },
  ]);
  expect(events.map((event) => JSON.parse(event.body as string) as unknown)).toEqual([
    { grantId: body.id, productId: 'pro_a', quantity: 1, reason: 'a friend of the house', givenBy: 'admin_1', until: null },
    { grantId: body.id, reason: 'not any more', revokedBy: 'admin_2' },
  ]);
  const named = await app.get('/ledger/events?userId=wes', 'auditor_1', ['auditor']);
  expect(named.body.data).toHaveLength(2);
});

it('is all there after a restart, and after a rebuild', async () => {
  const id = await given('xia', { until: '2026-07-01T00:00:00Z', quantity: 2 });
  await revoke(await given('xia'), 'left');
  const before = (await list('?limit=200')).body;
  const restarted = await TestApp.start({ database });
  expect((await list('?limit=200', { to: restarted })).body).toEqual(before);
  const { body } = await restarted.post('/projections/grants/rebuild', { mode: 'swap' });
  const rebuild = async () => (await restarted.get(`/projections/grants/rebuilds/${body.rebuildId}`, 'me', ['admin'])).body;
  await until(async () => (await rebuild()).state === 'live', 'the swap');
  expect((await rebuild()).diff).toMatchObject({ added: 0, removed: 0, changed: 0 });
  expect((await list('?limit=200', { to: restarted })).body).toEqual(before);
  expect((await revoke(id, 'left', { to: restarted })).body).toMatchObject({ quantity: 2, inForce: false });
  await restarted.close();
});

/** As if the process had died after it appended, before it answered. */
async function forgetAnswer(key: string): Promise<void> {
  await database.query(
    `UPDATE operations.idempotency_keys
        SET state = 'in_flight', status = NULL, headers = NULL, body = NULL, finished_at = NULL, instance_id = 'one that died'
      WHERE key = '${key}'`,
  );
}

/** Keeps everybody from appending to the first shard of the sandbox, until they are let go. */
async function holdAppends(): Promise<() => Promise<void>> {
  const client = new Client(database.ownerUrl);
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock(716, 1)');
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

async function waitingAppends(): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_locks JOIN pg_database d ON d.oid = database
      WHERE datname = current_database() AND locktype = 'advisory' AND classid = 716 AND objid = 1 AND NOT granted`,
  );
  return row!.count;
}
