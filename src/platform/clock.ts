import { instantFromMs, type Instant } from './instant';

/** What time it is. Injected, so that tests and the simulator turn it; nothing else asks the machine. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract nowMs(): number;

  now(): Instant {
    return instantFromMs(this.nowMs());
  }

  /** Whole seconds since the epoch, as webhook signatures and tokens count. */
  nowSeconds(): number {
    return Math.floor(this.nowMs() / 1000);
  }
}

export class SystemClock extends Clock {
  nowMs(): number {
    return Date.now();
  }
}
