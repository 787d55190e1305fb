import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { customers } from '../../src/customers';
import { LedgerReader, ShardMap } from '../../src/ledger';
import { RecentEvents } from '../../src/ledger/recent-events';
import { Database } from '../../src/platform/database';
import { createLogger } from '../../src/platform/logger';
import { anyProjection, type AnyProjection } from '../../src/projections';
import { translate } from '../../src/provider/paddle';
import { subscriptions } from '../../src/subscriptions';
import { AppProcess } from '../support/app-process';
import { OwnServer } from '../support/own-server';
import type { PaddleEvent } from '../support/paddle/story';
import { scaled } from '../support/scale';
import { SANDBOX_SECRET, testSettings } from '../support/test-app';
import { until } from '../support/until';
import { deliver, manySignups, shuffled } from '../support/webhook-load';
import { foldFacts } from '../support/folding';

const LOAD = scaled({ suite: 2_500, soak: 20_000 });
const KILLED_LOAD = scaled({ suite: 1_500, soak: 6_000 });
const SHARDS_PER_ENVIRONMENT = Number(process.env.TEST_LEDGER_SHARDS ?? '1');
const SHARD_IDS = new ShardMap(SHARDS_PER_ENVIRONMENT).shardsOf('sandbox');

let server: OwnServer;
let apps: AppProcess[];
let database: Database;

beforeEach(async () => {
  server = await OwnServer.start();
  apps = await Promise.all([start(), start()]);
  database = new Database(server.url, createLogger('silent'));
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop('SIGKILL')));
  await database.close();
  await server.remove();
});

const start = () => AppProcess.start(testSettings(server));
const urls = () => apps.map(({ url }) => url);

/** Follows each shard as a consumer would, from the position it has seen last. */
async function tail(total: number): Promise<string[]> {
  const reader = new LedgerReader(database, new ShardMap(SHARDS_PER_ENVIRONMENT), new RecentEvents());
  const seen: string[] = [];
  const last = new Map<number, number>();
  const deadline = performance.now() + 100_000;
  while (seen.length < total && performance.now() < deadline) {
    await delay(5);
    for (const shardId of SHARD_IDS) {
      const events = await reader.readAfter(shardId, last.get(shardId) ?? 0, 1_000).catch(() => []);
      for (const { position, eventId } of events) {
        if (position !== (last.get(shardId) ?? 0) + 1) throw new Error(`after ${last.get(shardId)} came ${position}`);
        last.set(shardId, position);
        seen.push(eventId);
      }
    }
  }
  return seen;
}

async function positionsWithoutHole(): Promise<number> {
  const { rows } = await database.query<{ count: number; last: number; ids: number }>(
    'SELECT count(*)::int AS count, max(position) AS last, count(DISTINCT event_id)::int AS ids FROM ledger.events GROUP BY shard_id',
  );
  for (const { count, last, ids } of rows) expect([last, ids]).toEqual([count, count]);
  return rows.reduce((sum, { count }) => sum + count, 0);
}

async function readModelsAre(events: PaddleEvent[]): Promise<void> {
  await until(
    async () => {
      const lags = await Promise.all(
        apps.map(
          async ({ url }) => ((await (await fetch(`${url}/health/ready`)).json()) as { pendingEvents: number }).pendingEvents,
        ),
      );
      return lags.every((lag) => lag === 0);
    },
    'both processes caught up',
    60_000,
  );
  const facts = events.flatMap(
    (event) =>
      translate(
        { eventId: event.event_id, type: event.event_type, occurredAt: event.occurred_at, content: () => event },
        'user_id',
      ) ?? [],
  );
  for (const projection of [anyProjection(customers), anyProjection(subscriptions)]) {
    const expected = foldFacts(projection, new Map(), facts);
    expect(await rowsOf(projection)).toEqual(new Map([...expected].sort(([a], [b]) => (a < b ? -1 : 1))));
  }
}

async function rowsOf({ name, table }: AnyProjection): Promise<Map<string, Record<string, unknown>>> {
  const snake = (property: string) => property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const columns = Object.keys(table.columns).map((property) => `${snake(property)} AS "${property}"`);
  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT ${columns.join(', ')} FROM read_models.${name} ORDER BY ${snake(table.key)} COLLATE "C"`,
  );
  return new Map(rows.map((row) => [row[table.key] as string, row]));
}

it('takes many webhooks over two processes, each twice and shuffled: once each, without a hole, read models as if in order', async () => {
  const events = manySignups(LOAD);
  const tailing = tail(events.length);
  const { accepted, refused } = await deliver(shuffled([...events, ...events], 7), {
    urls,
    secret: SANDBOX_SECRET,
    connections: 64,
  });
  expect([accepted.size, [...refused]]).toEqual([LOAD, []]);
  expect(await positionsWithoutHole()).toBe(LOAD);
  expect(new Set(await tailing).size).toBe(LOAD);
  await readModelsAre(events);
}, 150_000);

it('loses and repeats nothing when processes are killed, connections cut and PostgreSQL restarted in the middle', async () => {
  const events = manySignups(KILLED_LOAD);
  const tailing = tail(events.length);
  const after = (part: number) => Math.round(KILLED_LOAD * part);
  const chaos: [number, () => Promise<void>][] = [
    [after(0.16), async () => void (await apps[0]!.stop('SIGKILL'))],
    [after(0.33), async () => void (apps[0] = await start())],
    [after(0.5), cutAppenders],
    [after(0.66), () => server.restart()],
    [after(0.83), cutAppenders],
    [after(0.91), async () => void (await apps[1]!.stop('SIGKILL'))],
    [after(0.96), async () => void (apps[1] = await start())],
  ];
  let happening = Promise.resolve(); // one after the other, so that some process is always up
  const onProgress = (count: number) => {
    if (count === chaos[0]?.[0]) happening = happening.then(chaos.shift()![1]);
  };
  const { accepted } = await deliver(shuffled(events, 11), { urls, secret: SANDBOX_SECRET, connections: 64, onProgress });
  await happening;
  expect(chaos).toEqual([]);
  expect(accepted.size).toBe(KILLED_LOAD);
  expect(await positionsWithoutHole()).toBe(KILLED_LOAD);
  expect(new Set(await tailing)).toEqual(accepted);
  await readModelsAre(events);
}, 120_000);

async function cutAppenders(): Promise<void> {
  const admin = new Client(server.ownerUrl);
  await admin.connect();
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'oarlock ledger'`);
  await admin.end();
}
