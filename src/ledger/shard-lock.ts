import type { Queryable } from '../platform/database';

/** Keeps everybody from appending to a shard until the transaction ends: the same lock as in `ledger.append`. Keep it short. */
export async function lockShard(shardId: number, on: Queryable): Promise<void> {
  await on.query('SELECT pg_advisory_xact_lock(716, $1)', [shardId]);
}
