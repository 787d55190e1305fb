import type { FoldableEvent, LedgerReader, ShardMap } from '../ledger';
import type { Database } from '../platform/database';
import { parseInstant, type Instant } from '../platform/instant';
import { foldBatch, keysOfBatch, type Stuck } from './fold';
import type { AnyProjection } from './projection';
import type { ProjectionRegistry } from './projection-registry';
import { snakeCase } from './read-model-store';

const PAGE = 2_000;

export interface WhatIfScope {
  /** Only what concerns the customers of this user. */
  userId?: string | undefined;
  /** Only events up to this position of their shard, */
  position?: number | undefined;
  /** or that happened up to this time. */
  time?: Instant | undefined;
}

/** A row that this code would make otherwise than it is; null: there is none. */
export interface WhatIfDifference {
  shardId: number;
  key: string;
  live: unknown;
  folded: unknown;
}

export interface WhatIf {
  events: number;
  rows: number;
  differences: WhatIfDifference[];
  /** What this code cannot read or fold. */
  stuck: Stuck[];
}

type ShardRows = Map<string, Record<string, unknown>>;

/** Folds history in memory with the code at hand, and compares it with the live rows. Writes nothing. */
export class WhatIfReplay {
  constructor(
    private readonly database: Database,
    private readonly reader: LedgerReader,
    private readonly registry: ProjectionRegistry,
    private readonly shards: ShardMap,
  ) {}

  async replay(projection: AnyProjection, scope: WhatIfScope): Promise<WhatIf> {
    const result: WhatIf = { events: 0, rows: 0, differences: [], stuck: [] };
    for (const shardId of this.shards.all()) {
      const folded: ShardRows = new Map();
      const touched = new Set<string>();
      for await (const events of this.pagesOf(projection, shardId, scope)) {
        result.events += events.length;
        const keyed = keysOfBatch(
          projection,
          events.map((event) => this.registry.read(event)),
        );
        const { changed, stuck } = foldBatch(projection, folded, keyed);
        for (const key of keyed.keys) touched.add(key);
        for (const [key, row] of changed) if (row) folded.set(key, asStored(row));
        for (const [key, row] of changed) if (!row) folded.delete(key);
        result.stuck.push(...stuck.values());
      }
      result.rows += folded.size;
      const live = await this.liveRows(projection, shardId, scope.userId === undefined ? null : [...touched]);
      result.differences.push(...differencesOf(shardId, live, folded));
    }
    return result;
  }

  private async *pagesOf(
    projection: AnyProjection,
    shardId: number,
    { userId, position, time }: WhatIfScope,
  ): AsyncGenerator<FoldableEvent[]> {
    const head = (await this.reader.heads([shardId]))[0]!.position;
    const end = Math.min(head, position ?? head);
    const wanted = (event: FoldableEvent) =>
      event.position <= end && (time === undefined || (parseInstant(event.occurredAt) ?? '') <= time);
    if (userId !== undefined) {
      yield (await this.reader.readOfUser([shardId], userId)).filter(wanted);
      return;
    }
    const choice = { types: this.registry.typesOf(projection), newestOnly: [], onlyWith: [], horizon: end };
    for (let after = 0; after < end; after += PAGE) {
      yield (await this.reader.readRange(shardId, after, Math.min(after + PAGE, end), choice)).filter(wanted);
    }
  }

  private async liveRows({ name, table }: AnyProjection, shardId: number, keys: string[] | null): Promise<ShardRows> {
    const columns = Object.keys(table.columns).map((column) => `${snakeCase(column)} AS "${column}"`);
    const { rows } = await this.database.query<Record<string, unknown>>(
      `SELECT ${columns.join(', ')} FROM read_models.${name}
        WHERE shard_id = $1 AND ($2::text[] IS NULL OR ${snakeCase(table.key)} = ANY($2))`,
      [shardId, keys],
    );
    return new Map(rows.map((row) => [row[table.key] as string, row]));
  }
}

/** As it would come back from the database. */
function asStored(row: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(row)) as Record<string, unknown>;
}

function differencesOf(shardId: number, live: ShardRows, folded: ShardRows): WhatIfDifference[] {
  const keys = [...new Set([...live.keys(), ...folded.keys()])].sort();
  return keys.flatMap((key) => {
    const [before, after] = [live.get(key) ?? null, folded.get(key) ?? null];
    return canonical(before) === canonical(after) ? [] : { shardId, key, live: before, folded: after };
  });
}

/** The same text for the same content, whatever the order in which PostgreSQL's jsonb keeps the fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
