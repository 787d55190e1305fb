import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../platform/database';
import type { Environment } from '../platform/environment';
import type { FoldableEvent, RecordedEvent } from './event';
import { RecentEvents } from './recent-events';
import { ShardMap } from './shards';

type StoredEvent = Omit<FoldableEvent, 'content'> & { body: string };

export interface RangeChoice {
  /** Patterns of SQL's LIKE, as the next. */
  types: string[];
  newestOnly: string[];
  /** Events of a type are left out when their JSON surely does not have this string as a value. */
  onlyWith: { type: string; value: string }[];
  horizon: number;
}

export interface ShardHead {
  shardId: number;
  position: number;
  recordedAt: string | null;
}

export interface StreamEnd {
  events: FoldableEvent[];
  /** 0 for a stream that does not exist yet. */
  version: number;
}

const FOLDABLE_COLUMNS = `
  shard_id AS "shardId", position, stream_id AS "streamId", event_id AS "eventId", type, schema_version AS "schemaVersion",
  environment, occurred_at_text AS "occurredAt", customer_id AS "customerId", user_id AS "userId",
  convert_from(body, 'UTF8') AS body, metadata->>'source' AS source`;

/** Reads the ledger by position and by stream. Reading never waits for an append. */
@Injectable()
export class LedgerReader {
  constructor(
    private readonly database: Database,
    private readonly shards: ShardMap,
    private readonly recent: RecentEvents = new RecentEvents(),
  ) {}

  /** The next events of a shard, in order; fewer than `limit` does not mean that there are no more, none does. */
  async readAfter(shardId: number, after: number, limit: number, on: Queryable = this.database): Promise<FoldableEvent[]> {
    const recent = this.recent.runAfter(shardId, after, limit);
    if (recent.length > 0) return recent;
    const { rows } = await on.query<StoredEvent>({
      name: 'ledger-read-after',
      text: `SELECT ${FOLDABLE_COLUMNS} FROM ledger.events WHERE shard_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
      values: [shardId, after, limit],
    });
    return rows.map(foldable);
  }

  /**
   * The events of a range of positions, `after < position <= upTo`, that a rebuild has to look at, in order.
   * @param choice only these types; of those in `newestOnly`, none that its stream follows up with a later one before `horizon`
   */
  async readRange(shardId: number, after: number, upTo: number, choice: RangeChoice): Promise<FoldableEvent[]> {
    const { rows } = await this.database.query<StoredEvent>({
      name: 'ledger-read-range',
      text: `SELECT ${FOLDABLE_COLUMNS} FROM ledger.events e
              WHERE shard_id = $1 AND position > $2 AND position <= $3 AND type LIKE ANY($4)
                AND NOT (type LIKE ANY($5) AND EXISTS (
                      SELECT FROM ledger.events later
                       WHERE later.shard_id = e.shard_id AND later.stream_id = e.stream_id AND later.type LIKE ANY($5)
                         AND later.occurred_at > e.occurred_at AND later.position <= $6))
                AND NOT EXISTS (
                      SELECT FROM unnest($7::text[], $8::text[]) needed(type, value)
                       WHERE e.type LIKE needed.type AND position(convert_to('"' || needed.value || '"', 'UTF8') IN e.body) = 0
                         AND position('\\\\u'::bytea IN e.body) = 0) -- JSON may write any character as \\u….
              ORDER BY position`,
      values: [
        shardId,
        after,
        upTo,
        choice.types,
        choice.newestOnly,
        choice.horizon,
        choice.onlyWith.map(({ type }) => type),
        choice.onlyWith.map(({ value }) => value),
      ],
    });
    return rows.map(foldable);
  }

  /** The events of one stream within a range of positions, in order. */
  async readStreamRange(
    shardId: number,
    streamId: string,
    from: number,
    upTo: number,
    on: Queryable = this.database,
  ): Promise<FoldableEvent[]> {
    const { rows } = await on.query<StoredEvent>(
      `SELECT ${FOLDABLE_COLUMNS} FROM ledger.events
        WHERE shard_id = $1 AND stream_id = $2 AND position BETWEEN $3 AND $4 ORDER BY stream_version`,
      [shardId, streamId, from, upTo],
    );
    return rows.map(foldable);
  }

  /** All events of the customers that a user was ever named for, by shard and position. */
  async readOfUser(shardIds: number[], userId: string): Promise<FoldableEvent[]> {
    const { rows } = await this.database.query<StoredEvent>(
      `SELECT ${FOLDABLE_COLUMNS} FROM ledger.events
        WHERE shard_id = ANY($1) AND (user_id = $2 OR customer_id IN (
              SELECT customer_id FROM ledger.events WHERE shard_id = ANY($1) AND user_id = $2))
        ORDER BY shard_id, position`,
      [shardIds, userId],
    );
    return rows.map(foldable);
  }

  /** The last `limit` events of a stream, in the order in which they were recorded. */
  async readStream(environment: Environment, streamId: string, limit: number): Promise<FoldableEvent[]> {
    const { rows } = await this.database.query<StoredEvent>(
      `SELECT ${FOLDABLE_COLUMNS} FROM ledger.events WHERE shard_id = ANY($1) AND stream_id = $2
        ORDER BY recorded_at DESC, position DESC LIMIT $3`,
      [this.shards.shardsOf(environment), streamId, limit],
    );
    return rows.toReversed().map(foldable);
  }

  /** The last `limit` events of a stream of ours, in order, and the version it is at: what a decision is based on. */
  async readStreamEnd(environment: Environment, streamId: string, limit: number): Promise<StreamEnd> {
    const { rows } = await this.database.query<StoredEvent & { version: number }>({
      name: 'ledger-read-stream-end',
      text: `SELECT ${FOLDABLE_COLUMNS}, stream_version AS version FROM ledger.events
              WHERE shard_id = ANY($1) AND stream_id = $2 ORDER BY stream_version DESC LIMIT $3`,
      values: [this.shards.shardsOf(environment), streamId, limit],
    });
    return { events: rows.toReversed().map(foldable), version: rows[0]?.version ?? 0 };
  }

  /** The next `limit` events of a stream of ours after a version of it, in order; and the version they lead to. */
  async readStreamAfter(environment: Environment, streamId: string, after: number, limit: number): Promise<StreamEnd> {
    const { rows } = await this.database.query<StoredEvent & { version: number }>({
      name: 'ledger-read-stream-after',
      text: `SELECT ${FOLDABLE_COLUMNS}, stream_version AS version FROM ledger.events
              WHERE shard_id = ANY($1) AND stream_id = $2 AND stream_version > $3 ORDER BY stream_version LIMIT $4`,
      values: [this.shards.shardsOf(environment), streamId, after, limit],
    });
    return { events: rows.map(foldable), version: rows.at(-1)?.version ?? after };
  }

  /** The events of an environment with one of these ids. */
  async readEvents(environment: Environment, eventIds: string[]): Promise<FoldableEvent[]> {
    const { rows } = await this.database.query<StoredEvent>(
      `SELECT ${FOLDABLE_COLUMNS} FROM ledger.events WHERE shard_id = ANY($1) AND event_id = ANY($2) ORDER BY shard_id, position`,
      [this.shards.shardsOf(environment), eventIds],
    );
    return rows.map(foldable);
  }

  /** The newest event of each shard; position 0 where there is none. */
  async heads(shardIds: number[]): Promise<ShardHead[]> {
    const { rows } = await this.database.query<ShardHead>(
      `SELECT s.id AS "shardId", coalesce(e.position, 0) AS position, e.recorded_at AS "recordedAt"
         FROM unnest($1::smallint[]) s(id)
         LEFT JOIN LATERAL (SELECT position, recorded_at FROM ledger.events
                             WHERE shard_id = s.id ORDER BY position DESC LIMIT 1) e ON true`,
      [shardIds],
    );
    return rows;
  }

  /** The events after `after` up to `upTo`, in order, without what they say. */
  async placesIn(shardId: number, after: number, upTo: number): Promise<EventPlace[]> {
    const { rows } = await this.database.query<EventPlace>({
      name: 'ledger-places-in',
      text: `SELECT position, event_id AS "eventId", stream_id AS "streamId", customer_id AS "customerId", user_id AS "userId"
               FROM ledger.events WHERE shard_id = $1 AND position > $2 AND position <= $3 ORDER BY position`,
      values: [shardId, after, upTo],
    });
    return rows;
  }

  /** What the events after `after` up to `upTo` are about: customer ids, entity ids, and users as `user:<id>`. */
  async subjectsIn(shardId: number, after: number, upTo: number): Promise<Set<string>> {
    const recent = this.recent.runAfter(shardId, after, upTo - after);
    if (recent.length === upTo - after) return subjectsOf(recent);
    const { rows } = await this.database.query<Subjects>({
      name: 'ledger-subjects-in',
      text: `SELECT stream_id AS "streamId", customer_id AS "customerId", user_id AS "userId"
               FROM ledger.events WHERE shard_id = $1 AND position > $2 AND position <= $3`,
      values: [shardId, after, upTo],
    });
    return subjectsOf(rows);
  }
}

/** Where an event is, and whom it is about. */
export type EventPlace = Pick<RecordedEvent, 'position' | 'eventId' | 'streamId' | 'customerId' | 'userId'>;

type Subjects = Pick<RecordedEvent, 'streamId' | 'customerId' | 'userId'>;

function subjectsOf(events: Subjects[]): Set<string> {
  const subjects = new Set<string>();
  for (const { streamId, customerId, userId } of events) {
    subjects.add(streamId.slice(streamId.indexOf(':') + 1));
    if (customerId) subjects.add(customerId);
    if (userId) subjects.add(`user:${userId}`);
  }
  return subjects;
}

function foldable({ body, ...event }: StoredEvent): FoldableEvent {
  return { ...event, content: () => JSON.parse(body) as unknown };
}
