import { BatchedReads } from './batched-reads';

interface Asked {
  keys: string[];
  answer: (values?: Map<string, string>) => void;
  fail: () => void;
}

function setUp() {
  const asked: Asked[] = [];
  const remembered: string[] = [];
  const readAll = (keys: string[]) =>
    new Promise<Map<string, string>>((resolve, reject) => {
      const all = new Map(keys.map((key) => [key, `${key}!`]));
      asked.push({ keys, answer: (values = all) => resolve(values), fail: () => reject(new Error('no database')) });
    });
  const reads = new BatchedReads<string>(readAll, (key, value) => remembered.push(value));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { asked, remembered, reads, turn };
}

it('asks for one at once, and for all that come meanwhile in one go', async () => {
  const { asked, remembered, reads, turn } = setUp();
  const first = reads.read('a');
  await turn();
  const others = [reads.read('b'), reads.read('c'), reads.read('b')];
  await turn();
  expect(asked.map(({ keys }) => keys)).toEqual([['a']]);
  asked[0]!.answer();
  expect(await first).toBe('a!');
  await turn();
  expect(asked[1]!.keys).toEqual(['b', 'c']);
  asked[1]!.answer();
  expect(await Promise.all(others)).toEqual(['b!', 'c!', 'b!']);
  expect(remembered).toEqual(['a!', 'b!', 'c!']);
});

it('does not ask again for what is being read', async () => {
  const { asked, reads, turn } = setUp();
  const both = [reads.read('a'), reads.read('a')];
  await turn();
  both.push(reads.read('a'));
  asked[0]!.answer();
  expect(await Promise.all(both)).toEqual(['a!', 'a!', 'a!']);
  await turn();
  expect(asked).toHaveLength(1);
});

it('asks again for what changed while it was read, and remembers only the new', async () => {
  const { asked, remembered, reads, turn } = setUp();
  const before = reads.read('a');
  await turn();
  reads.outdate();
  const after = reads.read('a');
  asked[0]!.answer(new Map([['a', 'old']]));
  expect(await before).toBe('old');
  await turn();
  asked[1]!.answer(new Map([['a', 'new']]));
  expect(await after).toBe('new');
  expect(remembered).toEqual(['new']);
});

it('fails for those who were in the batch, and goes on', async () => {
  const { asked, reads, turn } = setUp();
  const first = reads.read('a');
  await turn();
  const second = reads.read('b');
  asked[0]!.fail();
  await expect(first).rejects.toThrow('no database');
  await turn();
  asked[1]!.answer();
  expect(await second).toBe('b!');
});
