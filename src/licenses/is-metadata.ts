import { ValidateBy } from 'class-validator';

const MAX_BYTES = 16 * 1024;
const MAX_DEPTH = 4;
const MAX_KEYS = 64;

/** Of a property of a body: an object of JSON that is small, shallow and has few members. */
export function IsMetadata(): PropertyDecorator {
  return ValidateBy({
    name: 'isMetadata',
    validator: {
      validate: (value: unknown) => isMetadata(value),
      defaultMessage: () =>
        `$property must be an object of at most ${MAX_BYTES} bytes of JSON, ${MAX_KEYS} keys in all, and ${MAX_DEPTH} levels`,
    },
  });
}

export function isMetadata(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (depthOf(value) > MAX_DEPTH || keysIn(value) > MAX_KEYS) return false;
  return Buffer.byteLength(JSON.stringify(value)) <= MAX_BYTES;
}

/** Stops counting where it is too deep already. */
function depthOf(value: unknown, above = 0): number {
  if (typeof value !== 'object' || value === null || above > MAX_DEPTH) return above;
  return Math.max(above + 1, ...Object.values(value).map((inner) => depthOf(inner, above + 1)));
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, inner) => sum + keysIn(inner), own);
}
