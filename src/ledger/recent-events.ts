import type { FoldableEvent } from './event';

/** Enough for what waits between an append and its fold; what is older is read from the database. */
const CAPACITY = 1_024;
/** Shorter than any failover: a position that a lost primary gave out is never taken for the one given out after it. */
const LONGEST_LIFE_MS = 1_000;

interface Remembered {
  event: FoldableEvent;
  until: number;
}

/** What this process has just appended, so that its own projections need not fetch and parse the bytes again. */
export class RecentEvents {
  private readonly byPosition = new Map<string, Remembered>();

  remember(event: FoldableEvent): void {
    const [oldest] = this.byPosition.keys();
    if (oldest !== undefined && this.byPosition.size >= CAPACITY) this.byPosition.delete(oldest);
    this.byPosition.set(keyOf(event.shardId, event.position), { event, until: performance.now() + LONGEST_LIFE_MS });
  }

  /** The unbroken run of events right after a position, as far as it is known here. Positions have no holes, so nothing is missing in it. */
  runAfter(shardId: number, after: number, limit: number): FoldableEvent[] {
    const now = performance.now();
    const run: FoldableEvent[] = [];
    while (run.length < limit) {
      const next = this.byPosition.get(keyOf(shardId, after + run.length + 1));
      if (!next || next.until < now) break;
      run.push(next.event);
    }
    return run;
  }

  /** Something went wrong with the database: trust it alone. */
  forget(): void {
    this.byPosition.clear();
  }
}

function keyOf(shardId: number, position: number): string {
  return `${shardId}-${position}`;
}
