import fc from 'fast-check';
import type { Instant } from '../platform/instant';
import type { EntityAnswer } from '../provider';
import { observationOf } from './observation';

const SENT = '2026-06-15T12:00:00.500000Z' as Instant;

function answer(json: string, sentAt = SENT): EntityAnswer<unknown> {
  return { value: null, status: 200, body: Buffer.from('not this'), entity: () => Buffer.from(json), requestId: 'r1', sentAt };
}

const observed = () => observationOf(answer('{}'), 'subscription.observed', 'c1');

it.each([
  ['numbers as they were written', '{"a":1.0,"b":1e3,"c":-0,"d":12345678901234567890}'],
  ['escapes as they were written', '{"a":"\\u00e9\\/","b":"é/","c":"\\ud83d"}'],
  ['the order of fields, numbers among them', '{"z":1,"10":2,"2":3,"a":4}'],
  ['fields that stand there twice', '{"a":1,"a":2}'],
  ['blanks and line ends', '{ "a" :\r\n\t[ ] }'],
])('keeps %s', (_, json) => {
  const { body } = observationOf(answer(json), 'subscription.observed', 'c1');
  expect(body.toString('utf8')).toBe(
    `{"event_id":"observed_c1","event_type":"subscription.observed","occurred_at":"${SENT}","data":${json}}`,
  );
});

it('keeps any JSON byte for byte, in an envelope that reads as JSON', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const { body } = observationOf(answer(json), 'transaction.observed', 'c1');
      expect(body.includes(`,"data":${json}}`)).toBe(true);
      expect((JSON.parse(body.toString('utf8')) as { data: unknown }).data).toEqual(JSON.parse(json));
    }),
  );
});

it('happened when it was asked for', () => expect(observed().occurredAt).toBe(SENT));

it('makes the same event of the same command, so that it is recorded once', () => {
  expect(observed().eventId).toBe(observed().eventId);
  expect(observationOf(answer('{}'), 'subscription.observed', 'c2').eventId).not.toBe(observed().eventId);
});

it('is no older than the last change that the provider shows, whose clock may be ahead of ours', () => {
  const shownAt = (updatedAt: unknown) =>
    observationOf(answer(JSON.stringify({ updated_at: updatedAt }), '2026-01-10T09:00:00.000000Z' as Instant), 's', 'c')
      .occurredAt;
  expect(shownAt('2026-01-10T09:00:00.700123456Z')).toBe('2026-01-10T09:00:00.700123Z');
  expect(shownAt('2026-01-10T08:00:00Z')).toBe('2026-01-10T09:00:00.000000Z');
  expect(shownAt('0001-01-01T00:00:00Z')).toBe('2026-01-10T09:00:00.000000Z');
  expect(shownAt(42)).toBe('2026-01-10T09:00:00.000000Z');
});
