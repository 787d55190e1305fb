import { fastify } from 'fastify';
import { Pool } from 'pg';
import { AppendBatcher, type Outcome } from '../../../src/ledger/append-batcher';

/**
 * The limit: a bare Fastify handler that makes the same batched insert and checks nothing. No signature, no JSON, no
 * deduplication, no order, no streams, no read models: bytes in, bytes durable.
 */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
  await pool.query(`
    CREATE TABLE bare_webhooks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now(),
                                signature text NOT NULL, body bytea NOT NULL)`);
  await pool.query(`DO $$ BEGIN
      ALTER TABLE bare_webhooks ALTER COLUMN body SET COMPRESSION lz4;
      ALTER TABLE bare_webhooks SET (toast_tuple_target = 4080);
    EXCEPTION WHEN feature_not_supported THEN
      ALTER TABLE bare_webhooks ALTER COLUMN body SET STORAGE EXTERNAL;
      ALTER TABLE bare_webhooks SET (toast_tuple_target = 8160);
    END $$`);
  const batcher = new AppendBatcher<Webhook, true>({
    send: (batch) => insert(pool, batch),
    keyOf: ({ key }) => key,
    bytesOf: ({ body }) => body.length,
    isTransient: () => false,
    unavailable: () => new Error('unavailable'),
    maxEntries: 256,
    maxBytes: 8 * 1024 * 1024,
    maxWaiting: 10_000,
    deadlineMs: 10_000,
    retryDelayMs: 50,
  });
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  let count = 0;
  app.post('/webhook', async (request) => {
    await batcher.add({
      key: String(count++),
      signature: String(request.headers['paddle-signature']),
      body: request.body as Buffer,
    });
    return { ok: true };
  });
  console.log(`API ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
}

interface Webhook {
  key: string;
  signature: string;
  body: Buffer;
}

async function insert(pool: Pool, batch: Webhook[]): Promise<Outcome<true>[]> {
  let start = 1;
  const rows = batch.map(({ signature, body }) => {
    const row = { signature, start, length: body.length };
    start += body.length;
    return row;
  });
  await pool.query({
    name: 'insert',
    text: `INSERT INTO bare_webhooks (signature, body)
           SELECT r.signature, substring($2::bytea FROM r.start FOR r.length) FROM json_to_recordset($1) r(signature text, start int, length int)`,
    values: [JSON.stringify(rows), Buffer.concat(batch.map(({ body }) => body))],
  });
  return batch.map(() => ({ result: true }));
}

void main();
