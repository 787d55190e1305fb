import { startSimulator, type Simulator } from '../../src/simulator';
import { developmentToken } from '../../src/local';
import { AppProcess } from '../support/app-process';
import { SANDBOX_SECRET, testSettings, TOKENS } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { compareAnswers, compareLedger, playYear, type Year } from '../support/year/play-year';

const CUSTOMERS = Number(process.env.SOAK_CUSTOMERS ?? 1_000);
const SEED = process.env.SOAK_SEED ?? `soak ${new Date().toISOString().slice(0, 10)}`;
/** The year has ended for the app, whose clock is real. */
const FROM = process.env.SOAK_FROM ?? new Date(Date.now() - 400 * 86_400_000).toISOString().slice(0, 10);
const LIMIT_SECONDS = 120;
/** The app is killed at the end of this month, and started again while the next one is being delivered. */
const KILLED_AFTER_MONTH = 5;

const REPEAT = `SOAK_SEED='${SEED}' SOAK_FROM=${FROM} SOAK_CUSTOMERS=${CUSTOMERS} npm run test:soak`;

let database: TestDatabase;
let app: AppProcess;
let simulator: Simulator;
let year: Year;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await AppProcess.start(testSettings(database));
  const settings = { ...testSettings(database), PORT: new URL(app.url).port };
  simulator = await startSimulator({
    port: 0,
    seed: SEED,
    clock: { mode: 'frozen', at: `${FROM}T00:00:00Z` },
    webhook: { url: `${app.url}/webhook`, secret: SANDBOX_SECRET },
    requestsPerMinute: Infinity,
  });
  year = {
    simulator: simulator.url,
    customers: CUSTOMERS,
    app: () => app.url,
    databaseUrl: database.ownerUrl,
    now: () => new Date().toISOString(),
    tokenOf: (user) => developmentToken(TOKENS, user, [], new Date(Date.now() + 3_600_000)),
    afterMonth: async (month, now) => {
      process.stderr.write(`month ${month}: ${now}\n`);
      if (month !== KILLED_AFTER_MONTH) return;
      await app.stop('SIGKILL');
      void AppProcess.start(settings).then((again) => (app = again));
    },
  };
});

afterAll(async () => {
  await simulator.stop();
  await app.stop();
  await database.drop();
});

it('plays a year of many customers, every fault on, and knows at the end what Paddle knows', async () => {
  process.stderr.write(`to repeat it: ${REPEAT}\n`);
  const started = performance.now();
  const { deliveries } = await playYear(year);
  const seconds = (performance.now() - started) / 1_000;
  process.stderr.write(`${deliveries} deliveries in ${seconds.toFixed(1)} s\n`);
  const answers = await compareAnswers(year);
  expect(answers.oarlock).toEqual(answers.paddle);
  const ledger = await compareLedger(year);
  expect(ledger.oarlock).toEqual(ledger.paddle);
  expect(seconds).toBeLessThan(LIMIT_SECONDS);
}, 900_000);
