import type { Priority } from '../../provider-answer';
import { ProviderError } from '../../provider-error';
import { cancelled, whenAborted, type Timers } from './timers';

export interface LimiterOptions {
  /** How many calls may start in any window. */
  requests: number;
  windowMs: number;
  /** How many of them background work leaves for users: a sync that has used its part up does not make anybody wait. */
  keptForUsers: number;
  maxWaitMs: Record<Priority, number>;
}

interface Waiter {
  go(): void;
}

const ORDER: Priority[] = ['user', 'background'];

/** Keeps our calls below the provider's limit in every window of time, users' before all others'. */
export class CallLimiter {
  /** When the calls of the window that ends now began, oldest first. */
  private readonly started: number[] = [];
  private readonly waiting: Record<Priority, Waiter[]> = { user: [], background: [] };
  private heldUntilMs = 0;
  private stopTimer: () => void = () => undefined;

  constructor(
    private readonly options: LimiterOptions,
    private readonly timers: Timers,
  ) {}

  /**
   * Waits for this call's turn.
   * @throws ProviderError `busy` or `rate_limited` when it would come too late, `cancelled` when the caller gives up
   */
  take(priority: Priority, signal?: AbortSignal): Promise<void> {
    const maxWaitMs = this.options.maxWaitMs[priority];
    if (signal?.aborted) return Promise.reject(cancelled(signal));
    if (this.heldUntilMs - this.timers.nowMs() > maxWaitMs) return Promise.reject(this.tooLate(priority));
    return new Promise((resolve, reject) => {
      const queue = this.waiting[priority];
      const leave = (settle: () => void) => {
        stopWaiting();
        stopListening();
        const place = queue.indexOf(waiter);
        if (place >= 0) queue.splice(place, 1);
        settle();
      };
      const giveUp = (error: ProviderError) => {
        leave(() => reject(error));
        this.serve(); // so that no timer runs on for nobody
      };
      const waiter: Waiter = { go: () => leave(resolve) };
      const stopWaiting = this.timers.after(maxWaitMs, () => giveUp(this.tooLate(priority)));
      const stopListening = whenAborted(signal, () => giveUp(cancelled(signal)));
      queue.push(waiter);
      this.serve();
    });
  }

  /** The provider wants no calls for so long, from any of us. */
  holdBack(ms: number): void {
    this.heldUntilMs = Math.max(this.heldUntilMs, this.timers.nowMs() + ms);
    this.serve();
  }

  private serve(): void {
    this.stopTimer();
    const now = this.timers.nowMs();
    while (this.started[0] !== undefined && this.started[0] + this.options.windowMs <= now) this.started.shift();
    for (const priority of ORDER) {
      while (this.waiting[priority].length > 0 && this.freeAtMs(priority) <= now) {
        this.started.push(now);
        this.waiting[priority][0]!.go();
      }
    }
    const next = Math.min(...ORDER.filter((one) => this.waiting[one].length > 0).map((one) => this.freeAtMs(one)));
    this.stopTimer = Number.isFinite(next) ? this.timers.after(next - now, () => this.serve()) : () => undefined;
  }

  /** When the next call may start, if nobody goes before. */
  private freeAtMs(priority: Priority): number {
    const { requests, keptForUsers, windowMs } = this.options;
    const allowed = priority === 'user' ? requests : requests - keptForUsers;
    const inTheWay = this.started.at(-allowed);
    return Math.max(this.heldUntilMs, inTheWay === undefined ? 0 : inTheWay + windowMs);
  }

  private tooLate(priority: Priority): ProviderError {
    const now = this.timers.nowMs();
    const retryAfterSeconds = Math.max(1, Math.ceil((this.freeAtMs(priority) - now) / 1000));
    const failure = this.heldUntilMs > now ? 'rate_limited' : 'busy';
    return new ProviderError({ failure, outcome: 'not_done', retryAfterSeconds });
  }
}
