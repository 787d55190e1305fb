/**
 * A moment in UTC with microseconds, always written `2026-01-10T10:00:00.123456Z`.
 * One fixed form, so comparing two as text compares them in time, and nothing passes
 * through a JavaScript `Date`, which would cut the microseconds.
 */
export type Instant = string & { readonly __brand: 'Instant' };

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads an RFC 3339 time of any precision and offset.
 * Digits beyond microseconds are cut, never rounded: two spellings of one moment stay equal.
 * @returns null for anything that is not a real moment of the years 1 to 9999
 */
export function parseInstant(text: string): Instant | null {
  const match = RFC3339.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] = match;
  if (year === '0000' || !isCalendarDay(Number(year), Number(month), Number(day))) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  if (second === '60') return inUtc(`${year}-${month}-${day}T${hour}:${minute}:59`, '999999', sign, offsetHour, offsetMinute);
  return inUtc(`${year}-${month}-${day}T${hour}:${minute}:${second}`, micros, sign, offsetHour, offsetMinute);
}

/** The moment that a clock in milliseconds since the epoch shows. */
export function instantFromMs(ms: number): Instant {
  return new Date(ms).toISOString().replace('Z', '000Z') as Instant;
}

/** Milliseconds since the epoch; microseconds are cut. */
export function msOf(instant: Instant): number {
  return Date.parse(instant);
}

/** So many times 24 hours later; microseconds stay. */
export function plusDays(instant: Instant, days: number): Instant {
  const micros = instant.slice(-4); // of the millisecond, and the Z
  return instantFromMs(msOf(instant) + days * 86_400_000)
    .slice(0, -4)
    .concat(micros) as Instant;
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > DAYS_IN_MONTH[month - 1]!) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return !(month === 2 && day === 29 && !leap);
}

function inUtc(seconds: string, micros: string, sign?: string, offsetHour?: string, offsetMinute?: string): Instant | null {
  if (!sign || (offsetHour === '00' && offsetMinute === '00')) return `${seconds}.${micros}Z` as Instant;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '+' ? 1 : -1);
  const shifted = new Date(Date.parse(`${seconds}Z`) - offsetMs).toISOString();
  return /^\d{4}-/.test(shifted) && !shifted.startsWith('0000') ? (`${shifted.slice(0, 19)}.${micros}Z` as Instant) : null;
}
