import { formatGrantCursor, parseGrantCursor } from './grant-cursor';

const cursor = { givenAt: '2026-06-15T12:00:00.000000Z', id: 'grant_1' };

it('reads what it has written', () => expect(parseGrantCursor(formatGrantCursor(cursor))).toEqual(cursor));

it.each([
  '',
  'grant_1',
  '2026-06-15T12:00:00.000000Z.',
  '2026-06-15T12:00:00Z.grant_1',
  '2026-02-30T12:00:00.000000Z.grant_1',
  "2026-06-15T12:00:00.000000Z.'",
])('did not write %j', (text) => expect(parseGrantCursor(text)).toBeNull());
