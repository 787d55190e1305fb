import type { Queryable } from '../platform/database';
import { tableOf } from './read-model-store';

export type StoredRow = Record<string, unknown>;

/** A row that a swap adds (`before` null), removes (`after` null) or changes; columns as they are named in the table. */
export interface ChangedRow {
  shardId: number;
  key: string;
  before: StoredRow | null;
  after: StoredRow | null;
}

/** What a swap does to the rows. */
export interface RowDiff {
  added: number;
  removed: number;
  changed: number;
  /** How many changed rows differ in this column. */
  changedFields: Record<string, number>;
  samples: ChangedRow[];
}

const PAGE = 1_000;
const SAMPLES = 20;

/** Pages of the rows in which two builds differ, by shard and key. In a transaction of the caller's. */
export async function* changedRows(
  projection: string,
  [before, after]: [number, number],
  key: string,
  on: Queryable,
): AsyncGenerator<ChangedRow[]> {
  const [old, next] = [before, after].map((build) => tableOf({ projection: { name: projection }, build }));
  await on.query(
    `DECLARE changed_rows NO SCROLL CURSOR FOR
     SELECT coalesce(b.shard_id, a.shard_id) AS "shardId", coalesce(b.${key}, a.${key}) AS key,
            CASE WHEN b.${key} IS NOT NULL THEN to_jsonb(b) - 'shard_id' END AS before,
            CASE WHEN a.${key} IS NOT NULL THEN to_jsonb(a) - 'shard_id' END AS after
       FROM ${old} b FULL JOIN ${next} a ON a.shard_id = b.shard_id AND a.${key} = b.${key}
      WHERE jsonb_strip_nulls(to_jsonb(a)) IS DISTINCT FROM jsonb_strip_nulls(to_jsonb(b))
      ORDER BY 1, 2`,
  );
  for (;;) {
    const { rows } = await on.query<ChangedRow>(`FETCH ${PAGE} FROM changed_rows`);
    if (rows.length === 0) break;
    yield rows;
  }
  await on.query('CLOSE changed_rows');
}

/** Counts changed rows as they pass. */
export class RowDiffCounter {
  readonly diff: RowDiff = { added: 0, removed: 0, changed: 0, changedFields: {}, samples: [] };

  add(rows: ChangedRow[]): void {
    const { diff } = this;
    for (const row of rows) {
      if (diff.samples.length < SAMPLES) diff.samples.push(row);
      if (!row.before) diff.added++;
      else if (!row.after) diff.removed++;
      else diff.changed++;
      for (const field of changedFields(row)) diff.changedFields[field] = (diff.changedFields[field] ?? 0) + 1;
    }
  }
}

function changedFields({ before, after }: ChangedRow): string[] {
  if (!before || !after) return [];
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].filter((field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null));
}
