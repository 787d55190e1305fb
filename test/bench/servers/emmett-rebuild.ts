import {
  getPostgreSQLEventStore,
  postgreSQLProjection,
  rebuildPostgreSQLProjections,
  type PostgreSQLProjectionDefinition,
} from '@event-driven-io/emmett-postgresql';
import { fastify } from 'fastify';
import { Pool } from 'pg';

/** What a rebuild by the peer did. */
export interface EmmettRebuild {
  seconds: number;
  /** Messages that the fold was given: fewer than there are, and some were lost. */
  folded: number;
  subscriptions: number;
}

interface Webhook {
  type: string;
  data: { event_type: string; occurred_at: string; data: Entity };
}

interface Entity {
  id: string;
  status: string;
  customer_id: string;
  subscription_id?: string;
  items: unknown[];
  payments?: { status: string; amount: string; captured_at: string | null }[];
}

/** Events that are appended, and folded, at a time. */
const PAGE = 2_000;
/** The store has no index on the position: a smaller batch reads the whole table more often. */
const BATCH = 10_000;

/**
 * The peer: an Emmett event store with the first events of the ledger at SOURCE_URL, and the same read model rebuilt with its
 * own `rebuildPostgreSQLProjections`, in large batches without a pause, its upserts prepared statements of plain SQL.
 */
async function main(): Promise<void> {
  const { DATABASE_URL: databaseUrl, SOURCE_URL: sourceUrl, EVENTS: events } = process.env as Record<string, string>;
  await fillStore(databaseUrl!, sourceUrl!, Number(events));
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  await pool.query('VACUUM ANALYZE');
  await pool.query(`
    CREATE TABLE subscriptions (subscription_id text PRIMARY KEY, status text, customer_id text, items jsonb, watermark text,
                                last_payment text, paid_at text)`);
  const app = fastify();
  let rebuilds = 0;
  app.post('/rebuild', () => rebuild(databaseUrl!, pool, ++rebuilds));
  console.log(`API ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
}

async function fillStore(databaseUrl: string, sourceUrl: string, count: number): Promise<void> {
  const source = new Pool({ connectionString: sourceUrl, max: 1 });
  const unsynced = new URL(databaseUrl);
  unsynced.searchParams.set('options', '-c synchronous_commit=off');
  const store = getPostgreSQLEventStore(unsynced.toString());
  for (let after = 0; after < count; after += PAGE) {
    const { rows } = await source.query<{ stream: string; events: string[] }>(
      `SELECT stream_id AS stream, array_agg(convert_from(body, 'UTF8') ORDER BY position) AS events FROM ledger.events
        WHERE shard_id = 1 AND position > $1 AND position <= $2 GROUP BY stream_id ORDER BY min(position)`,
      [after, Math.min(after + PAGE, count)],
    );
    // One after the other: its positions are in the order of transactions, which its reader takes for granted.
    for (const { stream, events } of rows) await store.appendToStream(stream, events.map(webhookOf));
  }
  await store.close();
  await source.end();
}

function webhookOf(body: string): Webhook {
  const data = JSON.parse(body) as Webhook['data'];
  return { type: data.event_type, data };
}

/** A name of its own each time: a processor keeps its checkpoint, and would truncate its table and fold nothing. */
async function rebuild(connectionString: string, pool: Pool, number: number): Promise<EmmettRebuild> {
  const folded = { count: 0 };
  const { rows: types } = await pool.query<{ type: string }>('SELECT DISTINCT message_type AS type FROM emt_messages');
  const projection = subscriptionsProjection(
    `subscriptions_${number}`,
    types.map(({ type }) => type),
    folded,
  );
  const consumer = rebuildPostgreSQLProjections({
    connectionString,
    projections: [projection],
    pulling: { batchSize: BATCH, pullingFrequencyInMs: 0 },
  });
  const started = performance.now();
  await consumer.start();
  const seconds = (performance.now() - started) / 1000;
  await consumer.close();
  const { rows } = await pool.query<{ subscriptions: number }>('SELECT count(status)::int AS subscriptions FROM subscriptions');
  return { seconds, folded: folded.count, subscriptions: rows[0]!.subscriptions };
}

function subscriptionsProjection(
  name: string,
  canHandle: string[],
  folded: { count: number },
): PostgreSQLProjectionDefinition<Webhook> {
  return postgreSQLProjection<Webhook>({
    name,
    canHandle,
    truncate: async ({ connection }) => {
      await connection.client.query('TRUNCATE subscriptions');
    },
    handle: async (events, { connection }) => {
      for (const { data } of events) {
        folded.count++;
        const statement = upsertOf(data);
        if (statement) await connection.client.query(statement);
      }
    },
  });
}

/** @returns null when the event says nothing about a subscription */
function upsertOf({ event_type: type, occurred_at: occurredAt, data }: Webhook['data']) {
  if (type.startsWith('subscription.')) {
    return {
      name: 'observed',
      text: `INSERT INTO subscriptions AS known (subscription_id, status, customer_id, items, watermark) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (subscription_id) DO UPDATE SET status = excluded.status, customer_id = excluded.customer_id,
                                                         items = excluded.items, watermark = excluded.watermark
                    WHERE known.watermark IS NULL OR known.watermark < excluded.watermark`,
      values: [data.id, data.status, data.customer_id, JSON.stringify(data.items), occurredAt],
    };
  }
  const payment = data.payments?.find(({ status }) => status === 'captured');
  if (!type.startsWith('transaction.') || !data.subscription_id || !payment) return null;
  return {
    name: 'paid',
    text: `INSERT INTO subscriptions AS known (subscription_id, last_payment, paid_at) VALUES ($1, $2, $3)
           ON CONFLICT (subscription_id) DO UPDATE SET last_payment = excluded.last_payment, paid_at = excluded.paid_at
                  WHERE known.paid_at IS NULL OR known.paid_at < excluded.paid_at`,
    values: [data.subscription_id, payment.amount, payment.captured_at],
  };
}

if (require.main === module) void main();
