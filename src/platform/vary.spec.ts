import type { FastifyReply } from 'fastify';
import { variesBy } from './vary';

it.each([
  [undefined, 'Accept'],
  ['Origin', 'Origin, Accept'],
  [['Origin', 'Cookie'], 'Origin, Cookie, Accept'],
  ['Origin, accept', 'Origin, accept'],
  ['*', '*'],
])('adds to %j, once', (before, after) => {
  let value = before;
  const reply = { getHeader: () => value, header: (_: string, given: string) => (value = given) } as unknown as FastifyReply;
  variesBy(reply, 'Accept');
  variesBy(reply, 'Accept');
  expect(value).toBe(after);
});
