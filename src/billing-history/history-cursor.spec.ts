import fc from 'fast-check';
import { formatPlace, parsePlace } from './history-cursor';

const PLACE = { orderedAt: '2026-01-10T09:30:00.444476Z', transactionId: 'txn_01hv8wptq8987qeep44cyrewp9' };

it('names the same place when it comes back', () => {
  expect(formatPlace(PLACE)).toMatch(/^[\w-]+$/);
  expect(parsePlace(formatPlace(PLACE))).toEqual(PLACE);
});

const cursor = (text: string) => Buffer.from(text).toString('base64url');

it.each([
  ['nothing', ''],
  ['a word', 'abc'],
  ['a number', '50'],
  ['a time alone', cursor(PLACE.orderedAt)],
  ['an id alone', cursor(PLACE.transactionId)],
  ['a time that is none', cursor(`2026-13-10T09:30:00.444476Z ${PLACE.transactionId}`)],
  ['a time in another form', cursor(`2026-01-10T09:30:00Z ${PLACE.transactionId}`)],
  ['an id that is none', cursor(`${PLACE.orderedAt} '; DROP TABLE`)],
  ['more than there is', cursor(`${PLACE.orderedAt} ${PLACE.transactionId} x`)],
  ['padding', `${formatPlace({ ...PLACE, transactionId: 'txn_1' })}=`],
  ['another alphabet', `${formatPlace(PLACE)}\u0000`],
])('takes no cursor that is %s', (_, text) => {
  expect(parsePlace(text)).toBeNull();
});

it('never throws, and takes nothing that it would not have made', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const place = parsePlace(text);
      expect(place === null || formatPlace(place) === text).toBe(true);
    }),
  );
});
