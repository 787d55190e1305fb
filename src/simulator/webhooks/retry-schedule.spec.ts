import { DAY, HOUR, MINUTE, SECOND } from '../world/time';
import { retryDelay, type RetrySchedule } from './retry-schedule';

function delaysOf(schedule: RetrySchedule): number[] {
  const delays: number[] = [];
  for (let delay = retryDelay(1, schedule); delay !== null; delay = retryDelay(delays.length + 1, schedule)) delays.push(delay);
  return delays;
}

const sum = (delays: number[]) => delays.reduce((total, delay) => total + delay, 0);

it('makes 60 attempts in live, ever further apart, within three days', () => {
  const delays = delaysOf('live');
  expect(delays).toHaveLength(59);
  expect(delays.slice(0, 3).map((delay) => Math.round(delay / SECOND))).toEqual([60, 129, 201]);
  expect(delays).toEqual([...delays].sort((a, b) => a - b));
  expect(sum(delays)).toBeGreaterThan(40 * HOUR);
  expect(sum(delays)).toBeLessThan(3 * DAY);
  expect(delays.every(Number.isInteger)).toBe(true);
});

it('makes three within a quarter of an hour in sandbox', () => {
  expect(delaysOf('sandbox')).toHaveLength(2);
  expect(sum(delaysOf('sandbox'))).toBe(15 * MINUTE);
});
