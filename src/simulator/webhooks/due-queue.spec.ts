import { Random } from '../world/random';
import { DueQueue, type Turn } from './due-queue';
import type { Notification } from './notification';

const turn = (at: number, order: number, isCopy = false): Turn => ({ notification: { order } as Notification, at, isCopy });

it('gives turns by time, then by notification, a copy after what it copies', () => {
  const random = Random.from('due-queue');
  const turns = Array.from({ length: 500 }, (_, order) => turn(random.between(1, 40), order, random.next() < 0.2));
  const queue = new DueQueue();
  for (const each of [turn(20, 7, true), turn(20, 7), ...turns]) queue.push(each);
  const early = queue.takeUntil(20);
  expect(early.every(({ at }) => at <= 20)).toBe(true);
  queue.push(turn(1, 900));
  const all = [...early, ...queue.takeUntil(Infinity)].map(({ at, notification, isCopy }) => [at, notification.order, isCopy]);
  const expected = [turn(20, 7), turn(20, 7, true), ...turns]
    .map(({ at, notification, isCopy }) => [at, notification.order, isCopy] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || Number(a[2]) - Number(b[2]));
  expected.splice(early.length, 0, [1, 900, false]);
  expect(all).toEqual(expected);
  expect(queue.size).toBe(0);
  expect(queue.takeUntil(Infinity)).toEqual([]);
});
