import type { AnyProjection, Fact } from './projection';

export type Rows = Map<string, Record<string, unknown> | null>;

/** An event as projections meet it: what it says, or why that cannot be told. */
export interface Reading {
  position: number;
  streamId: string;
  type: string;
  /** Null where no projection needs it. */
  fact: Fact | null;
  failure?: Error;
}

/** A stream that cannot go on, and from where. */
export interface Stuck {
  streamId: string;
  position: number;
  failure: Error;
}

/** Readings of one projection with the keys of the rows they may change, and streams that cannot be read. */
export interface Keyed {
  readings: { reading: Reading; keys: string[] }[];
  keys: string[];
  stuck: Map<string, Stuck>;
}

/**
 * Finds out which rows a batch may change. Pure.
 * @param parked streams that wait already: nothing of theirs is folded
 */
export function keysOfBatch(projection: AnyProjection, batch: Reading[], parked: ReadonlySet<string> = new Set()): Keyed {
  const keyed: Keyed = { readings: [], keys: [], stuck: new Map() };
  const keys = new Set<string>();
  for (const reading of batch) {
    if (parked.has(reading.streamId) || keyed.stuck.has(reading.streamId)) continue;
    try {
      if (reading.failure) throw reading.failure;
      if (!reading.fact || !projection.handles.includes(reading.fact.kind)) continue;
      const own = projection.keysOf(reading.fact);
      for (const key of own) keys.add(key);
      keyed.readings.push({ reading, keys: own });
    } catch (error) {
      stick(keyed.stuck, reading, error);
    }
  }
  keyed.keys = [...keys];
  return keyed;
}

/**
 * Folds a batch into rows. Pure. A fact that fails changes nothing, and its stream waits from there on; all others go on.
 * @param rows as they are, by key; missing ones do not exist
 * @returns the rows that changed, null for one to remove; and the streams that cannot go on
 */
export function foldBatch(
  projection: AnyProjection,
  rows: ReadonlyMap<string, Record<string, unknown>>,
  keyed: Keyed,
): { changed: Rows; stuck: Map<string, Stuck> } {
  const changed: Rows = new Map();
  const stuck = new Map(keyed.stuck);
  for (const { reading, keys } of keyed.readings) {
    if (isStuck(stuck, reading)) continue;
    try {
      const evolved = keys.map((key) => {
        const before = changed.has(key) ? changed.get(key)! : (rows.get(key) ?? null);
        return { key, before, after: projection.evolve(before, reading.fact!, key) };
      });
      for (const { key, before, after } of evolved) if (after !== before) changed.set(key, after);
    } catch (error) {
      stick(stuck, reading, error);
    }
  }
  return { changed, stuck };
}

/** Also when an event further on in the batch was found unreadable: what stands before it is folded. */
function isStuck(stuck: Map<string, Stuck>, { streamId, position }: Reading): boolean {
  const at = stuck.get(streamId);
  return at !== undefined && at.position < position;
}

function stick(stuck: Map<string, Stuck>, { streamId, position }: Reading, error: unknown): void {
  stuck.set(streamId, { streamId, position, failure: error instanceof Error ? error : new Error(String(error)) });
}
