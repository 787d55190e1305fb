import { FakeClock } from '../../../../test/support/fake-clock';
import { ProviderClock } from './provider-clock';

/** A provider whose clock is ahead of ours; calls take as long as they are told. */
function clocksApart(aheadMs: number) {
  const ours = new FakeClock('2026-01-10T09:00:00.000Z');
  const clock = new ProviderClock(ours);
  const wait = (ms: number) => ours.advanceSeconds(ms / 1000);
  const call = (thereMs: number, backMs: number, date = true) => {
    const mark = clock.mark();
    wait(thereMs);
    const header = date ? new Date(ours.nowMs() + aheadMs).toUTCString() : undefined;
    wait(backMs);
    return clock.sentAt(mark, header);
  };
  return { call, wait };
}

it('believes our clock while no answer proves it wrong', () => {
  const { call, wait } = clocksApart(0);
  expect(call(40, 40)).toBe('2026-01-10T09:00:00.000000Z');
  wait(777);
  expect(call(40, 40)).toBe('2026-01-10T09:00:00.857000Z');
});

it('corrects a clock that is slow, and not by more than is proven', () => {
  const { call } = clocksApart(5_300);
  // The answer says 09:00:05, and 80 ms have gone by.
  expect(call(40, 40)).toBe('2026-01-10T09:00:04.920000Z');
});

it('corrects a clock that is fast', () => {
  const { call } = clocksApart(-3_600_000);
  expect(call(40, 40)).toBe('2026-01-10T08:00:00.999000Z');
});

it('comes closer with every answer', () => {
  const { call, wait } = clocksApart(5_300);
  const sent = Array.from({ length: 10 }, () => {
    wait(130);
    return Date.parse(call(10, 10));
  });
  // Sent 1480 ms after the start, on a clock that is 5300 ms ahead.
  expect(Date.parse('2026-01-10T09:00:00Z') + 1_480 + 5_300 - sent.at(-1)!).toBeLessThan(150);
});

it('is never later than the sending, whatever the clocks and the network are like', () => {
  for (let aheadMs = 1_000; aheadMs < 9_000; aheadMs += 333) {
    const { call, wait } = clocksApart(aheadMs);
    let ourMs = Date.parse('2026-01-10T09:00:00Z');
    for (const [pauseMs, thereMs, backMs] of [
      [5, 30, 200],
      [990, 1, 1],
      [301, 400, 3],
    ] as const) {
      wait(pauseMs);
      ourMs += pauseMs;
      expect(Date.parse(call(thereMs, backMs))).toBeLessThanOrEqual(ourMs + aheadMs);
      ourMs += thereMs + backMs;
    }
  }
});

it('starts anew when a clock was set', () => {
  const ours = new FakeClock('2026-01-10T09:00:00Z');
  const clock = new ProviderClock(ours);
  expect(clock.sentAt(clock.mark(), 'Sat, 10 Jan 2026 09:00:00 GMT')).toBe('2026-01-10T09:00:00.000000Z');
  expect(clock.sentAt(clock.mark(), 'Tue, 10 Feb 2026 09:00:00 GMT')).toBe('2026-02-10T09:00:00.000000Z');
});

it('gives each call a later time than those that were answered before it was sent', () => {
  const ours = new FakeClock('2026-01-10T09:00:00Z');
  const clock = new ProviderClock(ours);
  const sent = () => clock.sentAt(clock.mark(), 'Sat, 10 Jan 2026 09:00:00 GMT');
  expect([sent(), sent(), sent()].map((at) => at.slice(19))).toEqual(['.000000Z', '.000001Z', '.000002Z']);
});

it('gives a call a later time than the newest that the provider had told us of before', () => {
  const clock = new ProviderClock(new FakeClock('2026-01-10T09:00:00Z'));
  const date = 'Sat, 10 Jan 2026 09:00:00 GMT';
  expect(clock.sentAt(clock.mark('2026-01-10T09:00:00.421337Z'), date)).toBe('2026-01-10T09:00:00.421338Z');
  expect(clock.sentAt(clock.mark('2026-01-10T08:59:59.999999Z'), date)).toBe('2026-01-10T09:00:00.421339Z');
  expect(clock.sentAt(clock.mark('not a time'), date)).toBe('2026-01-10T09:00:00.421340Z');
});

it('gives a call that overtook another no later time than its own', () => {
  const ours = new FakeClock('2026-01-10T09:00:00Z');
  const clock = new ProviderClock(ours);
  const slow = clock.mark();
  ours.advanceSeconds(0.5);
  expect(clock.sentAt(clock.mark(), undefined)).toBe('2026-01-10T09:00:00.500000Z');
  expect(clock.sentAt(slow, undefined)).toBe('2026-01-10T09:00:00.000000Z');
});

it.each([undefined, '', 'yesterday'])('does without a Date header (%p)', (header) => {
  const clock = new ProviderClock(new FakeClock('2026-01-10T09:00:00Z'));
  expect(clock.sentAt(clock.mark(), header)).toBe('2026-01-10T09:00:00.000000Z');
});
