import { ShardMap } from './shards';

it('gives each environment a line of its own, and the installation one more', () => {
  const one = new ShardMap(1);
  expect(one.all()).toEqual([0, 1, 2]);
  expect([one.shardFor('installation', null), one.shardFor('sandbox', 'ctm_x'), one.shardFor('live', 'ctm_x')]).toEqual([
    0, 1, 2,
  ]);
});

it('spreads customers over the shards of their environment and keeps what has no customer on the first', () => {
  const four = new ShardMap(4);
  expect(four.shardsOf('sandbox')).toEqual([1, 3, 5, 7]);
  expect(four.shardsOf('live')).toEqual([2, 4, 6, 8]);
  expect(four.shardFor('live', null)).toBe(2);
  const used = new Set(Array.from({ length: 200 }, (_, i) => four.shardFor('sandbox', `ctm_${i}`)));
  expect(used).toEqual(new Set([1, 3, 5, 7]));
});

it('never moves a customer: these places are written in ledgers', () => {
  const four = new ShardMap(4);
  const places = ['ctm_01hv6y1jedq4p1n0yqn5ba3ky4', 'ctm_01hv8wt8nffez4p2t6typn4a5j', 'ctm_a', 'ctm_b'].map((id) =>
    four.shardFor('live', id),
  );
  expect(places).toEqual([4, 2, 4, 2]);
});
