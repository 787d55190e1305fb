import { instantFromMs, parseInstant, type Instant } from '../../platform/instant';

/** Virtual time: whole microseconds since the epoch. Exact as a number until the year 2255. */
export type Micros = number;

export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function instantOf(micros: Micros): Instant {
  const fraction = String(micros % 1_000).padStart(3, '0');
  return instantFromMs(Math.floor(micros / 1_000)).replace('000Z', `${fraction}Z`) as Instant;
}

/** @throws RangeError for what is not an RFC 3339 time */
export function microsOf(time: string): Micros {
  const instant = parseInstant(time);
  if (!instant) throw new RangeError(`"${time}" is not an RFC 3339 time`);
  return Date.parse(instant.slice(0, 23) + 'Z') * 1_000 + Number(instant.slice(23, 26));
}
