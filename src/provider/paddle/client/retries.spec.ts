import { ProviderError, type ProviderErrorDetails } from '../../provider-error';
import { CLIENT_SETTINGS } from './client-settings';
import { retryAfterSeconds, retryDelayMs, type FailedAttempt } from './retries';

const FAILED: ProviderErrorDetails = { failure: 'failed', outcome: 'not_done', status: 500 };
const RATE_LIMITED: ProviderErrorDetails = { failure: 'rate_limited', outcome: 'not_done', status: 429 };

function delayOf(details: ProviderErrorDetails, failed: Partial<FailedAttempt> = {}): number | null {
  const attempt: FailedAttempt = {
    error: new ProviderError(details),
    attempt: 1,
    repeatable: true,
    priority: 'background',
    elapsedMs: 0,
    random: 1,
    ...failed,
  };
  return retryDelayMs(attempt, CLIENT_SETTINGS.retries);
}

it.each<[string, ProviderErrorDetails]>([
  ['a server error', FAILED],
  ['a page that is no answer of Paddle', { failure: 'unreadable', outcome: 'not_done', status: 200 }],
  ['a broken connection', { failure: 'unreachable', outcome: 'not_done' }],
  ['a time-out', { failure: 'timed_out', outcome: 'not_done' }],
])('repeats a read after %s, and never a change', (_, details) => {
  expect(delayOf(details)).toBe(250);
  expect(delayOf({ ...details, outcome: 'unknown' }, { repeatable: false })).toBeNull();
});

it.each<[string, ProviderErrorDetails]>([
  ['a refusal', { failure: 'refused', outcome: 'not_done', status: 404 }],
  ['a redirect', { failure: 'unreadable', outcome: 'not_done', status: 302 }],
  ['an answer that is too large', { failure: 'unreadable', outcome: 'not_done' }],
  ['an open circuit', { failure: 'circuit_open', outcome: 'not_done' }],
  ['our own limit', { failure: 'busy', outcome: 'not_done' }],
  ['our own pause for the limit of the provider', { failure: 'rate_limited', outcome: 'not_done', retryAfterSeconds: 1 }],
  ['a caller who gave up', { failure: 'cancelled', outcome: 'not_done' }],
])('repeats nothing after %s', (_, details) => expect(delayOf(details)).toBeNull());

it('repeats a change that was not even looked at, after a rate limit', () => {
  expect(delayOf(RATE_LIMITED, { repeatable: false })).toBe(250);
});

it('waits longer from time to time, between a half and all of it', () => {
  const delays = (random: number) => [1, 2, 3, 4, 5].map((attempt) => delayOf(FAILED, { attempt, random }));
  expect(delays(1)).toEqual([250, 500, 1000, 2000, 4000]);
  expect(delays(0)).toEqual([125, 250, 500, 1000, 2000]);
});

it('gives up after so many attempts, for a user sooner', () => {
  expect(delayOf(FAILED, { attempt: 6 })).toBeNull();
  expect(delayOf(FAILED, { attempt: 3, priority: 'user' })).toBeNull();
});

it('waits as long as the provider asks, and a little more so that not all come back at once', () => {
  expect(delayOf({ ...RATE_LIMITED, retryAfterSeconds: 7 })).toBe(7_250);
  expect(delayOf({ ...FAILED, status: 503, retryAfterSeconds: 7 })).toBe(7_250);
});

it('does not wait longer than somebody would', () => {
  expect(delayOf({ ...RATE_LIMITED, retryAfterSeconds: 30 }, { priority: 'user' })).toBeNull();
  expect(delayOf({ ...RATE_LIMITED, retryAfterSeconds: 3600 })).toBeNull();
  expect(delayOf(FAILED, { elapsedMs: 300_000 })).toBeNull();
});

const NOON = Date.parse('2026-01-10T12:00:00Z');
const DATE = 'Sat, 10 Jan 2026 11:00:00 GMT';

it.each([
  ['seconds', '17', undefined, 17],
  ['nothing to wait for', '0', undefined, 0],
  ['a date, by the clock of the provider', 'Sat, 10 Jan 2026 11:00:42 GMT', DATE, 42],
  ['a date, by our clock', 'Sat, 10 Jan 2026 12:00:42 GMT', undefined, 42],
  ['a date that is over', 'Sat, 10 Jan 2026 10:00:00 GMT', DATE, 0],
  ['far too long', '999999999', undefined, 86_400],
  ['no header', undefined, DATE, null],
  ['no number', 'soon', DATE, null],
  ['a negative number', '-5', DATE, null],
  ['a fraction', '1.5', DATE, null],
])('reads a Retry-After of %s', (_, header, date, seconds) => expect(retryAfterSeconds(header, date, NOON)).toBe(seconds));
