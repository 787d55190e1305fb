import { playCommandYear } from '../support/year/command-year';

const USERS = Number(process.env.SOAK_USERS ?? 100);
const SEED = process.env.SOAK_SEED ?? `soak ${new Date().toISOString().slice(0, 10)}`;

it('lets many users command for a year, every fault on: no wish is left open, and both worlds are one', async () => {
  process.stderr.write(`to repeat it: SOAK_SEED='${SEED}' SOAK_USERS=${USERS} npm run test:soak -- commands\n`);
  const result = await playCommandYear({ seed: SEED, users: USERS, weeks: 52 });
  process.stderr.write(`${JSON.stringify(result.answers)}\n`);
  expect(result.undeserved).toEqual([]);
  expect(result.openWishes).toBe(0);
  expect(result.answersCompared.oarlock).toEqual(result.answersCompared.paddle);
  expect(result.ledgerCompared.oarlock).toEqual(result.ledgerCompared.paddle);
  expect(Object.keys(result.answers).filter((answer) => answer.endsWith(' 500'))).toEqual([]);
}, 900_000);
