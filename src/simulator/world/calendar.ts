import type { Duration } from './entities';
import { DAY, type Micros } from './time';

/**
 * The moment that lies `count` durations after an anchor. Months and years keep the anchor's day of the month and
 * fall back to the last one where a month is shorter: 31 January, 28 February, 31 March.
 */
export function addDurations(anchor: Micros, { interval, frequency }: Duration, count: number): Micros {
  const steps = frequency * count;
  if (interval === 'day') return anchor + steps * DAY;
  if (interval === 'week') return anchor + steps * 7 * DAY;
  return addMonths(anchor, interval === 'year' ? steps * 12 : steps);
}

function addMonths(anchor: Micros, months: number): Micros {
  const startOfDay = Math.floor(anchor / DAY) * DAY;
  const date = new Date(startOfDay / 1_000);
  const day = date.getUTCDate();
  const target = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  return target * 1_000 + (Math.min(day, lastDay) - 1) * DAY + (anchor - startOfDay);
}

export function sameDuration(a: Duration, b: Duration): boolean {
  return a.interval === b.interval && a.frequency === b.frequency;
}

const ISO_DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const PLAIN_DURATION = /^(\d+)\s*(second|minute|hour|day|week|month|year)s?$/;

/**
 * The moment after a length of time, written as ISO 8601 (`P1M`, `PT30M`) or plainly (`1month`, `2 weeks`).
 * @returns null when the text is neither
 */
export function laterBy(from: Micros, length: string): Micros | null {
  const plain = PLAIN_DURATION.exec(length.trim());
  if (plain) return laterBy(from, isoOf(Number(plain[1]), plain[2]!));
  const iso = ISO_DURATION.exec(length.trim());
  if (!iso || length.trim().length < 3) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
  const date = addMonths(from, years! * 12 + months!) + (weeks! * 7 + days!) * DAY;
  return date + ((hours! * 60 + minutes!) * 60 + seconds!) * 1_000_000;
}

function isoOf(count: number, unit: string): string {
  return ['second', 'minute', 'hour'].includes(unit)
    ? `PT${count}${unit[0]!.toUpperCase()}`
    : `P${count}${unit[0]!.toUpperCase()}`;
}
