import { startSimulator, type Simulator } from '../../src/simulator';
import { SANDBOX_SECRET, TestApp } from '../support/test-app';
import { compareAnswers, compareLedger, playYear, type Year } from '../support/year/play-year';

const CUSTOMERS = 20;
const STARTS = '2025-06-15T00:00:00Z';

let app: TestApp;
let simulator: Simulator;
let year: Year;

beforeAll(async () => {
  app = await TestApp.start();
  app.clock.set(STARTS);
  simulator = await startSimulator({
    port: 0,
    seed: process.env.SEED ?? 'twelve months',
    clock: { mode: 'frozen', at: STARTS },
    realClock: app.clock,
    webhook: { url: `${app.url}/webhook`, secret: SANDBOX_SECRET },
    requestsPerMinute: Infinity,
  });
  year = {
    simulator: simulator.url,
    customers: CUSTOMERS,
    app: () => app.url,
    databaseUrl: app.database.ownerUrl,
    now: () => app.clock.now(),
    tokenOf: (user) => app.token(user),
    afterMonth: (_, now) => Promise.resolve(app.clock.set(now)),
  };
});

afterAll(async () => {
  await simulator.stop();
  await TestApp.closeAll();
});

it('knows of every subscription, transaction and access what Paddle knows, after a year in which everything went wrong', async () => {
  const { deliveries } = await playYear(year);
  expect(deliveries).toBeGreaterThan(CUSTOMERS * 20);
  const answers = await compareAnswers(year);
  expect(answers.oarlock).toEqual(answers.paddle);
  // Of currencies with two decimals and with none.
  expect(Object.keys((answers.paddle as { balances: object }).balances)).toEqual(expect.arrayContaining(['EUR', 'JPY', 'USD']));
  const ledger = await compareLedger(year);
  expect(ledger.oarlock).toEqual(ledger.paddle);
});
