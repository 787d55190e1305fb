import type { Timers } from '../../src/provider/paddle/client/timers';
import { until } from './until';

/** Time that stands still until it is turned. */
export class FakeTimers implements Timers {
  private now = 1_000_000;
  private readonly pending = new Set<{ at: number; run: () => void }>();

  nowMs(): number {
    return this.now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, run };
    this.pending.add(timer);
    return () => this.pending.delete(timer);
  }

  /** Runs what is due on the way, in order. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.pending].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.pending.delete(due);
      this.now = Math.max(this.now, due.at);
      due.run();
    }
    this.now = end;
  }

  /** How many things wait. */
  get size(): number {
    return this.pending.size;
  }

  /** Waits until something waits for exactly so long from now. */
  async waitingFor(ms: number): Promise<void> {
    const there = () => [...this.pending].some(({ at }) => Math.abs(at - this.now - ms) < 0.5);
    await until(() => Promise.resolve(there()), `a wait of ${ms} ms`, 5_000);
  }
}
