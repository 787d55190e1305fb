import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { Instances } from '../../src/instances';
import { OpenApiContract } from '../support/openapi';
import { recordedStories } from '../support/paddle/stories';
import { TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';

let database: TestDatabase;
let app: TestApp;
let other: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await TestApp.start({ database, settings: { CORS_ORIGINS: ORIGIN } });
  other = await TestApp.start({ database, settings: { CORS_ORIGINS: ORIGIN } });
});
afterAll(async () => {
  await TestApp.closeAll();
  await database.drop();
});
afterEach(async () => {
  for (const id of await openBuilds()) await app.post(`${PROJECTION}/rebuilds/${id}/cancel`);
});

interface Sent {
  key?: string;
  body?: string;
  user?: string;
  roles?: string[];
  to?: TestApp;
  signal?: AbortSignal;
}

const ORIGIN = 'https://product.example.com';
const PROJECTION = '/projections/subscriptions';
const REBUILD = `${PROJECTION}/rebuild`;
/** Of the connection or the one request, not of the answer. */
const NOT_OF_THE_ANSWER = ['date', 'connection', 'keep-alive', 'x-request-id', 'idempotency-replayed'];

async function send(path: string, { key, body = '{}', user = 'admin_1', roles = ['admin'], to = app, signal }: Sent = {}) {
  const response = await fetch(`${to.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await to.token(user, roles)}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body,
    ...(signal ? { signal } : {}),
  });
  const headers = Object.fromEntries(response.headers);
  const replayed = headers['idempotency-replayed'] === 'true';
  for (const name of NOT_OF_THE_ANSWER) delete headers[name];
  return { replayed, answer: { status: response.status, headers, bytes: await response.text() } };
}

type Outcome = Awaited<ReturnType<typeof send>>;
const codeOf = ({ answer }: Outcome) => [answer.status, (JSON.parse(answer.bytes) as { code?: string }).code];
const openBuilds = () => buildsIn(`state IN ('running', 'ready')`);
const buildsIn = (condition: string) =>
  database
    .query<{ build: number }>(
      `SELECT build FROM operations.projection_builds WHERE projection = 'subscriptions' AND ${condition}`,
    )
    .then((rows) => rows.map(({ build }) => build));
const keys = (key: string) =>
  database.query<{ state: string; subject: string }>(
    `SELECT state, subject FROM operations.idempotency_keys WHERE key = '${key}' ORDER BY subject`,
  );
const stateBecomes = (key: string, state: string) =>
  until(async () => (await keys(key)).some((row) => row.state === state), `the key ${key} is ${state}`);

/** Keeps every handler that asks for builds waiting, until it is let go. */
async function hold(): Promise<() => Promise<void>> {
  const client = new Client(database.ownerUrl);
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE operations.projection_builds IN ACCESS EXCLUSIVE MODE');
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

/** A key that a process had taken when it died, or was taken by one that lives. */
async function leftBehind(key: string, heartbeat: string | null, body = '{}'): Promise<void> {
  const digest = createHash('sha256').update(body).digest('hex');
  const instance = `instance of ${key}`;
  if (heartbeat) {
    await database.query(
      `INSERT INTO operations.instances (instance_id, heartbeat_at) VALUES ('${instance}', now() - interval '${heartbeat}')`,
    );
  }
  await database.query(
    `INSERT INTO operations.idempotency_keys (subject, key, route, body_digest, claim_id, instance_id)
     VALUES ('admin_1', '${key}', 'POST ${REBUILD}', '\\x${digest}', gen_random_uuid(), '${instance}')`,
  );
}

describe('the same key and body', () => {
  it('give the first answer again, byte for byte, from any process, and nothing is done twice', async () => {
    const before = await buildsIn('true');
    const first = await send(REBUILD, { key: 'twice' });
    const again = await send(REBUILD, { key: 'twice' });
    const elsewhere = await send(REBUILD, { key: 'twice', to: other });
    expect([first.replayed, again.replayed, elsewhere.replayed]).toEqual([false, true, true]);
    expect(first.answer.status).toBe(202);
    expect(again.answer).toEqual(first.answer);
    expect(elsewhere.answer).toEqual(first.answer);
    expect(await buildsIn('true')).toHaveLength(before.length + 1);
  });

  it.each([
    ['an unknown name', '/projections/nothing/rebuild', '{}', 404],
    ['an unknown id', '/dead-letters/customers.1.1-7/dismiss', '{"reason":"no more"}', 404],
    ['a body that is not valid', REBUILD, '{"mode":"x"}', 422],
    ['a state that forbids it', `${PROJECTION}/rebuilds/1/cancel`, '{}', 409],
  ])('give a refusal again: %s', async (what, path, body, status) => {
    const first = await send(path, { key: `refusal-${what.replaceAll(' ', '-')}`, body });
    const again = await send(path, { key: `refusal-${what.replaceAll(' ', '-')}`, body });
    expect([first.answer.status, first.replayed, again.replayed]).toEqual([status, false, true]);
    expect(first.answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(again.answer).toEqual(first.answer);
  });

  it('give it also when another answer would be given now', async () => {
    const [, first] = [await send(REBUILD, { key: 'start' }), await send(REBUILD, { key: 'in-the-way' })];
    expect(codeOf(first)).toEqual([409, 'rebuild_in_progress']);
    const [build] = await openBuilds();
    await send(`${PROJECTION}/rebuilds/${build}/cancel`, { key: 'cancel' });
    expect((await send(REBUILD, { key: 'in-the-way' })).answer).toEqual(first.answer);
    expect((await send(REBUILD, { key: 'the-way-is-free' })).answer.status).toBe(202);
  });

  it('say who asks anew', async () => {
    const url = `${app.url}${REBUILD}`;
    const ask = async (id: string) => {
      const headers = {
        authorization: `Bearer ${await app.token('admin_1', ['admin'])}`,
        'idempotency-key': 'ids',
        'x-request-id': id,
      };
      return (await fetch(url, { method: 'POST', headers })).headers.get('x-request-id');
    };
    expect([await ask('first'), await ask('second')]).toEqual(['first', 'second']);
  });
});

describe('a key', () => {
  it('is good for one body, byte for byte, and one route', async () => {
    await send(REBUILD, { key: 'reused', body: '{"mode":"preview"}' });
    for (const sent of [{ body: '{}' }, { body: '{"mode": "preview"}' }, { body: '{"mode":"swap"}', to: other }]) {
      expect(codeOf(await send(REBUILD, { key: 'reused', ...sent }))).toEqual([422, 'idempotency_key_reused']);
    }
    const elsewhere = await send('/projections/customers/rebuild', { key: 'reused', body: '{"mode":"preview"}' });
    expect(codeOf(elsewhere)).toEqual([422, 'idempotency_key_reused']);
    expect((await send(REBUILD, { key: 'reused', body: '{"mode":"preview"}' })).answer.status).toBe(202);
  });

  it("is its user's own", async () => {
    const mine = await send('/projections/nothing/rebuild', { key: 'ours', user: 'admin_1' });
    const yours = await send('/projections/nothing/rebuild', { key: 'ours', user: 'admin_2' });
    expect([mine.replayed, yours.replayed]).toEqual([false, false]);
    expect(yours.answer.bytes).not.toBe(mine.answer.bytes);
    expect(await send('/projections/nowhere/rebuild', { key: 'ours', user: 'admin_3' })).toMatchObject({ replayed: false });
  });

  it.each([[''], ['two words'], ['x'.repeat(256)], ['\u00fc']])('is refused as %j', async (key) => {
    expect(codeOf(await send(REBUILD, { key }))).toEqual([422, 'invalid_request']);
    expect(await openBuilds()).toEqual([]);
  });

  it.each([['!'], ['~'.repeat(255)], [`"8e03978e-40d5-43dd-bc93-6894a57f9324"`], ["'; DROP TABLE x; --".replaceAll(' ', '')]])(
    'may be %j',
    async (key) => {
      expect((await send(REBUILD, { key })).answer.status).toBe(202);
      expect((await send(REBUILD, { key })).replayed).toBe(true);
    },
  );

  it('is forgotten after a day, by the next request with it and by itself', async () => {
    await send('/projections/nothing/rebuild', { key: 'yesterday' });
    await send('/projections/nothing/rebuild', { key: 'nobody-asks-again' });
    await database.query(`UPDATE operations.idempotency_keys SET created_at = now() - interval '24 hours 1 second'
                           WHERE key IN ('yesterday', 'nobody-asks-again')`);
    expect(codeOf(await send('/projections/nowhere/rebuild', { key: 'yesterday' }))).toEqual([404, 'not_found']);
    expect((await send('/projections/nowhere/rebuild', { key: 'yesterday' })).replayed).toBe(true);
    const third = await TestApp.start({ database });
    await until(async () => (await keys('nobody-asks-again')).length === 0, 'old keys are deleted');
    await third.close();
    expect(await keys('yesterday')).toHaveLength(1);
  });

  it('means nothing to a webhook, and no key leaves no trace', async () => {
    const [event] = recordedStories().signup!;
    await app.send(event!, { headers: { 'idempotency-key': 'webhook' } }).expect(200);
    await app.send('no event', { headers: { 'idempotency-key': 'webhook' } }).expect(400);
    expect(await keys('webhook')).toEqual([]);
    const [{ count }] = (await database.query('SELECT count(*)::int FROM operations.idempotency_keys')) as [{ count: number }];
    await send('/projections/nothing/rebuild');
    expect(await database.query('SELECT count(*)::int FROM operations.idempotency_keys')).toEqual([{ count }]);
  });
});

describe('an answer that is not final', () => {
  it('of 401 is not kept', async () => {
    const headers = { 'idempotency-key': 'unauthenticated' };
    expect((await fetch(`${app.url}${REBUILD}`, { method: 'POST', headers })).status).toBe(401);
    expect(await send(REBUILD, { key: 'unauthenticated' })).toMatchObject({ replayed: false, answer: { status: 202 } });
  });

  it('of 403 is not kept', async () => {
    expect(codeOf(await send(REBUILD, { key: 'forbidden', roles: ['auditor'] }))).toEqual([403, 'forbidden']);
    expect(await send(REBUILD, { key: 'forbidden' })).toMatchObject({ replayed: false, answer: { status: 202 } });
    expect(codeOf(await send(REBUILD, { key: 'forbidden', roles: ['auditor'] }))).toEqual([403, 'forbidden']);
  });

  it('of 500 is not kept', async () => {
    await database.query('ALTER TABLE operations.projection_builds RENAME TO away');
    const failed = await send(REBUILD, { key: 'failed' });
    await database.query('ALTER TABLE operations.away RENAME TO projection_builds');
    expect(codeOf(failed)).toEqual([500, 'internal_error']);
    expect(await keys('failed')).toEqual([]);
    expect(await send(REBUILD, { key: 'failed' })).toMatchObject({ replayed: false, answer: { status: 202 } });
  });

  it('of 503 is not kept', async () => {
    const letGo = await hold();
    const first = send(REBUILD, { key: 'unavailable' });
    await stateBecomes('unavailable', 'in_flight');
    const cancel = () =>
      database.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'oarlock'`);
    await until(async () => (await cancel()) && (await keys('unavailable')).length === 0, 'the key is given back');
    expect(codeOf(await first)).toEqual([503, 'service_unavailable']);
    await letGo();
    expect(await send(REBUILD, { key: 'unavailable' })).toMatchObject({ replayed: false, answer: { status: 202 } });
  });
});

describe('many requests with one key', () => {
  it('are refused while the first is in flight, in every process', async () => {
    const letGo = await hold();
    const first = send(REBUILD, { key: 'in-flight' });
    await stateBecomes('in-flight', 'in_flight');
    for (const to of [app, other]) {
      expect(codeOf(await send(REBUILD, { key: 'in-flight', to }))).toEqual([409, 'idempotency_key_in_use']);
    }
    expect(codeOf(await send(REBUILD, { key: 'in-flight', body: '{"mode":"swap"}' }))).toEqual([422, 'idempotency_key_reused']);
    await letGo();
    const { answer } = await first;
    expect(answer.status).toBe(202);
    expect(await send(REBUILD, { key: 'in-flight' })).toEqual({ replayed: true, answer });
  });

  it('run once, 50 at a time over two processes', async () => {
    for (let round = 1; round <= 4; round++) {
      const before = await buildsIn('true');
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, n) => send(REBUILD, { key: `parallel-${round}`, to: n % 2 ? app : other })),
      );
      const done = all.filter(({ answer }) => answer.status === 202);
      expect(done.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(new Set(done.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
      for (const one of all.filter((each) => !done.includes(each))) expect(codeOf(one)).toEqual([409, 'idempotency_key_in_use']);
      expect(await buildsIn('true')).toHaveLength(before.length + 1);
      for (const id of await openBuilds()) await app.post(`${PROJECTION}/rebuilds/${id}/cancel`);
    }
  });

  it('get the answer that the first one did not wait for', async () => {
    const letGo = await hold();
    const leave = new AbortController();
    const first = send(REBUILD, { key: 'gone', signal: leave.signal }).catch(() => 'gone');
    await stateBecomes('gone', 'in_flight');
    leave.abort();
    expect(await first).toBe('gone');
    await letGo();
    await stateBecomes('gone', 'finished');
    expect(await send(REBUILD, { key: 'gone' })).toMatchObject({ replayed: true, answer: { status: 202 } });
  });
});

describe('when a process dies in the middle', () => {
  it.each([
    ['has been silent for too long', '11 seconds'],
    ['is gone', null],
  ])('and %s, the next same request runs in its place', async (what, heartbeat) => {
    const key = `dead-${what.replaceAll(' ', '-')}`;
    await leftBehind(key, heartbeat);
    const first = await send(REBUILD, { key });
    expect(first).toMatchObject({ replayed: false, answer: { status: 202 } });
    expect(await send(REBUILD, { key, to: other })).toEqual({ replayed: true, answer: first.answer });
  });

  it('another request does not', async () => {
    await leftBehind('dead-other-body', '11 seconds', '{"mode":"swap"}');
    expect(codeOf(await send(REBUILD, { key: 'dead-other-body' }))).toEqual([422, 'idempotency_key_reused']);
  });

  it('nobody runs in the place of one that lives', async () => {
    await leftBehind('alive', '5 seconds');
    expect(codeOf(await send(REBUILD, { key: 'alive' }))).toEqual([409, 'idempotency_key_in_use']);
  });

  it('one of many takes its place', async () => {
    await leftBehind('one-heir', null);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(REBUILD, { key: 'one-heir', to: n % 2 ? app : other })),
    );
    expect(all.filter(({ replayed, answer }) => answer.status === 202 && !replayed)).toHaveLength(1);
    expect(await openBuilds()).toHaveLength(1);
  });

  it('or only seems to, it does not run beside itself', async () => {
    const { id } = app.app.get(Instances);
    const letGo = await hold();
    const first = send(REBUILD, { key: 'unheard' });
    await stateBecomes('unheard', 'in_flight');
    await database.query(`
      UPDATE operations.instances SET heartbeat_at = now() - interval '1 hour' WHERE instance_id = '${id}';
      CREATE FUNCTION operations.unheard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER unheard BEFORE UPDATE ON operations.instances FOR EACH ROW EXECUTE FUNCTION operations.unheard()`);
    expect(codeOf(await send(REBUILD, { key: 'unheard' }))).toEqual([409, 'idempotency_key_in_use']);
    await database.query(`
      DROP FUNCTION operations.unheard CASCADE;
      UPDATE operations.instances SET heartbeat_at = now() WHERE instance_id = '${id}'`);
    await letGo();
    const { answer } = await first;
    expect(await send(REBUILD, { key: 'unheard' })).toEqual({ replayed: true, answer });
  });

  it('and was not dead, the answer of the one that took its place is kept', async () => {
    const letGo = await hold();
    const first = send(REBUILD, { key: 'undead' });
    await stateBecomes('undead', 'in_flight');
    await database.query(`UPDATE operations.idempotency_keys SET instance_id = 'nobody' WHERE key = 'undead'`);
    const second = send(REBUILD, { key: 'undead', to: other });
    const ofOther = other.app.get(Instances).id;
    await until(
      async () =>
        (
          await database.query(`SELECT FROM operations.idempotency_keys WHERE instance_id = '${ofOther}'
                                           AND key = 'undead'`)
        ).length === 1,
      'the other process took over',
    );
    await letGo();
    const answers = await Promise.all([first, second]);
    expect(new Set(answers.map(({ answer }) => answer.status))).toEqual(new Set([202, 409]));
    expect(await send(REBUILD, { key: 'undead' })).toEqual({ replayed: true, answer: answers[1].answer });
  });
});

it('keeps an answer that could not be written down at once', async () => {
  await database.query(`CREATE FUNCTION operations.refuse() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN RAISE EXCEPTION 'not now'; END $$`);
  await database.query(`CREATE TRIGGER refuse BEFORE UPDATE ON operations.idempotency_keys
                        FOR EACH ROW EXECUTE FUNCTION operations.refuse()`);
  const first = await send(REBUILD, { key: 'later' });
  expect(first.answer.status).toBe(202);
  expect(await keys('later')).toMatchObject([{ state: 'in_flight' }]);
  await database.query('DROP TRIGGER refuse ON operations.idempotency_keys');
  await stateBecomes('later', 'finished');
  expect(await send(REBUILD, { key: 'later' })).toEqual({ replayed: true, answer: first.answer });
});

it('knows which processes run', async () => {
  const third = await TestApp.start({ database });
  const { id } = third.app.get(Instances);
  const instances = app.app.get(Instances);
  expect(await instances.isAlive(id)).toBe(true);
  expect(await instances.isAlive('nobody')).toBe(false);
  await database.query(
    `UPDATE operations.instances SET heartbeat_at = now() - interval '11 seconds' WHERE instance_id = '${id}'`,
  );
  expect(await instances.isAlive(id)).toBe(false);
  await until(() => instances.isAlive(id), 'the next heartbeat');
  await third.close();
  expect(await database.query(`SELECT FROM operations.instances WHERE instance_id = '${id}'`)).toEqual([]);
});

it('is documented on every POST of a user or admin', async () => {
  const contract = await OpenApiContract.of(app.url);
  const posts = contract.operations.filter((operation) => operation.startsWith('POST'));
  expect(posts.length).toBeGreaterThan(6);
  expect(posts.filter((operation) => !contract.headersOf(operation).includes('Idempotency-Key')).sort()).toEqual([
    'POST /paddle/{environment}/webhook',
    'POST /webhook',
  ]);
});

it('is open to browsers of a configured origin', async () => {
  const headers = {
    origin: ORIGIN,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'idempotency-key',
  };
  const asked = await fetch(`${app.url}${REBUILD}`, { method: 'OPTIONS', headers });
  expect(asked.headers.get('access-control-allow-headers')).toMatch(/Idempotency-Key/);
  const { answer } = await send('/projections/nothing/rebuild', { key: 'from-a-browser' });
  expect(answer.headers['access-control-expose-headers']).toMatch(/Idempotency-Replayed/);
});
