import type { Queryable } from '../platform/database';
import type { AnyProjection } from './projection';

/** `running`, `ready`: a rebuild. `live`: what readers see. `previous`: kept for a rollback. The others have no table any more. */
export type BuildState = 'running' | 'ready' | 'live' | 'previous' | 'retired' | 'cancelled' | 'failed';

/** `initial`: made at the first start. `preview`: waits for an admin when it is ready. `swap`: goes live by itself. */
export type BuildMode = 'initial' | 'preview' | 'swap';

/** One table of a read model, made by one version of its projection. */
export interface Build {
  projection: string;
  /** 1, 2, 3, … of the projection. */
  build: number;
  version: number;
  state: BuildState;
  mode: BuildMode;
  requestedBy: string;
  startedAt: string;
  finishedAt: string | null;
  /** An admin went back from it: no automatic upgrade to its version. */
  rolledBackAt: string | null;
  eventsPerSecond: number | null;
  /** What the swap changes, as the rebuild's report has it; null until it is known. */
  diff: unknown;
  error: string | null;
}

const COLUMNS = `projection, build, version, state, mode, requested_by AS "requestedBy", started_at AS "startedAt",
  finished_at AS "finishedAt", rolled_back_at AS "rolledBackAt", events_per_second AS "eventsPerSecond", diff, error`;

/** Every build that has a table, oldest first. */
export async function openBuilds(on: Queryable): Promise<Build[]> {
  const { rows } = await on.query<Build>(
    `SELECT ${COLUMNS} FROM operations.projection_builds
      WHERE state IN ('running', 'ready', 'live', 'previous') ORDER BY projection, build`,
  );
  return rows;
}

/** The builds of a projection, newest first. */
export async function buildsOf(projection: string, on: Queryable): Promise<Build[]> {
  const { rows } = await on.query<Build>(
    `SELECT ${COLUMNS} FROM operations.projection_builds WHERE projection = $1 ORDER BY build DESC`,
    [projection],
  );
  return rows;
}

/** Locks a build until the transaction ends. @returns null when there is none, or with `skipLocked` when it is locked */
export async function lockBuild(projection: string, build: number, on: Queryable, skipLocked = false): Promise<Build | null> {
  const { rows } = await on.query<Build>(
    `SELECT ${COLUMNS} FROM operations.projection_builds WHERE projection = $1 AND build = $2 FOR UPDATE ${skipLocked ? 'SKIP LOCKED' : ''}`,
    [projection, build],
  );
  return rows[0] ?? null;
}

/** Adds the next build of a projection, with checkpoints at the beginning of every shard. Its table is made by the store. */
export async function insertBuild(
  { name, version }: AnyProjection,
  how: { state: BuildState; mode: BuildMode; requestedBy: string },
  shardIds: number[],
  on: Queryable,
): Promise<Build> {
  const { rows } = await on.query<Build>(
    `INSERT INTO operations.projection_builds (projection, build, version, state, mode, requested_by)
     SELECT $1, coalesce(max(build), 0) + 1, $2, $3, $4, $5 FROM operations.projection_builds WHERE projection = $1
     RETURNING ${COLUMNS}`,
    [name, version, how.state, how.mode, how.requestedBy],
  );
  await on.query(
    `INSERT INTO read_models.checkpoints (shard_id, projection, build) SELECT s.id, $2, $3 FROM unnest($1::smallint[]) s(id)`,
    [shardIds, name, rows[0]!.build],
  );
  return rows[0]!;
}

export async function setState(
  build: Pick<Build, 'projection' | 'build'>,
  state: BuildState,
  on: Queryable,
  error?: string,
): Promise<void> {
  const ended = ['retired', 'cancelled', 'failed'].includes(state);
  await on.query(
    `UPDATE operations.projection_builds SET state = $3, error = coalesce($4, error),
            finished_at = CASE WHEN $3 IN ('running', 'ready') THEN NULL ELSE coalesce(finished_at, now()) END
      WHERE projection = $1 AND build = $2`,
    [build.projection, build.build, state, error ?? null],
  );
  if (!ended) return;
  for (const table of ['read_models.checkpoints', 'read_models.dead_letters', 'operations.access_changes']) {
    await on.query(`DELETE FROM ${table} WHERE projection = $1 AND build = $2`, [build.projection, build.build]);
  }
}
