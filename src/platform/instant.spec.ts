import fc from 'fast-check';
import { instantFromMs, msOf, parseInstant, plusDays } from './instant';

describe('parseInstant', () => {
  it.each([
    ['2026-01-10T10:00:00.123456Z', '2026-01-10T10:00:00.123456Z'],
    ['2026-01-10T10:00:00Z', '2026-01-10T10:00:00.000000Z'],
    ['2026-01-10t10:00:00.5z', '2026-01-10T10:00:00.500000Z'],
    ['2026-01-10T10:00:00.123456999Z', '2026-01-10T10:00:00.123456Z'],
    ['2026-01-10T12:30:00.000001+02:30', '2026-01-10T10:00:00.000001Z'],
    ['2026-01-01T00:30:00-01:00', '2026-01-01T01:30:00.000000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999999Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('reads %s', (text, instant) => expect(parseInstant(text)).toBe(instant));

  it.each([
    '',
    'yesterday',
    '2026-01-10',
    '2026-01-10T10:00:00',
    '2026-13-10T10:00:00Z',
    '2026-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-01-10T24:00:00Z',
    '2026-01-10T10:60:00Z',
    '2026-01-10T10:00:61Z',
    '2026-01-10T10:00:00+24:00',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2026-01-10T10:00:00.Z',
    '2026-01-10T10:00:00.123Z ',
  ])('refuses "%s"', (text) => expect(parseInstant(text)).toBeNull());

  it('keeps what a Date cannot hold: two moments in one millisecond stay apart and in order', () => {
    const [earlier, later] = ['2026-01-10T10:00:00.123456Z', '2026-01-10T10:00:00.123457Z'].map(parseInstant);
    expect(earlier! < later!).toBe(true);
  });

  it('orders as text as it orders in time, whatever the offset', () => {
    const offsets = ['Z', '+00:00', '+05:30', '-11:45'];
    const moments = fc.record({ ms: fc.integer({ min: 0, max: 4e12 }), offset: fc.constantFrom(...offsets) });
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        const [first, second] = [a, b].map(({ ms, offset }) => parseInstant(spell(ms, offset))!);
        expect(Math.sign(a.ms - b.ms)).toBe(first === second ? 0 : first! < second! ? -1 : 1);
        expect(msOf(first!)).toBe(a.ms);
        expect(first).toBe(instantFromMs(a.ms));
      }),
    );
  });
});

it('counts days on, to the microsecond, over months and leap days', () => {
  const later = (text: string, days: number) => plusDays(parseInstant(text)!, days);
  expect(later('2026-01-31T23:59:59.123456Z', 1)).toBe('2026-02-01T23:59:59.123456Z');
  expect(later('2028-02-28T12:00:00.000001Z', 2)).toBe('2028-03-01T12:00:00.000001Z');
  expect(later('2026-05-05T05:05:05.5Z', 0)).toBe('2026-05-05T05:05:05.500000Z');
});

/** The moment as a clock with that offset shows it. */
function spell(ms: number, offset: string): string {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(offset) ?? [null, '+', '0', '0'];
  const shift = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '+' ? 1 : -1);
  return new Date(ms + shift).toISOString().replace('Z', offset);
}
