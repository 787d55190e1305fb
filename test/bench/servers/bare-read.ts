import { fastify } from 'fastify';
import { Pool } from 'pg';

/** What a pass over all bodies did. */
export interface BareRead {
  seconds: number;
  parsed: number;
}

const PAGE = 2_000;

/** The limit: every body of the ledger read and parsed once, in one process, the next page read meanwhile. Nothing is folded or written. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
  const app = fastify();
  app.post('/read', () => readAll(pool));
  console.log(`API ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
}

async function readAll(pool: Pool): Promise<BareRead> {
  const started = performance.now();
  let parsed = 0;
  let next = readPage(pool, 0);
  for (let after = PAGE; ; after += PAGE) {
    const bodies = await next;
    if (bodies.length === 0) break;
    next = readPage(pool, after);
    for (const { body } of bodies) if (JSON.parse(body)) parsed++;
  }
  return { seconds: (performance.now() - started) / 1000, parsed };
}

async function readPage(pool: Pool, after: number): Promise<{ body: string }[]> {
  const { rows } = await pool.query<{ body: string }>({
    name: 'page',
    text: `SELECT convert_from(body, 'UTF8') AS body FROM ledger.events
            WHERE shard_id = 1 AND position > $1 AND position <= $2 ORDER BY position`,
    values: [after, after + PAGE],
  });
  return rows;
}

if (require.main === module) void main();
