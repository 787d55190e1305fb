import { formatPosition, isReached, parsePosition } from './position-token';

it('is the plain number with one shard, and opaque with several', () => {
  expect(formatPosition(new Map([[1, 42]]), [1])).toBe('42');
  expect(formatPosition(new Map([[1, 42]]), [1, 3])).toBe('1-42.3-0');
});

it('reads what it wrote', () => {
  expect(parsePosition('42', [1])).toEqual(new Map([[1, 42]]));
  expect(parsePosition('1-42.3-7', [1, 3])).toEqual(
    new Map([
      [1, 42],
      [3, 7],
    ]),
  );
  expect(parsePosition('3-7', [1, 3])).toEqual(new Map([[3, 7]]));
});

it.each(['', 'x', '-1', '1.5', '2-42', '1-42.', '1-42.2-1', '9999999999999999', '42'])(
  'refuses "%s" where there are shards 1 and 3',
  (token) => {
    expect(parsePosition(token, [1, 3])).toBeNull();
  },
);

it('is reached when every shard is there', () => {
  const wanted = new Map([
    [1, 5],
    [3, 2],
  ]);
  expect(
    isReached(
      new Map([
        [1, 5],
        [3, 2],
      ]),
      wanted,
    ),
  ).toBe(true);
  expect(isReached(new Map([[1, 9]]), wanted)).toBe(false);
});
