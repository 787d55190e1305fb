import { Random } from '../world/random';
import type { Turn } from './due-queue';

const MOST_PLACES = 8;

/** Moves the first attempts of those with the fault some places later; the others keep their order. */
export function reordered(turns: Turn[]): Turn[] {
  if (!turns.some(isMoved)) return turns;
  return turns
    .map((turn, index) => ({ turn, place: isMoved(turn) ? index + placesOf(turn) + 0.5 : index }))
    .sort((a, b) => a.place - b.place)
    .map(({ turn }) => turn);
}

function isMoved({ notification, isCopy }: Turn): boolean {
  return !isCopy && notification.attempts.length === 0 && notification.faults.includes('reorder');
}

function placesOf({ notification }: Turn): number {
  return Random.from(`${notification.id}\nplaces`).between(1, MOST_PLACES);
}
