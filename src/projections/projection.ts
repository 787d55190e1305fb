import type { FoldableEvent } from '../ledger';

/** What an event says, in the words that projections handle. */
export interface Fact {
  kind: string;
}

/** How recorded events are read. Pure. */
export interface Translator {
  /** @returns what the event says; null where no projection needs it */
  read(event: FoldableEvent): Fact | null;
  /** The event types that facts of this kind are read from, `%` at the start or the end for any; no others need to be looked at. */
  typesOf(kind: string): string[];
}

export type ColumnType = 'text' | 'integer' | 'boolean' | 'jsonb';

/** The table of a read model: one row for each key. `shard_id` stands before the key without being named. */
export interface ReadModelTable<Row extends object> {
  key: keyof Row & string;
  /** Property names of the row; the columns are their snake_case. */
  columns: Record<keyof Row & string, ColumnType>;
  /** Column lists to be found by, below the shard. */
  indexes: (keyof Row & string)[][];
}

/**
 * A read model: how facts become rows. Pure, and order-free: any permutation and repetition of the same facts
 * must give the same row, since deliveries repeat, race and arrive in any order.
 */
export interface Projection<Row extends object = object, F extends Fact = Fact> {
  name: string;
  /** Raise it when `evolve` changes what a row says, or the table changes. */
  version: number;
  table: ReadModelTable<Row>;
  handles: readonly F['kind'][];
  /** Of facts of these kinds, one with a later time of event replaces all earlier ones of its stream, so a rebuild need not read those. */
  newestOnly?: readonly F['kind'][];
  /** A fact of these kinds changes nothing unless the event's JSON has this string as a value, so a rebuild need not parse the others. */
  onlyWith?: Partial<Record<F['kind'], string>>;
  /** The keys of the rows that a fact may change. */
  keysOf(fact: F): string[];
  /** @returns the row after the fact: the same object where nothing changes, null to remove it */
  evolve(row: Row | null, fact: F, key: string): Row | null;
}

/** A projection of any row and fact, as the engine handles them. */
export type AnyProjection = Projection<Record<string, unknown>>;

/** For the list of a module: forgets the row's type, which only the projection itself knows. */
export function anyProjection<Row extends object, F extends Fact>(projection: Projection<Row, F>): AnyProjection {
  return projection as unknown as AnyProjection;
}
