import type { Queryable } from '../platform/database';
import { park, type HeldBack } from './dead-letters';
import { foldBatch, keysOfBatch, type Reading, type Stuck } from './fold';
import { loadRows, saveRows, type Target } from './read-model-store';

/**
 * Folds readings into the table of one build and parks the streams that cannot go on. In a transaction of the caller's,
 * who holds the build's checkpoint.
 */
export async function applyReadings(
  target: Target,
  shardId: number,
  readings: Reading[],
  held: HeldBack,
  on: Queryable,
): Promise<Stuck[]> {
  const { name } = target.projection;
  const dismissed = held.dismissed(name);
  const wanted = dismissed.size === 0 ? readings : readings.filter(({ position }) => !dismissed.has(position));
  const keyed = keysOfBatch(target.projection, wanted, held.parked({ projection: name, build: target.build }));
  if (keyed.keys.length === 0 && keyed.stuck.size === 0) return [];
  const rows = keyed.keys.length === 0 ? new Map() : await loadRows(target, shardId, keyed.keys, on);
  const { changed, stuck } = foldBatch(target.projection, rows, keyed);
  await saveRows(target, shardId, changed, on);
  const waiting = [...stuck.values()];
  if (waiting.length > 0) await park({ projection: name, build: target.build }, shardId, waiting, on);
  return waiting;
}
