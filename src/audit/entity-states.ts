import type { Fact, Reading } from '../projections';

/** A fact that shows an entity as a whole; the greatest watermark is the newest. */
export interface EntitySnapshot extends Fact {
  watermark: string;
}

/**
 * The entity after each event of its stream: an event that arrived late changes nothing, since a newer one was there already. Pure.
 * @param before what the events before these left; null where they left nothing
 */
export function statesAfter(readings: Reading[], before: EntitySnapshot | null): (EntitySnapshot | null)[] {
  let newest = before;
  return readings.map(({ fact }) => {
    if (isSnapshot(fact) && (!newest || fact.watermark > newest.watermark)) newest = fact;
    return newest;
  });
}

function isSnapshot(fact: Fact | null): fact is EntitySnapshot {
  return fact !== null && 'watermark' in fact && typeof fact.watermark === 'string';
}
