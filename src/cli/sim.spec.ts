import { startSimulator, type Simulator } from '../simulator';
import { simAdvance, simClock, simReset, simScenario, simState } from './sim';
import { simFaults } from './sim-faults';
import { UsageError } from './usage-error';

jest.setTimeout(30_000); // the simulator is compiled first

let simulator: Simulator;
let said: string[];

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, clock: { mode: 'frozen', at: '2026-01-10T09:30:00Z' } });
});
afterAll(() => simulator.stop());
beforeEach(() => {
  said = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
});
afterEach(() => jest.restoreAllMocks());

type Command = typeof simState;

async function run(command: Command, ...args: string[]): Promise<string> {
  said = [];
  await command([...args, '--simulator', simulator.url], {});
  return said.join('\n');
}

it('plays a story, shows the world, and turns its clock', async () => {
  await run(simReset, '--seed', 'cli');
  expect(await run(simState)).toMatch(
    /^It is 2026-01-10T09:30:0\S+Z\.\n0 customers\n0 subscriptions\n0 transactions\n0 adjustments$/,
  );
  const played = await run(simScenario, 'signup', '--user', 'user_1');
  expect(played).toMatch(
    /^signup was played for user_1\.\n {2}customer {6}ctm_\w+\n {2}subscription {2}sub_\w+\n {2}transactions {2}txn_\w+$/,
  );
  expect(await run(simState)).toMatch(
    /\n1 customer\n1 subscription \(1 active\)\n1 transaction \(1 completed\)\n0 adjustments\n\nsub_\w+ {2}active {2}user_1 {2}1 × Rowboat Solo {2}bills at 2026-02-10 09:3\d$/,
  );
  expect(await run(simAdvance, '1', 'month')).toMatch(/^It is 2026-02-10T09:3\S+Z\. Webhooks: 0 delivered, 0 given up\.$/);
  expect(await run(simClock, 'set', '2026-03-01T00:00:00Z')).toMatch(/^It is 2026-03-01T00:00:00\.000000Z\. Webhooks/);
  expect(await run(simClock, 'follow')).toMatch(/^It is 2026-03-01T\S+ The clock follows the real time\.$/);
  expect(await run(simClock, 'freeze')).toMatch(/The clock stands still\.$/);
  expect(await run(simReset, '--seed', 'other')).toMatch(/^A new world of the seed "other" begins\. It is 2026-01-10T09:30:0/);
});

it('plays a story with the price and the quantity that are wanted', async () => {
  const prices = simulator.save().world.tables.prices as [string, { description: string }][];
  const [id] = prices.find(([, { description }]) => description === 'Rowboat Team, Monthly (per seat)')!;
  await run(simScenario, 'signup', '--price', id, '--quantity', '3');
  expect(await run(simState)).toContain('3 × Rowboat Team');
});

it('switches faults on, one kind beside the other, and all off', async () => {
  expect(await run(simFaults)).toBe('Nothing goes wrong.');
  expect(await run(simFaults, '--webhooks', 'duplicate=0.1,reorder=.2')).toBe('Webhooks: duplicate 0.1, reorder 0.2.');
  const both = await run(simFaults, '--api', 'timeoutAfter=1', '--times', '2');
  expect(both).toBe('Webhooks: duplicate 0.1, reorder 0.2.\nAPI: timeoutAfter 1; 2 more times.');
  expect(await run(simFaults, '--off', '--webhooks', 'tie=1')).toBe('Webhooks: tie 1.');
  expect(await run(simFaults, '--off')).toBe('Nothing goes wrong.');
});

it.each<[Command, string[], RegExp]>([
  [simAdvance, [], /^By how much\?/],
  [simScenario, ['signup', 'twice'], /^What to do with "twice"\?/],
  [simScenario, ['signup', '--quantity', '0'], /^--quantity must be/],
  [simClock, ['fly'], /^The clock can freeze, follow or be set, not "fly"\./],
  [simClock, ['set'], /^To which time\?/],
  [simFaults, ['--webhooks', 'duplicate'], /^--webhooks must be like duplicate=0\.1/],
  [simFaults, ['--times', 'x'], /^--times must be/],
])('%p says how it is used: %j', async (command, args, message) => {
  const failure = await run(command, ...args).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(UsageError);
  expect((failure as Error).message).toMatch(message);
});

it.each<[Command, string[], RegExp]>([
  [simScenario, ['nope'], /^There is no scenario "nope"\. There are:\n {2}signup\n[\s\S]* {2}chargeback\n/],
  [simScenario, [], /^Which scenario\? There are:\n {2}signup\n/],
  [simScenario, ['signup', '--price', 'pri_x'], /^transaction_price_not_found: There is no price pri_x$/],
  [simAdvance, ['soon'], /^bad_request: "by" is a length of time/],
  [simClock, ['set', '2020-01-01T00:00:00Z'], /^bad_request: Time goes forward: it is 20/],
  [simFaults, ['--webhooks', 'gremlins=1'], /^bad_request: .*; gremlins is not a webhook fault$/],
])('%p says what the simulator says: %j', async (command, args, message) => {
  await expect(run(command, ...args)).rejects.toThrow(message);
});

it('says when there is no simulator', async () => {
  const nobody = 'Nothing answers at http://127.0.0.1:1. Is the simulator running (npm start, or npm run simulator)?';
  await expect(simState(['--simulator', 'http://127.0.0.1:1'], {})).rejects.toThrow(nobody);
  await expect(simState([], { SIMULATOR_PORT: '1', NODE_ENV: 'production' })).rejects.toThrow(nobody);
  await expect(simState(['--simulator', 'there'], {})).rejects.toThrow(UsageError);
});
