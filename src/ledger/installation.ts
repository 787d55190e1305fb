import type { Database } from '../platform/database';

/**
 * Remembers the number of shards of this installation at its first start.
 * @throws Error when the setting differs later: a customer's history would be looked for in another shard
 */
export async function keepShardCount(perEnvironment: number, database: Database): Promise<void> {
  await database.query(
    `INSERT INTO operations.installation (name, value) VALUES ('shards_per_environment', $1) ON CONFLICT DO NOTHING`,
    [String(perEnvironment)],
  );
  const { rows } = await database.query<{ value: string }>(
    `SELECT value FROM operations.installation WHERE name = 'shards_per_environment'`,
  );
  const kept = Number(rows[0]!.value);
  if (kept === perEnvironment) return;
  throw new Error(
    `LEDGER_SHARDS: this ledger was made with ${kept} for each environment, which cannot change to ${perEnvironment}`,
  );
}
