import type { Micros } from '../world/time';
import type { Notification } from './notification';

/** A request that is to be made. */
export interface Turn {
  notification: Notification;
  /** Virtual time. */
  at: Micros;
  /** The second of a duplicate: whatever is answered to it changes nothing. */
  isCopy: boolean;
}

/** Turns in the order of their times; of those at one time, in the order of the notifications (a binary heap). */
export class DueQueue {
  private readonly heap: Turn[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(turn: Turn): void {
    const { heap } = this;
    let at = heap.push(turn) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(turn, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = turn;
  }

  /** Takes out what is due until `time`, first things first. */
  takeUntil(time: Micros): Turn[] {
    const due: Turn[] = [];
    while (this.heap.length > 0 && this.heap[0]!.at <= time) due.push(this.pop());
    return due;
  }

  private pop(): Turn {
    const { heap } = this;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(turn: Turn): void {
    const { heap } = this;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, turn)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = turn;
  }
}

function isBefore(a: Turn, b: Turn): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.notification.order !== b.notification.order) return a.notification.order < b.notification.order;
  return !a.isCopy && b.isCopy;
}
