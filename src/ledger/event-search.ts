import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database';
import type { Environment } from '../platform/environment';
import type { RecordedEvent } from './event';
import { ShardMap } from './shards';

export interface EventFilter {
  environment: Environment;
  streamId?: string;
  type?: string;
  customerId?: string;
  userId?: string;
  /** Bounds of `occurredAt`: from inclusive, to exclusive. */
  from?: string;
  to?: string;
}

/** The last position that was read, for each shard. */
export type EventCursor = Map<number, number>;

export type EventSummary = Omit<RecordedEvent, 'body' | 'digest' | 'schemaVersion'>;

export interface EventPage {
  events: EventSummary[];
  next: EventCursor | null;
}

const SUMMARY_COLUMNS = `
  shard_id AS "shardId", position, environment, event_id AS "eventId", type, stream_id AS "streamId",
  stream_version AS "streamVersion", occurred_at_text AS "occurredAt", recorded_at AS "recordedAt",
  customer_id AS "customerId", user_id AS "userId", metadata`;

const WHOLE_COLUMNS = `${SUMMARY_COLUMNS},
  schema_version AS "schemaVersion", convert_from(body, 'UTF8') AS body, encode(digest, 'hex') AS digest`;

/** Column and comparison of each filter. */
const FILTERS: Record<Exclude<keyof EventFilter, 'environment'>, string> = {
  streamId: 'stream_id =',
  type: 'type =',
  customerId: 'customer_id =',
  userId: 'user_id =',
  from: 'occurred_at >=',
  to: 'occurred_at <',
};

/** Looks events up for people: auditors, admins, support. */
@Injectable()
export class EventSearch {
  constructor(
    private readonly database: Database,
    private readonly shards: ShardMap,
  ) {}

  /** A page of events, oldest first. Pages are stable: what is appended meanwhile comes after all of them. */
  async find(filter: EventFilter, after: EventCursor, limit: number): Promise<EventPage> {
    const shardIds = this.shards.shardsOf(filter.environment);
    const perShard = await Promise.all(
      shardIds.map((shardId) => this.findInShard(shardId, filter, after.get(shardId) ?? 0, limit + 1)),
    );
    // Within a shard, recorded_at never runs backwards: merging by it keeps every shard's order.
    const merged = perShard
      .flat()
      .sort((a, b) => compare(a.recordedAt, b.recordedAt) || a.shardId - b.shardId || a.position - b.position);
    const events = merged.slice(0, limit);
    if (merged.length <= limit) return { events, next: null };
    const next = new Map(after);
    for (const event of events) next.set(event.shardId, event.position);
    return { events, next };
  }

  async get(shardId: number, position: number): Promise<RecordedEvent | null> {
    const { rows } = await this.database.query<RecordedEvent>(
      `SELECT ${WHOLE_COLUMNS} FROM ledger.events WHERE shard_id = $1 AND position = $2`,
      [shardId, position],
    );
    return rows[0] ?? null;
  }

  /** The same events in the same order, whole. */
  async withBodies(events: EventSummary[]): Promise<RecordedEvent[]> {
    const { rows } = await this.database.query<RecordedEvent>(
      `SELECT ${WHOLE_COLUMNS} FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY wanted(shard_id, position, n)
         JOIN ledger.events USING (shard_id, position) ORDER BY n`,
      [events.map(({ shardId }) => shardId), events.map(({ position }) => position)],
    );
    return rows;
  }

  private async findInShard(shardId: number, filter: EventFilter, after: number, limit: number): Promise<EventSummary[]> {
    const values: unknown[] = [shardId, after, limit];
    const conditions = Object.entries(FILTERS).flatMap(([name, comparison]) => {
      const value = filter[name as keyof EventFilter];
      return value === undefined ? [] : ` AND ${comparison} $${values.push(value)}`;
    });
    const { rows } = await this.database.query<EventSummary>(
      `SELECT ${SUMMARY_COLUMNS} FROM ledger.events
        WHERE shard_id = $1 AND position > $2${conditions.join('')} ORDER BY position LIMIT $3`,
      values,
    );
    return rows;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
