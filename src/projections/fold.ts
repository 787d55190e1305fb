import type { AnyProjection, Fact } from './projection';

export type Rows = Map<string, Record<string, unknown> | null>;

/** The keys of all rows that a batch of facts may change. */
export function keysOfBatch(projection: AnyProjection, facts: Fact[]): string[] {
  return [...new Set(handled(projection, facts).flatMap((fact) => projection.keysOf(fact)))];
}

/**
 * Folds a batch into rows. Pure.
 * @param rows as they are, by key; missing ones do not exist
 * @returns the rows that changed; null for one to remove
 */
export function foldBatch(projection: AnyProjection, rows: ReadonlyMap<string, Record<string, unknown>>, facts: Fact[]): Rows {
  const changed: Rows = new Map();
  for (const fact of handled(projection, facts)) {
    for (const key of projection.keysOf(fact)) {
      const before = changed.has(key) ? changed.get(key)! : (rows.get(key) ?? null);
      const after = projection.evolve(before, fact, key);
      if (after !== before) changed.set(key, after);
    }
  }
  return changed;
}

function handled(projection: AnyProjection, facts: Fact[]): Fact[] {
  return facts.filter((fact) => projection.handles.includes(fact.kind));
}
