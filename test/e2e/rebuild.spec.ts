import type { AnyProjection } from '../../src/projections';
import { SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story, type PaddleEvent } from '../support/paddle/story';
import { plantedProjections } from '../support/planted';
import { SANDBOX_SECRET, TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { deliver, type LoadOptions } from '../support/webhook-load';

const BUYERS = 40;
const PAUSED = 7;
const MANUAL = { PROJECTION_UPGRADE: 'manual' };

let database: TestDatabase;
beforeEach(async () => void (database = await createTestDatabase()));
afterEach(async () => {
  await TestApp.closeAll();
  await database.drop();
});

/** Signups, of which the first ones paused at once. */
function events(): PaddleEvent[] {
  return Array.from({ length: BUYERS }, (_, buyer) => {
    const story = new Story({ label: `buyer ${buyer}`, userId: `user_${buyer}`, startAt: '2026-01-10T09:30:00Z' });
    story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]);
    if (buyer < PAUSED) story.goTo('2026-01-12T09:00:00Z').pause();
    return story.take();
  }).flat();
}

async function start(version: 1 | 2, settings: Record<string, string> = MANUAL): Promise<TestApp> {
  return startWith(plantedProjections(version), settings);
}

async function startWith(projections: AnyProjection[], settings: Record<string, string> = MANUAL): Promise<TestApp> {
  return TestApp.start({ database, projections, settings });
}

function loadOn(app: TestApp, connections: number): LoadOptions {
  return { urls: () => [app.url], secret: SANDBOX_SECRET, connections, nowSeconds: () => app.clock.nowSeconds() };
}

async function sendAll(app: TestApp): Promise<void> {
  await deliver(events(), loadOn(app, 16));
  await app.caughtUp();
}

async function usersWithAccess(app: TestApp): Promise<number> {
  const answers = await Promise.all(Array.from({ length: BUYERS }, (_, buyer) => app.get('/products/access', `user_${buyer}`)));
  return answers.filter(({ body }) => body.products.some(({ access }: { access: string }) => access === 'full')).length;
}

async function projectionOf(app: TestApp, name = 'subscriptions') {
  const { body } = await app.get('/projections', 'me', ['auditor']);
  return (body as Record<string, never>[]).find((one) => one.name === name)! as Record<string, never> & {
    status: string;
    live: { id: string; version: number };
    rebuild: { id: string; state: string; diff: unknown } | null;
  };
}

async function rebuilt(app: TestApp, id: string, state = 'ready') {
  const path = `/projections/subscriptions/rebuilds/${id}`;
  await until(async () => {
    const { body } = await app.get(path, 'me', ['auditor']);
    return body.state === state && body.diff !== null;
  }, `rebuild ${id} is ${state}`);
  return (await app.get(path, 'me', ['auditor'])).body;
}

async function tables(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'read_models'::regnamespace AND relkind = 'r' AND relname LIKE 'subscriptions%'`,
  );
  return rows.map(({ name }) => name).sort();
}

it('shows what a mended projection will change, swaps it in, and goes back and forth', async () => {
  const old = await start(1);
  await sendAll(old);
  expect(await usersWithAccess(old)).toBe(BUYERS);
  await old.close();

  const app = await start(2);
  expect(await projectionOf(app)).toMatchObject({ status: 'paused', version: 2, live: { id: '1', version: 1 }, rebuild: null });
  const started = await app.post('/projections/subscriptions/rebuild', { mode: 'preview' });
  expect([started.status, started.body]).toEqual([202, { rebuildId: '2' }]);
  const preview = await rebuilt(app, '2');
  expect(preview).toMatchObject({
    state: 'ready',
    mode: 'preview',
    version: 2,
    requestedBy: 'admin_1',
    parkedStreams: 0,
    diff: { added: 0, removed: 0, changed: PAUSED, changedFields: { snapshot: PAUSED } },
  });
  const { access } = preview.diff;
  expect(access).toMatchObject({ users: PAUSED, gained: 0, lost: PAUSED, changed: 0 });
  expect(access.samples.map(({ userId }: { userId: string }) => userId).sort()).toEqual(
    Array.from({ length: PAUSED }, (_, buyer) => `user_${buyer}`),
  );
  const list = await app.get('/projections/subscriptions/rebuilds/2/access-changes', 'me', ['auditor']);
  expect(list.headers['content-type']).toContain('application/x-ndjson');
  const lines = list.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(PAUSED);
  expect(lines[0]).toMatchObject({ userId: 'user_0', before: { access: 'full' }, after: { access: 'none' } });

  expect(await usersWithAccess(app)).toBe(BUYERS); // nothing has changed yet
  expect((await app.post('/projections/subscriptions/rebuilds/2/swap')).body).toMatchObject({ state: 'live' });
  await until(async () => (await usersWithAccess(app)) === BUYERS - PAUSED, 'the swap shows');
  expect(await projectionOf(app)).toMatchObject({
    status: 'live',
    live: { id: '2', version: 2 },
    previous: { id: '1', version: 1 },
  });

  expect((await app.post('/projections/subscriptions/rollback')).body).toMatchObject({ id: '1', state: 'live', version: 1 });
  await until(async () => (await usersWithAccess(app)) === BUYERS, 'the rollback shows');
  expect(await projectionOf(app)).toMatchObject({ status: 'paused', live: { id: '1' }, previous: { id: '2' } });
  expect((await app.post('/projections/subscriptions/rollback')).body).toMatchObject({ id: '2', state: 'live' });
  await until(async () => (await usersWithAccess(app)) === BUYERS - PAUSED, 'version 2 is back');
  expect(await tables()).toEqual(['subscriptions_1', 'subscriptions_2']);
});

it('rebuilds by itself at the start of a newer version, unless an admin has gone back from it', async () => {
  const old = await start(1);
  await sendAll(old);
  await old.close();
  const app = await start(2, { PROJECTION_UPGRADE: 'auto' });
  await until(async () => (await projectionOf(app)).live.version === 2, 'it is upgraded');
  expect(await usersWithAccess(app)).toBe(BUYERS - PAUSED);
  expect((await app.get('/projections/subscriptions/rebuilds/2', 'me', ['admin'])).body).toMatchObject({
    requestedBy: 'upgrade',
    mode: 'swap',
    diff: { changed: PAUSED, access: { lost: PAUSED } },
  });
  await app.post('/projections/subscriptions/rollback');
  await app.close();
  const again = await start(2, { PROJECTION_UPGRADE: 'auto' });
  expect(await projectionOf(again)).toMatchObject({ status: 'paused', live: { version: 1 }, rebuild: null });
});

it('gives the same rows a second and a third time', async () => {
  const app = await start(2);
  await sendAll(app);
  const rows = async () => database.query('SELECT * FROM read_models.subscriptions ORDER BY subscription_id');
  const before = await rows();
  expect(before).toHaveLength(BUYERS);
  for (const id of ['2', '3', '4']) {
    expect((await app.post('/projections/subscriptions/rebuild', { mode: 'swap' })).body).toEqual({ rebuildId: id });
    expect((await rebuilt(app, id, 'live')).diff).toMatchObject({ added: 0, removed: 0, changed: 0, access: { users: 0 } });
    expect(await rows()).toEqual(before);
  }
  expect(await tables()).toEqual(['subscriptions_3', 'subscriptions_4']);
});

it('goes on answering and receiving during a rebuild and its swap, and loses nothing', async () => {
  const app = await start(2);
  const all = events();
  await deliver(all.slice(0, 300), loadOn(app, 8));
  const rest = deliver(all.slice(300), loadOn(app, 4));
  const asking = new AbortController();
  const answers = (async () => {
    const statuses: number[] = [];
    while (!asking.signal.aborted) {
      statuses.push((await app.get('/products/access', `user_${statuses.length % BUYERS}`)).status);
    }
    return statuses;
  })();
  await app.post('/projections/subscriptions/rebuild', { mode: 'swap' });
  await rebuilt(app, '2', 'live');
  asking.abort();
  expect(new Set(await answers)).toEqual(new Set([200]));
  expect((await rest).refused).toEqual(new Map());
  await app.caughtUp();
  await until(async () => (await usersWithAccess(app)) === BUYERS - PAUSED, 'everything shows');
  await app.post('/projections/subscriptions/rebuild', { mode: 'preview' });
  expect((await rebuilt(app, '3')).diff).toMatchObject({ added: 0, removed: 0, changed: 0 });
});

it('cancels a rebuild, and leaves no table behind', async () => {
  const app = await start(2);
  await sendAll(app);
  await app.post('/projections/subscriptions/rebuild', {});
  await rebuilt(app, '2');
  expect((await app.post('/projections/subscriptions/rebuild', {})).body).toMatchObject({
    code: 'rebuild_in_progress',
    rebuildId: '2',
  });
  expect((await app.post('/projections/subscriptions/rebuilds/2/cancel')).body).toMatchObject({ state: 'cancelled' });
  expect((await app.post('/projections/subscriptions/rebuilds/2/swap')).body).toMatchObject({ code: 'rebuild_not_ready' });
  expect((await app.post('/projections/subscriptions/rebuilds/2/cancel')).body).toMatchObject({ code: 'rebuild_not_running' });
  expect(await tables()).toEqual(['subscriptions_1']);
  expect((await app.post('/projections/subscriptions/rollback')).body).toMatchObject({ code: 'no_previous_build' });
});

it('tells the progress as server-sent events', async () => {
  const app = await start(2);
  await sendAll(app);
  await app.post('/projections/subscriptions/rebuild', { mode: 'swap' });
  const stream = await app.get('/projections/subscriptions/rebuilds/2/events', 'me', ['auditor']);
  expect(stream.headers['content-type']).toContain('text/event-stream');
  const states = [...stream.text.matchAll(/^data: (.*)$/gm)].map(
    ([, data]) => JSON.parse(data!) as { state: string; total: number },
  );
  expect(states.at(-1)).toMatchObject({ state: 'live', total: events().length });
});

it('lets nobody but admins change anything, and says what is wrong with a request', async () => {
  const app = await start(2);
  const asAuditor = await app.post('/projections/subscriptions/rebuild', {}, 'me', ['auditor']);
  expect([asAuditor.status, asAuditor.body.code]).toEqual([403, 'forbidden']);
  expect((await app.get('/projections', 'user_1')).status).toBe(403);
  const wrong = await app.post('/projections/subscriptions/rebuild', { mode: 'now', extra: 1 });
  expect([wrong.status, wrong.body.errors]).toEqual([
    422,
    [
      { pointer: '/extra', detail: 'should not exist' },
      { pointer: '/mode', detail: 'must be one of the following values: preview, swap' },
    ],
  ]);
  expect((await app.post('/projections/nothing/rebuild')).body.code).toBe('not_found');
  for (const id of ['7', '0', 'x', '99999999999']) {
    expect((await app.get(`/projections/subscriptions/rebuilds/${id}`, 'me', ['admin'])).body.code).toBe('not_found');
  }
});
