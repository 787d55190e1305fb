import type { Queryable } from '../platform/database';
import type { AnyProjection } from './projection';

/** How far one projection has read a shard. */
export interface Checkpoint {
  projection: string;
  position: number;
}

export async function ensureCheckpoints(projections: AnyProjection[], shardIds: number[], on: Queryable): Promise<void> {
  await on.query(
    `INSERT INTO read_models.checkpoints (shard_id, projection, version)
     SELECT s.id, p.name, p.version FROM unnest($1::smallint[]) s(id), unnest($2::text[], $3::int[]) p(name, version)
     ON CONFLICT DO NOTHING`,
    [shardIds, ...namesAndVersions(projections)],
  );
}

/**
 * Locks the checkpoints of a shard until the transaction ends.
 * @returns those that no other process holds: whoever has the lock does the work
 */
export async function lockCheckpoints(projections: AnyProjection[], shardId: number, on: Queryable): Promise<Checkpoint[]> {
  const { rows } = await on.query<Checkpoint>({
    name: 'lock-checkpoints',
    text: `SELECT projection, position FROM read_models.checkpoints
            WHERE shard_id = $1 AND (projection, version) IN (SELECT * FROM unnest($2::text[], $3::int[]))
              FOR UPDATE SKIP LOCKED`,
    values: [shardId, ...namesAndVersions(projections)],
  });
  return rows;
}

export async function moveCheckpoints(
  projections: AnyProjection[],
  shardId: number,
  position: number,
  on: Queryable,
): Promise<void> {
  await on.query({
    name: 'move-checkpoints',
    text: `UPDATE read_models.checkpoints SET position = $4, updated_at = now()
            WHERE shard_id = $1 AND (projection, version) IN (SELECT * FROM unnest($2::text[], $3::int[]))`,
    values: [shardId, ...namesAndVersions(projections), position],
  });
}

/** The position that every projection has reached, for each shard. */
export async function readPositions(projections: AnyProjection[], on: Queryable): Promise<Map<number, number>> {
  const { rows } = await on.query<{ shardId: number; position: number }>({
    name: 'read-positions',
    text: `SELECT shard_id AS "shardId", min(position) AS position FROM read_models.checkpoints
            WHERE (projection, version) IN (SELECT * FROM unnest($1::text[], $2::int[])) GROUP BY shard_id`,
    values: namesAndVersions(projections),
  });
  return new Map(rows.map(({ shardId, position }) => [shardId, position]));
}

function namesAndVersions(projections: AnyProjection[]): [string[], number[]] {
  return [projections.map((projection) => projection.name), projections.map((projection) => projection.version)];
}
