interface Batch<Value> {
  keys: Set<string>;
  result: Promise<Map<string, Value>>;
  /** Something changed while it was read: right for who asked before, not to be remembered. */
  outdated: boolean;
}

/**
 * Reads of single values, put together: whoever asks while a batch is being read goes with the next. No timer: alone, a
 * question is asked at once, and under load a batch is as large as the database is slow.
 */
export class BatchedReads<Value> {
  private running: Batch<Value> | null = null;
  private next: Batch<Value> | null = null;

  /**
   * @param readAll  must answer for every key
   * @param remember called with what is read and not outdated
   */
  constructor(
    private readonly readAll: (keys: string[]) => Promise<Map<string, Value>>,
    private readonly remember: (key: string, value: Value) => void,
  ) {}

  async read(key: string): Promise<Value> {
    const batch = this.running?.keys.has(key) && !this.running.outdated ? this.running : this.waiting();
    batch.keys.add(key);
    return (await batch.result).get(key)!;
  }

  /** Whatever is being read is not to be remembered, and nobody who asks from now on gets it. */
  outdate(): void {
    if (this.running) this.running.outdated = true;
  }

  private waiting(): Batch<Value> {
    if (this.next) return this.next;
    const batch = { keys: new Set<string>(), outdated: false } as Batch<Value>;
    const run = () => this.run(batch);
    batch.result = (this.running?.result ?? Promise.resolve()).then(run, run);
    this.next = batch;
    return batch;
  }

  private async run(batch: Batch<Value>): Promise<Map<string, Value>> {
    [this.running, this.next] = [batch, null];
    try {
      const values = await this.readAll([...batch.keys]);
      if (!batch.outdated) for (const [key, value] of values) this.remember(key, value);
      return values;
    } finally {
      this.running = null;
    }
  }
}
