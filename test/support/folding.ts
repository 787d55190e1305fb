import { foldBatch, keysOfBatch, type Reading, type Rows } from '../../src/projections/fold';
import type { AnyProjection, Fact } from '../../src/projections/projection';

/** Facts as the engine reads them, each from a stream of its own. */
export function readingsOf(facts: Fact[]): Reading[] {
  return facts.map((fact, index) => ({ position: index + 1, streamId: `s-${index}`, type: fact.kind, fact }));
}

/** The keys and the changed rows of a batch in which nothing fails. */
export function foldFacts(projection: AnyProjection, rows: ReadonlyMap<string, Record<string, unknown>>, facts: Fact[]): Rows {
  const { changed, stuck } = foldBatch(projection, rows, keysOfBatch(projection, readingsOf(facts)));
  for (const { failure } of stuck.values()) throw failure;
  return changed;
}
