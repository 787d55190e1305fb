import type { Micros } from '../world/time';
import type { Attempts } from './attempts';
import type { Destination } from './destination';
import { DueQueue, type Turn } from './due-queue';
import type { Answer, Notification } from './notification';
import type { Pause } from './pause';
import { reordered } from './reorder';
import { Round } from './round';

export interface LaneOptions {
  /** How many requests are in flight at once; with one, they go in order. */
  concurrency: number;
  attempts: Attempts;
  pause: Pause;
  /** As it is now, while it may be sent to: not when it is inactive or deleted, or the simulator is stopping. */
  open: () => Destination | undefined;
  /** Whether it was not forgotten since it was queued. */
  isKept: (notification: Notification) => boolean;
}

/** What is on its way to one destination. */
export class Lane {
  /** Notifications that came to an end here. */
  readonly ended = { delivered: 0, failed: 0 };
  private readonly queue = new DueQueue();
  /** Whose turn it is; those before `taken` had it. */
  private ready: Turn[] = [];
  private taken = 0;
  private readonly workers = new Set<Promise<void>>();
  private settling = 0;
  private settled: Promise<void> = Promise.resolve();
  /** Only while it settles. */
  private round: Round | null = null;

  constructor(private readonly options: LaneOptions) {}

  push(turn: Turn): void {
    this.queue.push(turn);
  }

  /** One attempt of everything that is due. While it settles, its rounds decide when attempts are made. */
  deliverDue(now: Micros): Promise<void> {
    if (this.settling > 0) return this.settled;
    this.start(this.queue.takeUntil(now).map((turn) => ({ ...turn, at: now })));
    return this.idle();
  }

  /** Attempts until nothing is left, each at its own virtual time. */
  settle(): Promise<void> {
    this.settling++;
    this.settled = this.settled.then(() => this.rounds()).finally(() => this.settling--);
    return this.settled;
  }

  private async rounds(): Promise<void> {
    await this.idle();
    for (let pauseMs = 0; this.options.open() && this.queue.size > 0; await this.options.pause(pauseMs)) {
      const round = new Round();
      this.round = round;
      this.start(this.queue.takeUntil(Infinity));
      await this.idle();
      this.round = null;
      if (this.queue.size === 0) return;
      pauseMs = round.pauseMs(pauseMs);
    }
  }

  private start(turns: Turn[]): void {
    this.ready = this.ready.slice(this.taken).concat(reordered(turns));
    this.taken = 0;
    while (this.workers.size < this.options.concurrency && this.taken < this.ready.length) {
      const worker: Promise<void> = this.work().finally(() => this.workers.delete(worker));
      this.workers.add(worker);
    }
  }

  private async idle(): Promise<void> {
    while (this.workers.size > 0) await Promise.all(this.workers);
  }

  private async work(): Promise<void> {
    while (this.taken < this.ready.length) {
      const destination = this.options.open();
      if (!destination) return this.putBack();
      await this.take(this.ready[this.taken++]!, destination);
    }
  }

  private putBack(): void {
    for (; this.taken < this.ready.length; this.taken++) this.queue.push(this.ready[this.taken]!);
  }

  private async take({ notification, at, isCopy }: Turn, destination: Destination): Promise<void> {
    if (!this.options.isKept(notification)) return;
    const foregone = this.round?.foregone ?? null;
    if (isCopy) return foregone ? undefined : this.options.attempts.makeCopy(notification, destination);
    await this.attempt(notification, destination, at, foregone);
    if (notification.status === 'delivered') this.ended.delivered++;
    if (notification.status === 'failed') this.ended.failed++;
    if (notification.dueAt !== null) this.queue.push({ notification, at: notification.dueAt, isCopy: false });
  }

  private async attempt(
    notification: Notification,
    destination: Destination,
    at: Micros,
    foregone: Answer | null,
  ): Promise<void> {
    const { attempts } = this.options;
    if (notification.faults.includes('drop')) return attempts.drop(notification);
    if (foregone) return attempts.record(notification, foregone, at);
    const answer = await attempts.make(notification, destination, at);
    if (answer) this.round?.count(answer);
  }
}
