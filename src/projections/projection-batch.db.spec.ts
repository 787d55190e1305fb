import { createTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { Ledger, LedgerReader, ShardMap, type NewEvent } from '../ledger';
import { LedgerMetrics } from '../ledger/ledger-metrics';
import { RecentEvents } from '../ledger/recent-events';
import { Database } from '../platform/database';
import { createLogger } from '../platform/logger';
import { Metrics } from '../platform/metrics';
import { prepareReadModels } from './prepare-read-models';
import { anyProjection, type AnyProjection, type Projection } from './projection';
import { ProjectionBatch } from './projection-batch';
import { ProjectionRegistry } from './projection-registry';

interface Counted {
  kind: 'counted';
  name: string;
  remove?: boolean;
}

interface CounterRow {
  name: string;
  seen: number;
  notes: { last: string } | null;
}

/** Adds, as no real projection may: an event applied twice, or not at all, shows. */
const counters: Projection<CounterRow, Counted> = {
  name: 'counters',
  version: 1,
  table: { key: 'name', columns: { name: 'text', seen: 'integer', notes: 'jsonb' }, indexes: [['seen']] },
  handles: ['counted'],
  keysOf: ({ name }) => [name],
  evolve: (row, { name, remove }) => (remove ? null : { name, seen: (row?.seen ?? 0) + 1, notes: { last: name } }),
};

const SANDBOX = 1;
const SHARDS = new ShardMap(1);
let testDatabase: TestDatabase;
let databases: Database[];

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  databases = [];
});
afterEach(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await testDatabase.drop();
});

function openDatabase(): Database {
  const database = new Database(testDatabase.url, createLogger('silent'));
  databases.push(database);
  return database;
}

/** The engine as one more process would have it. */
async function openEngine(
  projections: AnyProjection[] = [anyProjection(counters)],
): Promise<{ batch: ProjectionBatch; database: Database }> {
  const database = openDatabase();
  await prepareReadModels(projections, SHARDS.all(), 'auto', database);
  const registry = new ProjectionRegistry(projections, {
    read: (event) => event.content() as Counted,
    typesOf: () => ['counted'],
  });
  return { batch: new ProjectionBatch(database, new LedgerReader(database, SHARDS, new RecentEvents()), registry), database };
}

let appended = 0;

async function append(facts: Omit<Counted, 'kind'>[]): Promise<void> {
  const ledger = new Ledger(openDatabase(), SHARDS, new RecentEvents(), new LedgerMetrics(new Metrics()), createLogger('silent'));
  const events = facts.map((fact): NewEvent => {
    const body = Buffer.from(JSON.stringify({ kind: 'counted', ...fact }));
    return {
      eventId: `e-${++appended}`,
      type: 'counted',
      schemaVersion: 1,
      occurredAt: '2026-01-01T00:00:00Z',
      customerId: null,
      userId: null,
      body,
      metadata: { source: 'native' },
    };
  });
  await Promise.all(
    events.map((event) => ledger.append({ environment: 'sandbox', streamId: `s-${event.eventId}`, events: [event] })),
  );
}

async function rowsOf(database: Database): Promise<Record<string, number>> {
  const { rows } = await database.query<{ name: string; seen: number }>(
    `SELECT name, seen FROM read_models.counters ORDER BY name`,
  );
  return Object.fromEntries(rows.map(({ name, seen }) => [name, seen]));
}

async function applyAll(batch: ProjectionBatch, limit: number): Promise<void> {
  for (;;) {
    const { state } = await batch.applyNext(SANDBOX, limit);
    if (state === 'idle') return;
  }
}

it.each([1, 3, 1000])('gives the same rows in batches of %d', async (limit) => {
  await append([{ name: 'a' }, { name: 'b' }, { name: 'a' }, { name: 'a' }, { name: 'c' }]);
  const { batch, database } = await openEngine();
  await applyAll(batch, limit);
  expect(await rowsOf(database)).toEqual({ a: 3, b: 1, c: 1 });
  expect(await batch.applyNext(SANDBOX, limit)).toEqual({ state: 'idle' });
});

it('changes and removes rows that are there', async () => {
  const { batch, database } = await openEngine();
  await append([{ name: 'a' }, { name: 'b' }]);
  await applyAll(batch, 100);
  await append([{ name: 'a', remove: true }, { name: 'c' }, { name: 'c', remove: true }]);
  await applyAll(batch, 100);
  expect(await rowsOf(database)).toEqual({ b: 1 });
});

it('parks the stream of a fact that cannot be folded, and goes on with all others', async () => {
  const exploding = anyProjection<{ name: string }, Counted>({
    ...counters,
    name: 'exploding',
    table: { key: 'name', columns: { name: 'text' }, indexes: [] },
    evolve: (_row, { name }) => {
      if (name === 'bomb') throw new TypeError('boom');
      return { name };
    },
  });
  await append([{ name: 'a' }, { name: 'bomb' }, { name: 'c' }]);
  const { batch, database } = await openEngine([anyProjection(counters), exploding]);
  const outcome = await batch.applyNext(SANDBOX, 100);
  expect(outcome).toMatchObject({ state: 'applied', events: 3, position: 3 });
  const work = outcome.state === 'applied' ? outcome.work : [];
  const lines = work.map(({ projection, events, parked }) => `${projection}: ${events} events, ${parked} parked`);
  expect(lines.sort()).toEqual(['counters: 3 events, 0 parked', 'exploding: 3 events, 1 parked']);
  expect(await rowsOf(database)).toEqual({ a: 1, bomb: 1, c: 1 });
  const { rows } = await database.query('SELECT name FROM read_models.exploding ORDER BY name');
  expect(rows).toEqual([{ name: 'a' }, { name: 'c' }]);
  const letters = await database.query('SELECT projection, build, position, error_class, message FROM read_models.dead_letters');
  expect(letters.rows).toEqual([{ projection: 'exploding', build: 1, position: 2, error_class: 'TypeError', message: 'boom' }]);
});

it('leaves neither rows nor position when the database fails half way', async () => {
  const tooLarge = anyProjection<{ name: string; seen: number }, Counted>({
    ...counters,
    name: 'too_large',
    table: { key: 'name', columns: { name: 'text', seen: 'integer' }, indexes: [] },
    evolve: (_row, { name }) => ({ name, seen: 2 ** 40 }),
  });
  await append([{ name: 'a' }]);
  const { batch, database } = await openEngine([anyProjection(counters), tooLarge]);
  await expect(batch.applyNext(SANDBOX, 100)).rejects.toThrow('out of range');
  expect(await rowsOf(database)).toEqual({});
  const { rows } = await database.query(`SELECT position FROM read_models.checkpoints WHERE shard_id = ${SANDBOX}`);
  expect(rows).toEqual([{ position: 0 }, { position: 0 }]);
  expect((await database.query('SELECT FROM read_models.dead_letters')).rows).toEqual([]);
});

it('reads for a projection that is behind without applying anything twice to the others', async () => {
  const { batch, database } = await openEngine();
  await append([{ name: 'a' }, { name: 'a' }]);
  await applyAll(batch, 100);
  const late = anyProjection<CounterRow, Counted>({ ...counters, name: 'late_counters' });
  const both = await openEngine([anyProjection(counters), late]);
  await append([{ name: 'b' }]);
  await applyAll(both.batch, 2);
  expect(await rowsOf(database)).toEqual({ a: 2, b: 1 });
  const { rows } = await database.query('SELECT name, seen FROM read_models.late_counters ORDER BY name');
  expect(rows).toEqual([
    { name: 'a', seen: 2 },
    { name: 'b', seen: 1 },
  ]);
});

it('applies every event exactly once, though several processes do it at once', async () => {
  await append(Array.from({ length: 600 }, (_, i) => ({ name: `n${i % 7}` })));
  const engines = await Promise.all([openEngine(), openEngine(), openEngine()]);
  await Promise.all(engines.map(({ batch }) => applyAll(batch, 13)));
  await applyAll(engines[0].batch, 13);
  const rows = await rowsOf(engines[0].database);
  expect(Object.values(rows).reduce((sum, seen) => sum + seen, 0)).toBe(600);
  expect(rows).toMatchObject({ n0: 86, n6: 85 });
});

it('says so when another process holds the checkpoints', async () => {
  const { batch, database } = await openEngine();
  await append([{ name: 'a' }]);
  const other = openDatabase();
  await other.transaction(async (client) => {
    await client.query('SELECT FROM read_models.checkpoints FOR UPDATE');
    expect(await batch.applyNext(SANDBOX, 100)).toEqual({ state: 'busy' });
  });
  await applyAll(batch, 100);
  expect(await rowsOf(database)).toEqual({ a: 1 });
});
