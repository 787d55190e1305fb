import type { Metadata } from './device';

const MAX_BYTES = 4_096;
const MAX_DEPTH = 3;

export const METADATA_RULE = `must be an object of at most ${MAX_BYTES} bytes and ${MAX_DEPTH} levels`;

/** Whether it is an object of the caller's own, small enough to be kept with every change. */
export function isMetadata(value: unknown): value is Metadata {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return depthOf(value) <= MAX_DEPTH && Buffer.byteLength(JSON.stringify(value)) <= MAX_BYTES;
}

/** Looks no deeper than it has to: a body can be as deep as it is long. */
function depthOf(value: unknown, above = 0): number {
  if (typeof value !== 'object' || value === null || above > MAX_DEPTH) return above;
  return Math.max(above + 1, ...Object.values(value).map((inner) => depthOf(inner, above + 1)));
}
