import { playCommandYear } from '../support/year/command-year';

it('lets users command for some weeks, every fault on: no wish is left open, and both worlds are one', async () => {
  const result = await playCommandYear({ seed: process.env.SEED ?? 'commands in the suite', users: 6, weeks: 12 });
  expect(result.undeserved).toEqual([]);
  expect(result.openWishes).toBe(0);
  expect(result.answersCompared.oarlock).toEqual(result.answersCompared.paddle);
  expect(result.ledgerCompared.oarlock).toEqual(result.ledgerCompared.paddle);
  expect(Object.keys(result.answers).filter((answer) => answer.endsWith(' 500'))).toEqual([]);
}, 60_000);
