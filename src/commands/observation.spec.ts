import fc from 'fast-check';
import { instantFromMs, type Instant } from '../platform/instant';
import type { EntityAnswer } from '../provider';
import { observationOf } from './observation';

const SENT = '2026-06-15T12:00:00.500000Z' as Instant;

function answer(json: string, sentAt = SENT): EntityAnswer<unknown> {
  return { value: null, status: 200, body: Buffer.from('not this'), entity: () => Buffer.from(json), requestId: 'r1', sentAt };
}

const observed = (after: string | null, sentAt = SENT) =>
  observationOf(answer('{}', sentAt), 'subscription.observed', 'c1', after as Instant | null);

it.each([
  ['numbers as they were written', '{"a":1.0,"b":1e3,"c":-0,"d":12345678901234567890}'],
  ['escapes as they were written', '{"a":"\\u00e9\\/","b":"é/","c":"\\ud83d"}'],
  ['the order of fields, numbers among them', '{"z":1,"10":2,"2":3,"a":4}'],
  ['fields that stand there twice', '{"a":1,"a":2}'],
  ['blanks and line ends', '{ "a" :\r\n\t[ ] }'],
])('keeps %s', (_, json) => {
  const { body } = observationOf(answer(json), 'subscription.observed', 'c1', null);
  expect(body.toString('utf8')).toBe(
    `{"event_id":"observed_c1","event_type":"subscription.observed","occurred_at":"${SENT}","data":${json}}`,
  );
});

it('keeps any JSON byte for byte, in an envelope that reads as JSON', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const { body } = observationOf(answer(json), 'transaction.observed', 'c1', null);
      expect(body.includes(`,"data":${json}}`)).toBe(true);
      expect((JSON.parse(body.toString('utf8')) as { data: unknown }).data).toEqual(JSON.parse(json));
    }),
  );
});

it('happened when it was asked for, where nothing newer was known', () => {
  expect(observed(null).occurredAt).toBe(SENT);
  expect(observed('2026-06-15T12:00:00.499999Z').occurredAt).toBe(SENT);
});

it.each([
  ['at the same time', SENT, '2026-06-15T12:00:00.500001Z'],
  ['later', '2026-06-15T12:00:01.000000Z', '2026-06-15T12:00:01.000001Z'],
  ['at the last microsecond of a millisecond', '2026-06-15T12:00:01.000999Z', '2026-06-15T12:00:01.001000Z'],
  ['at the last microsecond of a second', '2026-06-15T12:00:01.999999Z', '2026-06-15T12:00:02.000000Z'],
  ['at the last microsecond of a year', '2026-12-31T23:59:59.999999Z', '2027-01-01T00:00:00.000000Z'],
  ['before a leap day', '2028-02-28T23:59:59.999999Z', '2028-02-29T00:00:00.000000Z'],
])('is newer than the snapshot that was decided on, though that is from %s', (_, after, occurredAt) => {
  const { occurredAt: at, body } = observed(after);
  expect(at).toBe(occurredAt);
  expect(JSON.parse(body.toString('utf8'))).toMatchObject({ occurred_at: occurredAt });
});

it('is always the next microsecond or the time of asking, whichever is later', () => {
  const micros = fc.integer({ min: 0, max: 4_000_000 });
  const instant = (n: number) =>
    instantFromMs(Date.UTC(2026, 11, 31, 23, 59, 58) + Math.floor(n / 1_000)).replace(
      '000Z',
      `${String(n % 1_000).padStart(3, '0')}Z`,
    ) as Instant;
  fc.assert(
    fc.property(micros, micros, (sent, after) => {
      expect(observed(instant(after), instant(sent)).occurredAt).toBe(instant(Math.max(sent, after + 1)));
    }),
  );
});

it('makes the same event of the same command, so that it is recorded once', () => {
  expect(observed(null).eventId).toBe(observed('2026-07-01T00:00:00.000000Z').eventId);
  expect(observationOf(answer('{}'), 'subscription.observed', 'c2', null).eventId).not.toBe(observed(null).eventId);
});

it('is no older than the last change that the provider shows, whose clock may be ahead of ours', () => {
  const shownAt = (updatedAt: unknown) =>
    observationOf(answer(JSON.stringify({ updated_at: updatedAt }), '2026-01-10T09:00:00.000000Z' as Instant), 's', 'c', null)
      .occurredAt;
  expect(shownAt('2026-01-10T09:00:00.700123456Z')).toBe('2026-01-10T09:00:00.700123Z');
  expect(shownAt('2026-01-10T08:00:00Z')).toBe('2026-01-10T09:00:00.000000Z');
  expect(shownAt('0001-01-01T00:00:00Z')).toBe('2026-01-10T09:00:00.000000Z');
  expect(shownAt(42)).toBe('2026-01-10T09:00:00.000000Z');
});
