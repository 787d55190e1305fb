import { snakeCase, storableJson } from './read-model-store';

it('turns what PostgreSQL cannot store into U+FFFD, and nothing else', () => {
  const value = { nul: 'a\u0000b', half: 'x\ud83d', whole: '😀', escaped: '\\u0000', both: '\\\u0000', other: '\ud7ff\u0001' };
  expect(JSON.parse(storableJson(value))).toEqual({
    nul: 'a\ufffdb',
    half: 'x\ufffd',
    whole: '😀',
    escaped: '\\u0000',
    both: '\\\ufffd',
    other: '\ud7ff\u0001',
  });
});

it('names columns', () => expect(snakeCase('currentPeriodEndsAt')).toBe('current_period_ends_at'));
