import { setTimeout as delay } from 'node:timers/promises';
import { developmentToken } from '../../src/local';
import { AppProcess } from '../support/app-process';
import { scaled } from '../support/scale';
import { SANDBOX_SECRET, testSettings, TOKENS } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { deliver, manySignups, shuffled } from '../support/webhook-load';

const MAIN = 'test/support/counting-app.cjs';
const EVENTS = scaled({ suite: 700, soak: 3_000 });
const KILLS = scaled({ suite: 4, soak: 20 });

let database: TestDatabase;
let apps: AppProcess[];

beforeEach(async () => {
  database = await createTestDatabase();
  apps = [];
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop('SIGKILL')));
  await database.drop();
});

const start = (slowMicros = 0) =>
  AppProcess.start({ ...testSettings(database), SLOW_MICROS: String(slowMicros) }, { main: MAIN });
const urls = () => apps.map(({ url }) => url);
const load = { urls, secret: SANDBOX_SECRET, connections: 32 };

/** Repeatable numbers from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

async function call<T>(app: AppProcess, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const token = await developmentToken(TOKENS, 'admin_1', ['admin']);
  const answer = await fetch(`${app.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await answer.json()) as T;
}

interface State {
  name: string;
  lag: { events: number };
  rebuild: { id: string } | null;
}

async function states(app: AppProcess): Promise<State[]> {
  return call<State[]>(app, 'GET', '/projections');
}

async function caughtUp(app: AppProcess): Promise<void> {
  await until(async () => (await states(app)).every(({ lag }) => lag.events === 0), 'everything is folded', 30_000);
}

const subscriptionRows = () => database.query('SELECT * FROM read_models.subscriptions ORDER BY subscription_id');

it('survives many kills in the middle of rebuilds: the live rows are whole at every moment, and right in the end', async () => {
  const random = seeded(42);
  apps = [await start()];
  await deliver(manySignups(scaled({ suite: 600, soak: 2_000 })), load);
  await caughtUp(apps[0]!);
  const expected = await subscriptionRows();
  expect(expected.length).toBeGreaterThan(EVENTS / 15);
  await apps[0]!.stop();

  let kills = 0;
  let midway = 0;
  for (apps = [await start(200)]; kills < KILLS; kills++) {
    const [app] = apps as [AppProcess];
    await call(app, 'POST', '/projections/subscriptions/rebuild', { mode: 'swap' }); // refused while one is under way
    await delay(random() * 300);
    if ((await states(app)).find(({ name }) => name === 'subscriptions')!.rebuild) midway++;
    await app.stop('SIGKILL');
    expect(await subscriptionRows()).toEqual(expected);
    apps = [await start(200)];
  }
  expect(midway).toBeGreaterThan(KILLS / 2);
  const [app] = apps as [AppProcess];
  await until(async () => (await states(app)).every(({ rebuild }) => !rebuild), 'the last rebuild has ended', 30_000);
  expect(await subscriptionRows()).toEqual(expected);
  const builds = await database.query<{ state: string }>(
    `SELECT state FROM operations.projection_builds WHERE projection = 'subscriptions' AND state IN ('running', 'ready', 'live', 'previous')`,
  );
  const tables = await database.query(
    `SELECT FROM pg_class WHERE relnamespace = 'read_models'::regnamespace AND relkind = 'r' AND relname LIKE 'subscriptions%'`,
  );
  expect([builds.map(({ state }) => state).sort(), tables.length]).toEqual([['live', 'previous'], 2]);
}, 150_000);

it('folds every event exactly once over three processes, two of which are killed at random, with a rebuild in between', async () => {
  const random = seeded(7);
  apps = await Promise.all([start(), start(), start()]);
  const events = manySignups(EVENTS);
  const handled = events.filter(({ event_type }) => /^(customer|subscription|transaction)\./.test(event_type));
  const kill = async (index: number) => {
    await apps[index]!.stop('SIGKILL');
    apps[index] = await start();
  };
  const moments = [random(), 1 + random()].map((part) => Math.floor((part * EVENTS) / 3));
  let happening: Promise<unknown> = Promise.resolve();
  await deliver(shuffled(events, 3), {
    ...load,
    onProgress: (count) => {
      if (count === moments[0]) happening = happening.then(() => kill(0));
      if (count === moments[1]) happening = happening.then(() => kill(1));
      if (count === EVENTS * 0.75)
        happening = happening.then(() => call(apps[2]!, 'POST', '/projections/counting/rebuild', { mode: 'swap' }));
    },
  });
  await happening;
  await until(async () => (await states(apps[2]!)).every(({ rebuild }) => !rebuild), 'the rebuild has ended', 30_000);
  await caughtUp(apps[2]!);
  const [counted] = await database.query<Record<string, number>>(
    `SELECT count(*)::int AS events, min(folded) AS least, max(folded) AS most FROM read_models.counting`,
  );
  expect(counted).toEqual({ events: handled.length, least: 1, most: 1 });
}, 120_000);
