import { createHash } from 'node:crypto';
import { Client, type QueryConfig } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { Database } from '../platform/database';
import { createLogger } from '../platform/logger';
import { Metrics } from '../platform/metrics';
import { APPEND_STATEMENT, appendParameters } from './append-statement';
import type { AppendCommand, NewEvent } from './event';
import { Ledger } from './ledger';
import { LedgerMetrics } from './ledger-metrics';
import { LedgerReader } from './ledger-reader';
import { RecentEvents } from './recent-events';
import { ShardMap } from './shards';

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

const SHARDS = new ShardMap(1);
const SANDBOX = 1;

/** A ledger as one more process would have it. */
function openLedger(): { ledger: Ledger; reader: LedgerReader; database: Database } {
  const logger = createLogger('silent');
  const database = new Database(testDatabase.url, logger);
  databases.push(database);
  const ledger = new Ledger(database, SHARDS, new RecentEvents(), new LedgerMetrics(new Metrics()), logger);
  return { ledger, reader: new LedgerReader(database, SHARDS, new RecentEvents()), database };
}

function event(eventId: string, change: Partial<NewEvent> = {}): NewEvent {
  const body = Buffer.from(JSON.stringify({ eventId }));
  return {
    eventId,
    type: 'thing.happened',
    schemaVersion: 1,
    occurredAt: '2026-01-01T00:00:00.000001Z',
    customerId: null,
    userId: null,
    body,
    metadata: { source: 'native' },
    ...change,
  };
}

function command(streamId: string, eventIds: [string, ...string[]], expectedVersion?: number): AppendCommand {
  const events = eventIds.map((id) => event(id)) as [NewEvent, ...NewEvent[]];
  return { environment: 'sandbox', streamId, events, ...(expectedVersion === undefined ? {} : { expectedVersion }) };
}

async function positions(reader: LedgerReader): Promise<number[]> {
  return (await reader.readAfter(SANDBOX, 0, 100_000)).map(({ position }) => position);
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

it('numbers events and streams without a hole', async () => {
  const { ledger, reader } = openLedger();
  expect(await ledger.append(command('s-1', ['a', 'b']))).toEqual({
    status: 'appended',
    shardId: SANDBOX,
    position: 1,
    streamVersion: 2,
  });
  expect(await ledger.append(command('s-2', ['c']))).toEqual({
    status: 'appended',
    shardId: SANDBOX,
    position: 3,
    streamVersion: 1,
  });
  expect(await ledger.append(command('s-1', ['d']))).toEqual({
    status: 'appended',
    shardId: SANDBOX,
    position: 4,
    streamVersion: 3,
  });
  const stream = await reader.readStream('sandbox', 's-1', 10);
  expect(stream.map(({ eventId, position }) => [eventId, position])).toEqual([
    ['a', 1],
    ['b', 2],
    ['d', 4],
  ]);
});

it('keeps bytes, microseconds, text of the time and digest', async () => {
  const { ledger, database } = openLedger();
  const body = Buffer.from('{"a":1.0, "a":"é🚣"}\r\n');
  const occurredAt = '2026-01-01T02:00:00.123456789+02:00';
  await ledger.append({
    environment: 'sandbox',
    streamId: 's',
    events: [event('a', { body, occurredAt, customerId: 'ctm_1', userId: "o'brien" })],
  });
  const { rows } = await database.query<Record<string, unknown>>(
    'SELECT body, digest, occurred_at, occurred_at_text, customer_id, user_id FROM ledger.events',
  );
  expect(rows).toEqual([
    {
      body,
      digest: createHash('sha256').update(body).digest(),
      occurred_at: '2026-01-01T00:00:00.123456Z',
      occurred_at_text: occurredAt,
      customer_id: 'ctm_1',
      user_id: "o'brien",
    },
  ]);
});

it('answers a repeated command with what it answered first', async () => {
  const { ledger, reader } = openLedger();
  const first = await ledger.append(command('s', ['a', 'b'], 0));
  await ledger.append(command('s', ['c'], 2));
  for (const again of [openLedger().ledger, ledger]) {
    expect(await again.append(command('s', ['a', 'b'], 0))).toEqual({ ...first, status: 'duplicate' });
  }
  expect(await positions(reader)).toEqual([1, 2, 3]);
});

it('refuses an append that was decided on an older version, and says which it is now', async () => {
  const { ledger, reader } = openLedger();
  await ledger.append(command('s', ['a', 'b'], 0));
  for (const expected of [0, 1, 3]) {
    await expect(ledger.append(command('s', [`x${expected}`], expected))).rejects.toMatchObject({
      code: 'version_conflict',
      extensions: { currentVersion: 2 },
    });
  }
  await expect(ledger.append(command('new', ['y'], 1))).rejects.toMatchObject({
    code: 'version_conflict',
    extensions: { currentVersion: 0 },
  });
  expect(await positions(reader)).toEqual([1, 2]);
});

it('lets one of many through that decided on the same version, over two processes', async () => {
  const [one, two] = [openLedger(), openLedger()];
  await one.ledger.append(command('pool', ['created'], 0));
  const attempts = upTo(50).map((n) => (n % 2 ? one : two).ledger.append(command('pool', [`seat-${n}`], 1)));
  const results = await Promise.allSettled(attempts);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await positions(one.reader)).toEqual([1, 2]);
});

it('numbers what many processes append at once without a hole, and a tailing reader misses and repeats nothing', async () => {
  const writers = [openLedger(), openLedger(), openLedger()];
  const { reader } = openLedger();
  const total = 3_000;
  const tailed: number[] = [];
  const tail = (async () => {
    while (tailed.length < total) {
      const events = await reader.readAfter(SANDBOX, tailed.at(-1) ?? 0, 500);
      tailed.push(...events.map(({ position }) => position));
    }
  })();
  // Every event goes to two writers: the second time it must change nothing.
  const appends = upTo(total).flatMap((n) =>
    [0, 1].map((copy) => writers[(n + copy) % 3]!.ledger.append(command(`s-${n % 400}`, [`e-${n}`]))),
  );
  const results = await Promise.all(appends);
  await tail;
  expect(results.filter(({ status }) => status === 'appended')).toHaveLength(total);
  expect(tailed).toEqual(upTo(total));
  for (const pair of upTo(total)) expect(results[2 * pair - 2]!.position).toBe(results[2 * pair - 1]!.position);
});

it('keeps shards apart: the same event id in two environments, each with its own positions', async () => {
  const { ledger } = openLedger();
  expect(await ledger.append(command('s', ['a']))).toMatchObject({ shardId: 1, position: 1 });
  expect(await ledger.append({ ...command('s', ['a']), environment: 'live' })).toMatchObject({
    shardId: 2,
    position: 1,
    status: 'appended',
  });
  expect(await ledger.append({ ...command('s', ['a']), environment: 'installation' })).toMatchObject({
    shardId: 0,
    position: 1,
    status: 'appended',
  });
});

it('lets an event that the database cannot take fail alone', async () => {
  const { ledger, reader } = openLedger();
  const bad = { ...command('bad', ['bad']), events: [event('bad', { userId: 'a\u0000b' })] as [NewEvent] };
  const results = await Promise.allSettled([
    ledger.append(command('s-1', ['a'])),
    ledger.append(bad),
    ledger.append(command('s-2', ['b'])),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await positions(reader)).toEqual([1, 2]);
});

it('survives the death of its connections, in the middle of appends', async () => {
  const { ledger, reader } = openLedger();
  const admin = new Client(testDatabase.ownerUrl);
  await admin.connect();
  const killing = (async () => {
    for (let round = 0; round < 20; round++) {
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'oarlock ledger'`,
      );
    }
  })();
  const results = await Promise.all(upTo(400).map((n) => ledger.append(command(`s-${n % 7}`, [`e-${n}`]))));
  await killing;
  await admin.end();
  expect(new Set(results.map(({ position }) => position)).size).toBe(400);
  expect(await positions(reader)).toEqual(upTo(400));
});

it('never lets the recorded time run backwards', async () => {
  const { ledger, database } = openLedger();
  await Promise.all(upTo(200).map((n) => ledger.append(command(`s-${n}`, [`e-${n}`]))));
  const { rows } = await database.query<{ recorded_at: string }>(
    'SELECT recorded_at FROM ledger.events WHERE shard_id = 1 ORDER BY position',
  );
  const times = rows.map((row) => row.recorded_at);
  expect(times).toEqual([...times].sort());
});

describe('nobody changes the past', () => {
  const CHANGES = [
    `UPDATE ledger.events SET type = 'x'`,
    'DELETE FROM ledger.events',
    'TRUNCATE ledger.events',
    `UPDATE ledger.events SET type = 'x' WHERE false`,
  ];
  const INSERT = `INSERT INTO ledger.events SELECT * FROM ledger.events`;

  async function as(url: string, sql: (string | QueryConfig)[]): Promise<string[]> {
    const client = new Client(url);
    await client.connect();
    const answers: string[] = [];
    for (const statement of sql)
      answers.push(
        await client.query(statement).then(
          () => 'done',
          (error: Error) => error.message,
        ),
      );
    await client.end();
    return answers;
  }

  beforeEach(async () => void (await openLedger().ledger.append(command('s', ['a']))));

  it("as the app's role: it has no right to", async () => {
    const denied = 'permission denied for table events';
    expect(await as(testDatabase.url, [...CHANGES, INSERT])).toEqual([denied, denied, denied, denied, denied]);
    expect(await as(testDatabase.url, ['ALTER TABLE ledger.events DISABLE TRIGGER ALL', 'DROP TABLE ledger.events'])).toEqual([
      'must be owner of table events',
      'must be owner of table events',
    ]);
  });

  it('as the owner: the trigger refuses, also in the mode that switches ordinary triggers off', async () => {
    const refused = ['UPDATE', 'DELETE', 'TRUNCATE', 'UPDATE'].map((verb) => `the ledger is immutable: ${verb} refused`);
    expect(await as(testDatabase.ownerUrl, CHANGES)).toEqual(refused);
    expect(await as(testDatabase.ownerUrl, ['SET session_replication_role = replica', ...CHANGES])).toEqual(['done', ...refused]);
  });

  it('refuses to append under another isolation level, where positions could collide', async () => {
    const call = { text: APPEND_STATEMENT.text, values: appendParameters(SANDBOX, [command('s', ['b'])]) };
    expect(await as(testDatabase.url, ['BEGIN ISOLATION LEVEL REPEATABLE READ', call])).toEqual([
      'done',
      'ledger.append needs the isolation level read committed',
    ]);
  });
});

it('has the shard in every key, and nothing that a distributed engine could not carry', async () => {
  const { database } = openLedger();
  const { rows } = await database.query(`
    WITH tables AS (
      SELECT c.oid, n.nspname || '.' || c.relname AS name,
             (SELECT attnum FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'shard_id') AS key
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname IN ('ledger', 'read_models') AND c.relkind IN ('r', 'p') AND c.relname <> 'migrations')
    SELECT 'no shard_id' AS problem, name FROM tables WHERE key IS NULL
    UNION ALL SELECT 'unique without shard_id', name FROM tables t JOIN pg_index i ON i.indrelid = t.oid WHERE i.indisunique AND NOT (t.key = ANY (i.indkey::int2[]))
    UNION ALL SELECT 'no primary key', name FROM tables t WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)
    UNION ALL SELECT 'identity', name FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid WHERE a.attidentity <> ''
    UNION ALL SELECT 'sequence or volatile default', name FROM tables t JOIN pg_attrdef d ON d.adrelid = t.oid WHERE pg_get_expr(d.adbin, d.adrelid) ~ '(nextval|xact_id|clock_timestamp|random)'
    UNION ALL SELECT 'transaction id', name FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid WHERE a.attnum > 0 AND a.atttypid IN ('xid'::regtype, 'xid8'::regtype)`);
  expect(rows).toEqual([]);
});
