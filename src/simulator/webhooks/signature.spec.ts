import { createHmac } from 'node:crypto';
import { paddleSignature } from './signature';

/** The vector of our reference of Paddle, section 1.3. */
const SECRET = 'example-secret-not-real';
const TS = 1712917130;
const BODY = Buffer.from(
  '{"event_id":"evt_01hv8x2acma2gz7he8kg2s0hna","event_type":"subscription.created","occurred_at":"2024-04-12T10:18:49.621022Z","notification_id":"ntf_01hv8x2af22vrrz7k67g06x1kq","data":{"id":"sub_01hv8x29kz0t586xy6zn1a62ny","status":"active"}}',
);
const GOOD = 'h1=aa7e4bdc93f052f8a5a724d1928022fd1da4fb40ce1d03fa14560ce7398f16a0';

it('signs the known vector', () => {
  expect(paddleSignature(BODY, SECRET, TS, 'good')).toBe(`ts=${TS};${GOOD}`);
});

it('signs wrongly with what looks like a signature', () => {
  const header = paddleSignature(BODY, SECRET, TS, 'wrong');
  expect(header).toMatch(/^ts=1712917130;h1=[0-9a-f]{64}$/);
  expect(header).not.toContain(GOOD);
});

it('gives two signatures in either order', () => {
  expect(paddleSignature(BODY, SECRET, TS, 'two-good-first')).toMatch(new RegExp(`^ts=${TS};${GOOD};h1=[0-9a-f]{64}$`));
  expect(paddleSignature(BODY, SECRET, TS, 'two-good-last')).toMatch(new RegExp(`^ts=${TS};h1=[0-9a-f]{64};${GOOD}$`));
});

it('signs bytes, not characters', () => {
  const body = Buffer.from('{"name":"Zoë ✓"}');
  const expected = createHmac('sha256', SECRET)
    .update(Buffer.concat([Buffer.from('7:'), body]))
    .digest('hex');
  expect(paddleSignature(body, SECRET, 7, 'good')).toBe(`ts=7;h1=${expected}`);
});
