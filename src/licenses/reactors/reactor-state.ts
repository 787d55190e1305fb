import type { Queryable } from '../../platform/database';
import type { Instant } from '../../platform/instant';

const REACTOR = 'licenses';

/** When to look at a pool again although nothing is heard; null: not before. */
export interface Watch {
  sourceId: string;
  dueAt: Instant | null;
}

/** Makes the checkpoints of shards that have none yet, at the beginning. */
export async function ensureCheckpoints(shardIds: number[], on: Queryable): Promise<void> {
  await on.query(
    `INSERT INTO operations.reactor_checkpoints (shard_id, reactor) SELECT s.id, $2 FROM unnest($1::smallint[]) s(id) ON CONFLICT DO NOTHING`,
    [shardIds, REACTOR],
  );
}

/** Locks a shard's checkpoint until the transaction ends. @returns null when another process is at work there */
export async function lockCheckpoint(shardId: number, on: Queryable): Promise<number | null> {
  const { rows } = await on.query<{ position: number }>({
    name: 'lock-reactor-checkpoint',
    text: 'SELECT position FROM operations.reactor_checkpoints WHERE shard_id = $1 AND reactor = $2 FOR UPDATE SKIP LOCKED',
    values: [shardId, REACTOR],
  });
  return rows[0]?.position ?? null;
}

export async function moveCheckpoint(shardId: number, position: number, on: Queryable): Promise<void> {
  await on.query({
    name: 'move-reactor-checkpoint',
    text: 'UPDATE operations.reactor_checkpoints SET position = $3 WHERE shard_id = $1 AND reactor = $2',
    values: [shardId, REACTOR, position],
  });
}

/** How far each shard was looked at. */
export async function readCheckpoints(on: Queryable): Promise<Map<number, number>> {
  const { rows } = await on.query<{ shardId: number; position: number }>(
    'SELECT shard_id AS "shardId", position FROM operations.reactor_checkpoints WHERE reactor = $1',
    [REACTOR],
  );
  return new Map(rows.map(({ shardId, position }) => [shardId, position]));
}

/** The pools whose time has come. */
export async function dueWatches(shardId: number, now: Instant, limit: number, on: Queryable): Promise<string[]> {
  const { rows } = await on.query<{ sourceId: string }>({
    name: 'due-license-watches',
    text: `SELECT source_id AS "sourceId" FROM operations.license_watches
            WHERE shard_id = $1 AND due_at <= $2 ORDER BY due_at, source_id LIMIT $3`,
    values: [shardId, now, limit],
  });
  return rows.map(({ sourceId }) => sourceId);
}

export async function keepWatches(shardId: number, watches: Watch[], on: Queryable): Promise<void> {
  if (watches.length === 0) return;
  await on.query(
    `INSERT INTO operations.license_watches (shard_id, source_id, due_at)
     SELECT $1, source_id, coalesce(due_at, 'infinity') FROM unnest($2::text[], $3::timestamptz[]) w(source_id, due_at)
     ON CONFLICT (shard_id, source_id) DO UPDATE SET due_at = excluded.due_at`,
    [shardId, watches.map(({ sourceId }) => sourceId), watches.map(({ dueAt }) => dueAt)],
  );
}

/** Every pool of a shard is to be looked at: what is configured has changed. */
export async function wakeAll(shardId: number, on: Queryable): Promise<void> {
  await on.query(`UPDATE operations.license_watches SET due_at = '-infinity' WHERE shard_id = $1`, [shardId]);
}
