import { FakeTimers } from '../../../../test/support/fake-timers';
import type { Priority } from '../../provider-answer';
import { CallLimiter, type LimiterOptions } from './call-limiter';

const OPTIONS: LimiterOptions = {
  requests: 8,
  windowMs: 60_000,
  keptForUsers: 2,
  maxWaitMs: { user: 10_000, background: 600_000 },
};

function limiterOf(options: Partial<LimiterOptions> = {}) {
  const timers = new FakeTimers();
  const limiter = new CallLimiter({ ...OPTIONS, ...options }, timers);
  const went: string[] = [];
  const failed: unknown[] = [];
  const take = (name: string, priority: Priority, signal?: AbortSignal) =>
    limiter.take(priority, signal).then(
      () => went.push(name),
      (error) => failed.push(error),
    );
  const many = (count: number, priority: Priority) =>
    Array.from({ length: count }, (_, index) => void take(`${priority} ${index + 1}`, priority));
  return { timers, limiter, went, failed, take, many };
}

/** Lets promises that are settled run on. */
const settle = () => new Promise(setImmediate);

it('lets background work go until only what is kept for users is left', async () => {
  const { went, many } = limiterOf();
  many(50, 'background');
  await settle();
  expect(went).toHaveLength(6);
});

it('lets a user go at once while background work waits', async () => {
  const { went, many, take } = limiterOf();
  many(50, 'background');
  void take('user', 'user');
  await settle();
  expect(went.at(-1)).toBe('user');
  expect(went).toHaveLength(7);
});

it('lets a user go first when all is used up', async () => {
  const { timers, went, many, take } = limiterOf({ maxWaitMs: { user: 120_000, background: 600_000 } });
  many(8, 'user');
  many(1, 'background');
  void take('the user who came last', 'user');
  await settle();
  expect(went).toHaveLength(8);
  timers.advance(60_000);
  await settle();
  expect(went.slice(8)).toEqual(['the user who came last', 'background 1']);
});

it('never lets more go than the limit in any window, and lets all go in the end, in their order', async () => {
  const { timers, went, many } = limiterOf({ keptForUsers: 0 });
  const times: number[] = [];
  many(50, 'background');
  for (let step = 0; step < 450; step += 1) {
    await settle();
    while (times.length < went.length) times.push(timers.nowMs());
    timers.advance(1_000);
  }
  expect(went).toEqual(Array.from({ length: 50 }, (_, index) => `background ${index + 1}`));
  const inWindow = times.map((end) => times.filter((time) => time > end - OPTIONS.windowMs && time <= end).length);
  expect(Math.max(...inWindow)).toBe(8);
});

it('tells a user who would wait too long, and when to come back', async () => {
  const { timers, failed, many, take } = limiterOf();
  many(8, 'user');
  timers.advance(20_000);
  void take('late', 'user');
  timers.advance(9_999);
  await settle();
  expect(failed).toEqual([]);
  timers.advance(1);
  await settle();
  expect(failed).toEqual([expect.objectContaining({ failure: 'busy', outcome: 'not_done', retryAfterSeconds: 30 })]);
});

it('lets a caller give up, who then does not use up a turn', async () => {
  const { timers, went, failed, many, take } = limiterOf({ requests: 1, keptForUsers: 0 });
  const [controller, reason] = [new AbortController(), new Error('the user left')];
  many(1, 'background');
  void take('gives up', 'background', controller.signal);
  void take('goes on', 'background');
  controller.abort(reason);
  await settle();
  expect(failed).toEqual([expect.objectContaining({ failure: 'cancelled', outcome: 'not_done', cause: reason })]);
  timers.advance(60_000);
  await settle();
  expect(went).toEqual(['background 1', 'goes on']);
});

it('leaves no timer behind when nobody waits any more', async () => {
  const { timers, many, take } = limiterOf({ requests: 1, keptForUsers: 0 });
  const controller = new AbortController();
  many(1, 'background');
  void take('gives up', 'user', controller.signal);
  expect(timers.size).toBe(2);
  controller.abort();
  await settle();
  expect(timers.size).toBe(0);
});

it('lets nobody in who has given up already', async () => {
  const { went, failed, take } = limiterOf();
  await take('too late', 'user', AbortSignal.abort());
  expect(failed).toEqual([expect.objectContaining({ failure: 'cancelled' })]);
  expect(went).toEqual([]);
});

it('holds all back while the provider wants no calls, and tells at once whoever cannot wait for so long', async () => {
  const { timers, limiter, went, failed, take } = limiterOf();
  limiter.holdBack(30_000);
  void take('user', 'user');
  void take('background', 'background');
  await settle();
  expect(failed).toEqual([expect.objectContaining({ failure: 'rate_limited', retryAfterSeconds: 30 })]);
  timers.advance(29_999);
  await settle();
  expect(went).toEqual([]);
  timers.advance(1);
  await settle();
  expect(went).toEqual(['background']);
});
