/** Reading JSON that others wrote: every field may be missing, null or of another type, and none of that is an error. */
export type Json = Record<string, unknown>;

export function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf).filter((item) => item !== null) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An identifier: text without anything that a database or a log could stumble over. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value) ? value : null;
}

/** Money in the lowest unit of a currency: a whole number in text, as Paddle writes it. */
export function amountOf(value: unknown): string | null {
  return typeof value === 'string' && /^-?\d{1,30}$/.test(value) ? value : null;
}
