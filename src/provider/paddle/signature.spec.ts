import { createHmac } from 'node:crypto';
import { signatureHeader, verifySignature } from './signature';

/** The vector of Paddle's documentation style: secret, time, body and signature are fixed. */
const VECTOR = {
  secret: 'example-secret-not-real',
  ts: 1712917130,
  body: Buffer.from(
    '{"event_id":"evt_01hv8x2acma2gz7he8kg2s0hna","event_type":"subscription.created","occurred_at":"2024-04-12T10:18:49.621022Z","notification_id":"ntf_01hv8x2af22vrrz7k67g06x1kq","data":{"id":"sub_01hv8x29kz0t586xy6zn1a62ny","status":"active"}}',
  ),
  h1: 'aa7e4bdc93f052f8a5a724d1928022fd1da4fb40ce1d03fa14560ce7398f16a0',
};
const GOOD = `ts=${VECTOR.ts};h1=${VECTOR.h1}`;
const BAD_H1 = '0'.repeat(64);

function verify(header: string, change: { body?: Buffer; secrets?: string[]; now?: number; toleranceSeconds?: number } = {}) {
  const { body, secret, ts } = { ...VECTOR, ...change };
  const { secrets = [secret], now = ts, toleranceSeconds = 300 } = change;
  return verifySignature({ body, header, secrets, keyOf: (key) => key, now, toleranceSeconds });
}

it('verifies the known vector, and makes the same header', () => {
  expect(VECTOR.body).toHaveLength(241);
  expect(verify(GOOD)).toEqual({ secret: VECTOR.secret });
  expect(signatureHeader(VECTOR.body, VECTOR.secret, VECTOR.ts)).toBe(GOOD);
});

it.each([
  ['the good h1 first', `ts=${VECTOR.ts};h1=${VECTOR.h1};h1=${BAD_H1}`],
  ['the good h1 last', `ts=${VECTOR.ts};h1=${BAD_H1};h1=${VECTOR.h1}`],
  ['an h1 that is no hash beside the good one', `ts=${VECTOR.ts};h1=dummy;h1=${VECTOR.h1}`],
  ['a scheme that nobody knows yet', `ts=${VECTOR.ts};h2=RANDOM;h1=${VECTOR.h1}`],
  ['another order and spaces', `h1=${VECTOR.h1}; ts=${VECTOR.ts}`],
])('accepts %s', (_, header) => expect(verify(header)).toEqual({ secret: VECTOR.secret }));

it('says which of several secrets matched', () => {
  expect(verify(GOOD, { secrets: ['another-secret', VECTOR.secret, 'third'] })).toEqual({ secret: VECTOR.secret });
});

it.each([
  ['nothing', ''],
  ['no ts', `h1=${VECTOR.h1}`],
  ['no h1', `ts=${VECTOR.ts}`],
  ['only an h2', `ts=${VECTOR.ts};h2=${VECTOR.h1}`],
  ['a ts that is no number', `ts=soon;h1=${VECTOR.h1}`],
  ['an h1 in upper case', `ts=${VECTOR.ts};h1=${VECTOR.h1.toUpperCase()}`],
  ['a truncated h1', `ts=${VECTOR.ts};h1=${VECTOR.h1.slice(0, 62)}`],
  ['a wrong h1', `ts=${VECTOR.ts};h1=${BAD_H1}`],
  ['another time', `ts=${VECTOR.ts + 1};h1=${VECTOR.h1}`],
])('refuses a header with %s', (_, header) => expect(verify(header)).toHaveProperty('refused'));

it('refuses one changed byte, and JSON printed again', () => {
  expect(verify(GOOD, { body: Buffer.from(VECTOR.body.toString().replace('active', 'paused')) })).toHaveProperty('refused');
  expect(verify(GOOD, { body: Buffer.from(JSON.stringify(JSON.parse(VECTOR.body.toString()), null, 2)) })).toHaveProperty(
    'refused',
  );
});

it('allows for clocks that differ, either way, and not more', () => {
  expect(verify(GOOD, { now: VECTOR.ts + 300 })).toEqual({ secret: VECTOR.secret });
  expect(verify(GOOD, { now: VECTOR.ts - 300 })).toEqual({ secret: VECTOR.secret });
  expect(verify(GOOD, { now: VECTOR.ts + 301 })).toEqual({ refused: 'ts is more than 300 seconds away from our clock' });
  expect(verify(GOOD, { now: VECTOR.ts - 301 })).toEqual({ refused: 'ts is more than 300 seconds away from our clock' });
});

it('signs bytes, not characters', () => {
  const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
  const h1 = createHmac('sha256', 'key-of-some-length')
    .update(Buffer.concat([Buffer.from('7:'), body]))
    .digest('hex');
  expect(verify(`ts=7;h1=${h1}`, { body, secrets: ['key-of-some-length'], now: 7 })).toEqual({ secret: 'key-of-some-length' });
});
