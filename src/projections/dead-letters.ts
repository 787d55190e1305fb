import type { Queryable } from '../platform/database';
import type { Stuck } from './fold';

/** Says on the ledger that an event is left out of a projection, by whom and why. Its stream names both. */
export const DISMISSED = 'dead_letter.dismissed';

export const dismissalStream = (projection: string, position: number) => `dead-letter:${projection}:${position}`;

/** A stream that waits from `position` on, because a projection could not read or fold the event there. */
export interface DeadLetter {
  shardId: number;
  projection: string;
  build: number;
  streamId: string;
  position: number;
  errorClass: string;
  message: string;
  attempts: number;
  parkedAt: string;
  triedAt: string;
}

/** What is not folded now: streams that wait, by build; and events that were dismissed, by projection. */
export interface HeldBack {
  parked: (target: { projection: string; build: number }) => ReadonlySet<string>;
  dismissed: (projection: string) => ReadonlySet<number>;
}

const COLUMNS = `shard_id AS "shardId", projection, build, stream_id AS "streamId", position, error_class AS "errorClass",
  message, attempts, parked_at AS "parkedAt", tried_at AS "triedAt"`;

export async function readHeldBack(shardId: number, on: Queryable): Promise<HeldBack> {
  const { rows } = await on.query<{ streamId: string; projection: string | null; build: number | null }>({
    name: 'read-held-back',
    text: `SELECT stream_id AS "streamId", projection, build FROM read_models.dead_letters WHERE shard_id = $1
           UNION ALL SELECT stream_id, NULL, NULL FROM ledger.events WHERE shard_id = $1 AND type = '${DISMISSED}'`,
    values: [shardId],
  });
  const sets = new Map<string, Set<string>>();
  const add = (key: string, value: string) => (sets.get(key) ?? sets.set(key, new Set()).get(key)!).add(value);
  for (const { streamId, projection, build } of rows) {
    if (projection !== null) add(`${projection} ${build}`, streamId);
    else add(streamId.slice('dead-letter:'.length, streamId.lastIndexOf(':')), streamId.slice(streamId.lastIndexOf(':') + 1));
  }
  return {
    parked: ({ projection, build }) => sets.get(`${projection} ${build}`) ?? NONE,
    dismissed: (projection) => new Set([...(sets.get(projection) ?? [])].map(Number)),
  };
}

const NONE: ReadonlySet<string> = new Set();
const MAX_MESSAGE_LENGTH = 500;

/** Parks streams; one that is parked already gets the new reason and counts one more attempt. */
export async function park(
  { projection, build }: { projection: string; build: number },
  shardId: number,
  stuck: Stuck[],
  on: Queryable,
): Promise<void> {
  for (const { streamId, position, failure } of stuck) {
    await on.query(
      `INSERT INTO read_models.dead_letters AS d (shard_id, projection, build, stream_id, position, error_class, message)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (shard_id, projection, build, stream_id) DO UPDATE
         SET position = excluded.position, error_class = excluded.error_class, message = excluded.message,
             attempts = d.attempts + 1, tried_at = now()`,
      [
        shardId,
        projection,
        build,
        streamId,
        position,
        failure.name,
        failure.message.slice(0, MAX_MESSAGE_LENGTH).replaceAll('\0', ''),
      ],
    );
  }
}

export async function unpark({ shardId, projection, build, streamId }: DeadLetter, on: Queryable): Promise<void> {
  await on.query(
    'DELETE FROM read_models.dead_letters WHERE shard_id = $1 AND projection = $2 AND build = $3 AND stream_id = $4',
    [shardId, projection, build, streamId],
  );
}

/** Waiting streams by the place of the event that stopped them. */
export async function findDeadLetters(
  where: { shardIds: number[]; projection?: string; build?: number; position?: number },
  page: { after: [number, number, string, number] | null; limit: number },
  on: Queryable,
): Promise<DeadLetter[]> {
  const { rows } = await on.query<DeadLetter>(
    `SELECT ${COLUMNS} FROM read_models.dead_letters
      WHERE shard_id = ANY($1) AND ($2::text IS NULL OR projection = $2) AND ($3::int IS NULL OR build = $3)
        AND ($4::bigint IS NULL OR position = $4)
        AND ($5::int IS NULL OR (shard_id, position, projection, build) > ($5, $6, $7, $8))
      ORDER BY shard_id, position, projection, build LIMIT $9`,
    [
      where.shardIds,
      where.projection ?? null,
      where.build ?? null,
      where.position ?? null,
      ...(page.after ?? [null, null, null, null]),
      page.limit,
    ],
  );
  return rows;
}

/** Number of waiting streams by projection and build. */
export async function countDeadLetters(on: Queryable): Promise<{ projection: string; build: number; streams: number }[]> {
  const { rows } = await on.query<{ projection: string; build: number; streams: number }>(
    'SELECT projection, build, count(*) AS streams FROM read_models.dead_letters GROUP BY projection, build',
  );
  return rows;
}
