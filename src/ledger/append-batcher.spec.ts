import { AppendBatcher, type BatcherOptions, type Outcome } from './append-batcher';

interface Entry {
  key: string;
  value: number;
}

class Transient extends Error {}

function batcherWith(send: (batch: Entry[]) => Promise<Outcome<number>[]>, options: Partial<BatcherOptions<Entry, number>> = {}) {
  const batches: Entry[][] = [];
  const batcher = new AppendBatcher<Entry, number>({
    send: (batch) => {
      batches.push(batch);
      return send(batch);
    },
    keyOf: ({ key }) => key,
    bytesOf: () => 1,
    isTransient: (error) => error instanceof Transient,
    unavailable: () => new Error('unavailable'),
    maxEntries: 100,
    maxBytes: 100,
    maxWaiting: 100,
    deadlineMs: 1_000,
    retryDelayMs: 1,
    ...options,
  });
  return { batcher, batches, values: () => batches.map((batch) => batch.map(({ value }) => value)) };
}

const double = (batch: Entry[]) => Promise.resolve(batch.map(({ value }) => ({ result: value * 2 })));
const entries = (count: number, keyOf = (i: number) => `k${i}`): Entry[] =>
  Array.from({ length: count }, (_, i) => ({ key: keyOf(i), value: i }));

it('sends what came together as one batch, and gives each its own result', async () => {
  const { batcher, batches } = batcherWith(double);
  const results = await Promise.all(entries(10).map((entry) => batcher.add(entry)));
  expect(results).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  expect(batches).toHaveLength(1);
});

it('collects what waits while a batch is in flight', async () => {
  const gate = withResolvers();
  const { batcher, values } = batcherWith(async (batch) => {
    if (batch[0]!.value === 0) await gate.promise;
    return double(batch);
  });
  const first = batcher.add({ key: 'a', value: 0 });
  await turn();
  const rest = [1, 2, 3].map((value) => batcher.add({ key: `k${value}`, value }));
  gate.resolve();
  await Promise.all([first, ...rest]);
  expect(values()).toEqual([[0], [1, 2, 3]]);
});

it('takes one entry of a key into a batch and keeps the order within the key', async () => {
  const { batcher, values } = batcherWith(double);
  const all = [
    batcher.add({ key: 'a', value: 1 }),
    batcher.add({ key: 'a', value: 2 }),
    batcher.add({ key: 'b', value: 3 }),
    batcher.add({ key: 'a', value: 4 }),
  ];
  await Promise.all(all);
  expect(values()).toEqual([[1, 3], [2], [4]]);
});

it('bounds a batch by entries and by bytes, but sends a single large one', async () => {
  const byEntries = batcherWith(double, { maxEntries: 4 });
  await Promise.all(entries(10).map((entry) => byEntries.batcher.add(entry)));
  expect(byEntries.batches.map((batch) => batch.length)).toEqual([4, 4, 2]);
  const byBytes = batcherWith(double, { maxBytes: 3, bytesOf: ({ value }) => (value === 0 ? 50 : 1) });
  await Promise.all(entries(5).map((entry) => byBytes.batcher.add(entry)));
  expect(byBytes.values()).toEqual([[0], [1, 2, 3], [4]]);
});

it('sends a batch again when the failure passes by itself', async () => {
  let failures = 3;
  const { batcher, batches } = batcherWith((batch) => (failures-- > 0 ? Promise.reject(new Transient()) : double(batch)));
  expect(await Promise.all(entries(2).map((entry) => batcher.add(entry)))).toEqual([0, 2]);
  expect(batches).toHaveLength(4);
});

it('gives up on an entry when its time is up, and goes on with others afterwards', async () => {
  let down = true;
  const { batcher } = batcherWith((batch) => (down ? Promise.reject(new Transient()) : double(batch)), { deadlineMs: 20 });
  await expect(batcher.add({ key: 'a', value: 1 })).rejects.toThrow('unavailable');
  down = false;
  expect(await batcher.add({ key: 'a', value: 2 })).toBe(4);
});

it('lets one bad entry fail alone', async () => {
  const { batcher } = batcherWith((batch) =>
    batch.some(({ value }) => value === 1) ? Promise.reject(new Error('bad')) : double(batch),
  );
  const results = await Promise.allSettled(entries(3).map((entry) => batcher.add(entry)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('passes on an outcome that is an error without failing the batch', async () => {
  const { batcher } = batcherWith((batch) =>
    Promise.resolve(batch.map(({ value }) => (value === 1 ? { error: new Error('conflict') } : { result: value }))),
  );
  const results = await Promise.allSettled(entries(3).map((entry) => batcher.add(entry)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('refuses more than it may keep waiting', async () => {
  const gate = withResolvers();
  const { batcher } = batcherWith(() => gate.promise.then(() => [{ result: 0 }]), { maxWaiting: 2, maxEntries: 1 });
  const first = batcher.add({ key: 'a', value: 0 });
  await turn();
  const waiting = [batcher.add({ key: 'b', value: 1 }), batcher.add({ key: 'c', value: 2 })];
  await expect(batcher.add({ key: 'd', value: 3 })).rejects.toThrow('unavailable');
  gate.resolve();
  await Promise.all([first, ...waiting]);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
