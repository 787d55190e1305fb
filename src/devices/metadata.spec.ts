import { isMetadata } from './metadata';

const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

it.each<[string, unknown, boolean]>([
  ['nothing in it', {}, true],
  ['whatever JSON has', { a: [1, null, true, 'x'], b: { c: [] } }, true],
  ['three levels', nested(3), true],
  ['four levels', nested(4), false],
  ['a list as a level', { a: [{ b: {} }] }, false],
  ['5,000 levels', nested(5_000), false],
  ['4,096 bytes', { a: 'x'.repeat(4_096 - 8) }, true],
  ['4,097 bytes', { a: 'x'.repeat(4_096 - 7) }, false],
  ['characters of several bytes', { a: 'ñ'.repeat(2_045) }, false],
])('says of one with %s whether it may be kept', (_, value, expected) => expect(isMetadata(value)).toBe(expected));

it.each([null, undefined, [], 'x', 7])('is not %j', (value) => expect(isMetadata(value)).toBe(false));
