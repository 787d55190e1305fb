import type { Instant } from '../platform/instant';
import { parseUuid, statusOf } from './device';

const AT = '2026-01-01T00:00:00.000000Z' as Instant;

it.each([1, 2, 3, 4, 5, 6, 7, 8])('takes a UUID of version %d, in any case', (version) => {
  const uuid = `7f8b1f0e-3c52-${version}d0a-9c1e-5b6a7d8e9f01`;
  expect(parseUuid(uuid.toUpperCase())).toBe(uuid);
});

it.each([
  ['nil', '00000000-0000-0000-0000-000000000000'],
  ['max', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['a version that nobody has defined', '7f8b1f0e-3c52-9d0a-9c1e-5b6a7d8e9f01'],
  ['another variant', '7f8b1f0e-3c52-4d0a-cc1e-5b6a7d8e9f01'],
  ['braces', '{7f8b1f0e-3c52-4d0a-9c1e-5b6a7d8e9f01}'],
  ['a line after it', '7f8b1f0e-3c52-4d0a-9c1e-5b6a7d8e9f01\n'],
  ['no hyphens', '7f8b1f0e3c524d0a9c1e5b6a7d8e9f01'],
  ['nothing', ''],
])('does not take %s', (_, text) => expect(parseUuid(text)).toBeNull());

it('is blocked before it is anything else', () => {
  const retired = { reason: 'user' as const, note: null, at: AT, by: 'user_1' };
  const blocked = { reason: 'cloned', at: AT, by: 'admin_1' };
  expect(statusOf({ retired: null, blocked: null })).toBe('active');
  expect(statusOf({ retired, blocked: null })).toBe('retired');
  expect(statusOf({ retired: null, blocked })).toBe('blocked');
  expect(statusOf({ retired, blocked })).toBe('blocked');
});
