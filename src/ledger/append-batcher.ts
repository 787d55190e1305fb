/** What became of one entry: its result, or why it was not done. */
export type Outcome<Result> = { result: Result } | { error: Error };

export interface BatcherOptions<Entry, Result> {
  /** Does a whole batch at once; throws only when the whole batch failed. */
  send: (batch: Entry[]) => Promise<Outcome<Result>[]>;
  /** At most one entry of a key goes into a batch; a later one waits for the next. */
  keyOf: (entry: Entry) => string;
  bytesOf: (entry: Entry) => number;
  /** Failures that pass by themselves: the same batch is sent again until its time is up. */
  isTransient: (error: unknown) => boolean;
  /** What an entry fails with when its time is up. */
  unavailable: () => Error;
  maxEntries: number;
  maxBytes: number;
  maxWaiting: number;
  deadlineMs: number;
  retryDelayMs: number;
}

interface Waiting<Entry, Result> {
  entry: Entry;
  done: boolean;
  settle(outcome: Outcome<Result>): void;
}

/** What waits while a batch is in flight goes with the next: the previous commit is the timer. */
export class AppendBatcher<Entry, Result> {
  private waiting: Waiting<Entry, Result>[] = [];
  private running: Promise<void> | null = null;

  constructor(private readonly options: BatcherOptions<Entry, Result>) {}

  /** @throws what `unavailable` makes when the entry could not be done in time; it may still happen later */
  add(entry: Entry): Promise<Result> {
    const { maxWaiting, deadlineMs, unavailable } = this.options;
    if (this.waiting.length >= maxWaiting) return Promise.reject(unavailable());
    return new Promise((resolve, reject) => {
      const item: Waiting<Entry, Result> = {
        entry,
        done: false,
        settle: (outcome) => {
          if (item.done) return;
          item.done = true;
          clearTimeout(timer);
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.result);
        },
      };
      const timer = setTimeout(() => item.settle({ error: unavailable() }), deadlineMs);
      this.waiting.push(item);
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is in flight and nothing waits. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // One turn of the event loop, so that requests that arrived together share the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.sendUntilSettled(this.takeBatch());
    this.running = null;
  }

  private takeBatch(): Waiting<Entry, Result>[] {
    const { keyOf, bytesOf, maxEntries, maxBytes } = this.options;
    const batch: Waiting<Entry, Result>[] = [];
    const later: Waiting<Entry, Result>[] = [];
    const keys = new Set<string>();
    let bytes = 0;
    for (const item of this.waiting) {
      if (item.done) continue;
      const key = keyOf(item.entry);
      const fits = batch.length < maxEntries && (batch.length === 0 || bytes + bytesOf(item.entry) <= maxBytes);
      if (!fits || keys.has(key)) {
        later.push(item);
      } else {
        batch.push(item);
        bytes += bytesOf(item.entry);
      }
      keys.add(key); // also when it waits: the order within a key stays
    }
    this.waiting = later;
    return batch;
  }

  private async sendUntilSettled(batch: Waiting<Entry, Result>[]): Promise<void> {
    let open = batch;
    while (open.length > 0) {
      try {
        const outcomes = await this.options.send(open.map((item) => item.entry));
        open.forEach((item, index) => item.settle(outcomes[index]!));
        return;
      } catch (error) {
        if (!this.options.isTransient(error)) return this.sendOneByOne(open, error);
        await new Promise((resolve) => setTimeout(resolve, this.options.retryDelayMs));
        open = open.filter((item) => !item.done);
      }
    }
  }

  /** One entry that the database cannot take must not fail the others. */
  private async sendOneByOne(batch: Waiting<Entry, Result>[], error: unknown): Promise<void> {
    if (batch.length === 1) return batch[0]!.settle({ error: error as Error });
    for (const item of batch) await this.sendUntilSettled([item]);
  }
}
