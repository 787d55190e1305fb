import type { Queryable } from '../platform/database';
import type { AnyProjection } from './projection';

/** How far one build of a projection has read a shard. */
export interface Checkpoint {
  projection: string;
  build: number;
  position: number;
}

/**
 * Locks, until the transaction ends, the checkpoints of a shard that this code keeps up to date: those of builds of its own
 * version that are live or ready to be; and, while another version is live, of the previous one. All builds of a projection or
 * none, so that they move together and can be compared.
 * @returns those that no other process holds: whoever has the lock does the work
 */
export async function lockCheckpoints(projections: AnyProjection[], shardId: number, on: Queryable): Promise<Checkpoint[]> {
  const { rows } = await on.query<Checkpoint & { builds: number }>({
    name: 'lock-checkpoints',
    text: `WITH ours AS MATERIALIZED (
             SELECT b.projection, b.build, count(*) OVER (PARTITION BY b.projection) AS builds
               FROM operations.projection_builds b
               JOIN unnest($2::text[], $3::int[]) code(projection, version) USING (projection, version)
              WHERE b.state IN ('live', 'ready') OR b.state = 'previous' AND NOT EXISTS (
                      SELECT FROM operations.projection_builds l
                       WHERE l.projection = b.projection AND l.state = 'live' AND l.version = b.version))
           SELECT c.projection, c.build, c.position, ours.builds
             FROM ours JOIN read_models.checkpoints c ON c.projection = ours.projection AND c.build = ours.build
            WHERE c.shard_id = $1
              FOR UPDATE OF c SKIP LOCKED`,
    values: [shardId, projections.map(({ name }) => name), projections.map(({ version }) => version)],
  });
  return rows.filter((row) => rows.filter(({ projection }) => projection === row.projection).length === row.builds);
}

/** Locks the checkpoint of one build. @returns null when another process holds it, or there is none */
export async function lockCheckpoint(
  { projection, build }: { projection: string; build: number },
  shardId: number,
  on: Queryable,
  wait: 'skip locked' | 'wait' = 'skip locked',
): Promise<Checkpoint | null> {
  const { rows } = await on.query<Checkpoint>(
    `SELECT projection, build, position FROM read_models.checkpoints
      WHERE shard_id = $1 AND projection = $2 AND build = $3 FOR UPDATE ${wait === 'wait' ? '' : 'SKIP LOCKED'}`,
    [shardId, projection, build],
  );
  return rows[0] ?? null;
}

export async function moveCheckpoints(
  checkpoints: Pick<Checkpoint, 'projection' | 'build'>[],
  shardId: number,
  position: number,
  on: Queryable,
): Promise<void> {
  await on.query({
    name: 'move-checkpoints',
    text: `UPDATE read_models.checkpoints c SET position = $4, updated_at = now()
             FROM unnest($2::text[], $3::int[]) moved(projection, build)
            WHERE c.shard_id = $1 AND c.projection = moved.projection AND c.build = moved.build`,
    values: [shardId, checkpoints.map(({ projection }) => projection), checkpoints.map(({ build }) => build), position],
  });
}

/** Where the live builds are: the position that all of them have reached, by shard, and which they are. */
export async function readLivePositions(
  projections: AnyProjection[],
  on: Queryable,
): Promise<{ positions: Map<number, number>; builds: string }> {
  const { rows } = await on.query<{ shardId: number; position: number; builds: string }>({
    name: 'read-live-positions',
    text: `SELECT c.shard_id AS "shardId", min(c.position) AS position,
                  string_agg(concat(c.projection, ' ', c.build, '.', b.revision), ', ' ORDER BY c.projection) AS builds
             FROM read_models.checkpoints c
             JOIN operations.projection_builds b ON b.projection = c.projection AND b.build = c.build AND b.state = 'live'
            WHERE c.projection = ANY($1) GROUP BY c.shard_id`,
    values: [projections.map(({ name }) => name)],
  });
  return { positions: new Map(rows.map(({ shardId, position }) => [shardId, position])), builds: rows[0]?.builds ?? '' };
}

/** How many events lie between two builds of a projection, over all shards. */
export async function findLag(projection: string, [one, other]: [number, number], on: Queryable): Promise<number> {
  const { rows } = await on.query<{ lag: number | null }>(
    `SELECT sum(abs(a.position - b.position))::float8 AS lag
       FROM read_models.checkpoints a JOIN read_models.checkpoints b ON b.shard_id = a.shard_id AND b.projection = a.projection
      WHERE a.projection = $1 AND a.build = $2 AND b.build = $3`,
    [projection, one, other],
  );
  return rows[0]?.lag ?? 0;
}
