import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { anyProjection, type AnyProjection } from '../../src/projections';
import { PROJECTIONS } from '../../src/read-models';
import { subscriptions } from '../../src/subscriptions';
import { SOLO, SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story, type PaddleEvent } from '../support/paddle/story';
import { plantedProjections, withOne } from '../support/planted';
import { SANDBOX_SECRET, TestApp, TOKENS } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { deliver } from '../support/webhook-load';

const PROGRAM = join(__dirname, '../../dist/cli/main.js');
const BUYERS = 12;
const PAUSED = 3;
const CHANGES = [
  'Rebuild 2 of subscriptions is ready (version 2).',
  `Rows: 0 added, 0 removed, ${PAUSED} changed.`,
  `  snapshot differs in ${PAUSED}`,
  `Access: changes for ${PAUSED} users (${PAUSED} lost, 0 gained, 0 with other terms).`,
  `  sandbox: ${PAUSED} users lose ${SOLO.id}`,
];

let database: TestDatabase;
let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'oarlock-cli-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await TestApp.closeAll();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Running {
  child: ChildProcess;
  /** What it has said so far on stderr. */
  said: () => string;
  ended: Promise<Outcome>;
}

/** The command line in a process of its own, without a terminal. */
function begin(args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [PROGRAM, 'projections', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Outcome>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, said: () => stderr, ended };
}

async function reach(app: TestApp, roles = ['admin']): Promise<string[]> {
  return ['--to', app.url, '--token', await app.token('me', roles)];
}

async function cli(app: TestApp, ...args: string[]): Promise<Outcome> {
  return begin([...args, ...(await reach(app))]).ended;
}

function events(): PaddleEvent[] {
  return Array.from({ length: BUYERS }, (_, buyer) => {
    const story = new Story({ label: `buyer ${buyer}`, userId: `user_${buyer}`, startAt: '2026-01-10T09:30:00Z' });
    story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]);
    if (buyer < PAUSED) story.goTo('2026-01-12T09:00:00Z').pause();
    return story.take();
  }).flat();
}

/** Version 2, where version 1 with its bug is live. */
async function upgraded(): Promise<TestApp> {
  const settings = { PROJECTION_UPGRADE: 'manual' };
  const old = await TestApp.start({ database, projections: plantedProjections(1), settings });
  const load = { urls: () => [old.url], secret: SANDBOX_SECRET, connections: 8, nowSeconds: () => old.clock.nowSeconds() };
  await deliver(events(), load);
  await old.caughtUp();
  await old.close();
  return TestApp.start({ database, projections: plantedProjections(2), settings });
}

async function stateOf(app: TestApp) {
  const { body } = await app.get('/projections', 'me', ['auditor']);
  const { live, rebuild } = (body as Record<string, { id: string; state: string } | null>[]).find(
    ({ name }) => (name as unknown) === 'subscriptions',
  )!;
  return { live: live!.id, rebuild: rebuild && `${rebuild.id} ${rebuild.state}` };
}

const linesOf = (text: string) => text.trimEnd().split('\n');

it('shows a preview, swaps it, goes back, and cancels', async () => {
  const app = await upgraded();
  const list = async () => linesOf((await cli(app, 'list')).stdout);
  const width = Math.max(...PROJECTIONS.map(({ name }) => name.length));
  const others = PROJECTIONS.filter(({ name }) => name !== 'subscriptions').map(
    ({ name, version }) => `${name.padEnd(width)}  live    ${version}        1 (version ${version})  none  0       -`,
  );
  expect(await list()).toEqual([
    `${'NAME'.padEnd(width)}  STATUS  VERSION  LIVE BUILD     LAG   PARKED  REBUILD`,
    others[0],
    `${'subscriptions'.padEnd(width)}  paused  2        1 (version 1)  none  0       -`,
    ...others.slice(1),
  ]);

  const total = events().length;
  const preview = await cli(app, 'rebuild', 'subscriptions', '--preview');
  expect([preview.code, ...linesOf(preview.stdout)]).toEqual([
    0,
    ...CHANGES,
    `  Whose: GET ${app.url}/projections/subscriptions/rebuilds/2/access-changes`,
    'Nothing has changed yet. To go on, or not:',
    `  npm run oarlock -- projections swap subscriptions 2 --to ${app.url}`,
    `  npm run oarlock -- projections cancel subscriptions 2 --to ${app.url}`,
  ]);
  expect(preview.stderr).toMatch(
    new RegExp(`^Rebuild 2 of subscriptions:\n(.*\n)*subscriptions  100%  ${total}/${total} events\\b`),
  );
  expect(await stateOf(app)).toEqual({ live: '1', rebuild: '2 ready' });
  expect((await list())[2]).toMatch(/^subscriptions +rebuilding .*2 \(version 2\): ready$/);
  expect(await cli(app, 'rebuild', 'subscriptions')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'rebuild_in_progress: Rebuild 2 is ready.\n',
  });

  const swapped = await cli(app, 'swap', 'subscriptions');
  expect([swapped.code, ...linesOf(swapped.stdout)]).toEqual([
    0,
    'Build 2 of subscriptions is live (version 2). The way back:',
    `  npm run oarlock -- projections rollback subscriptions --to ${app.url}`,
  ]);
  expect((await cli(app, 'rollback', 'subscriptions')).stdout).toMatch(/^Build 1 of subscriptions is live again \(version 1\)\./);
  expect(await stateOf(app)).toEqual({ live: '1', rebuild: null });

  await cli(app, 'rebuild', 'subscriptions', '--preview');
  expect((await cli(app, 'cancel', 'subscriptions', '3')).stdout).toMatch(/^Rebuild 3 of subscriptions is cancelled\./);
  expect(await cli(app, 'cancel', 'subscriptions')).toMatchObject({
    code: 1,
    stderr: 'No rebuild of subscriptions is under way.\n',
  });
});

it('swaps without a question with --yes', async () => {
  const app = await upgraded();
  const { code, stdout } = await cli(app, 'rebuild', 'subscriptions', '--yes');
  expect(code).toBe(0);
  expect(linesOf(stdout)).toEqual(expect.arrayContaining([...CHANGES, expect.stringMatching(/^Build 2 of .* is live/)]));
  expect(await stateOf(app)).toEqual({ live: '2', rebuild: null });
});

it('does not swap where there is nobody to ask, and keeps the rebuild', async () => {
  const app = await upgraded();
  const { code, stdout, stderr } = await cli(app, 'rebuild', 'subscriptions');
  expect(code).toBe(1);
  expect(linesOf(stdout).slice(0, CHANGES.length)).toEqual(CHANGES);
  expect(stderr).toMatch(/Not swapped, .* give --yes, .*\n {2}npm run oarlock -- projections swap subscriptions 2 --to /);
  expect(await stateOf(app)).toEqual({ live: '1', rebuild: '2 ready' });
});

it('does not swap with --yes what could not fold everything', async () => {
  const broken: AnyProjection = {
    ...anyProjection(subscriptions),
    version: 3,
    evolve: () => {
      throw new Error('cannot fold this');
    },
  };
  await (await upgraded()).close();
  const app = await TestApp.start({
    database,
    projections: withOne(broken),
    settings: { PROJECTION_UPGRADE: 'manual' },
  });
  const { code, stdout, stderr } = await cli(app, 'rebuild', 'subscriptions', '--yes');
  expect([code, stdout]).toEqual([1, expect.stringContaining('could not be folded')]);
  expect(stderr).toContain('Not swapped: it could not fold everything');
  expect(await stateOf(app)).toEqual({ live: '1', rebuild: '2 ready' });
});

it('leaves a rebuild to the service at Ctrl-C', async () => {
  const app = await upgraded();
  const gate = await shutGate();
  const following = begin(['rebuild', 'subscriptions', '--yes', ...(await reach(app))]);
  await until(() => Promise.resolve(following.said().includes('events')), 'it follows the rebuild');
  following.child.kill('SIGINT');
  const { code, stdout, stderr } = await following.ended;
  expect([code, stdout]).toEqual([130, '']);
  expect(linesOf(stderr).slice(-3)).toEqual([
    'No longer followed. The rebuild goes on in the service; to look at it, or to end it:',
    `  npm run oarlock -- projections list --to ${app.url}`,
    `  npm run oarlock -- projections cancel subscriptions 2 --to ${app.url}`,
  ]);
  expect(await stateOf(app)).toEqual({ live: '1', rebuild: '2 running' });
  await gate.end();
  await until(async () => (await stateOf(app)).rebuild === '2 ready', 'the service has gone on');
});

it('says when somebody else has ended the rebuild', async () => {
  const app = await upgraded();
  const gate = await shutGate();
  const following = begin(['rebuild', 'subscriptions', ...(await reach(app))]);
  await until(() => Promise.resolve(following.said().includes('events')), 'it follows the rebuild');
  const cancelled = cli(app, 'cancel', 'subscriptions');
  await until(async () => (await waitingForRows()) > 0, 'the cancellation waits');
  await gate.end();
  await cancelled;
  await until(async () => (await stateOf(app)).rebuild === null, 'it is cancelled');
  const { code, stderr } = await following.ended;
  expect([code, linesOf(stderr).at(-1)]).toEqual([1, 'Rebuild 2 of subscriptions is cancelled.']);
});

it('says in one line what the service refuses', async () => {
  const app = await upgraded();
  expect(await cli(app, 'rebuild', 'nothing')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'not_found: There is no projection nothing.\n',
  });
  expect(await cli(app, 'swap', 'nothing')).toMatchObject({ code: 1, stderr: 'not_found: There is no projection nothing.\n' });
  expect(await cli(app, 'swap', 'subscriptions', '1')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^rebuild_not_ready: /),
  });
  expect(await cli(app, 'rollback', 'subscriptions')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^no_previous_build: /),
  });
  const asAuditor = await begin(['rebuild', 'subscriptions', ...(await reach(app, ['auditor']))]).ended;
  expect(asAuditor).toMatchObject({ code: 1, stderr: expect.stringMatching(/^forbidden: /) });
});

it('takes a token from the environment, and makes one in local mode', async () => {
  const app = await upgraded();
  const args = ['list', '--to', app.url];
  expect(await begin(args, { OARLOCK_TOKEN: await app.token('me', ['auditor']) }).ended).toMatchObject({ code: 0 });
  expect(await begin(args, { NODE_ENV: 'production' }).ended).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^An access token with the role admin is needed: give --token, or set OARLOCK_TOKEN\./),
  });
  app.clock.set(new Date().toISOString()); // tokens made outside are of today
  const local = { AUTH_JWT_SECRET: TOKENS.secret, AUTH_ISSUER: TOKENS.issuer, AUTH_AUDIENCE: TOKENS.audience };
  expect(await begin(args, { ...local, OARLOCK_DATA_DIR: folder }).ended).toMatchObject({ code: 0, stderr: '' });
});

it.each([
  [[], 2, /^There is no command "projections"\.[^]*projections rebuild <name>/],
  [['rebuild'], 2, /^Which projection\?/],
  [['swap', 'a', '1', 'b'], 2, /^What to do with "b"\?/],
  [['list', 'a'], 2, /^Unexpected argument 'a'/],
  [['rebuild', 'a', '--preview', '--yes'], 2, /^--preview stops before the swap/],
  [['rebuild', 'a', '--now'], 2, /^Unknown option '--now'/],
  [['list', '--to', 'localhost'], 2, /^--to must be a URL/],
  [['list', '--to', 'http://127.0.0.1:1'], 1, /^Nothing answers at http:\/\/127\.0\.0\.1:1\. Is the app running/],
])('says what is wrong with %j', async (args, code, message) => {
  expect(await begin(args, { OARLOCK_TOKEN: 'any' }).ended).toMatchObject({
    code,
    stdout: '',
    stderr: expect.stringMatching(message),
  });
});

/** From now on no rebuild becomes ready, until the connection ends. */
async function shutGate(): Promise<Client> {
  await database.query(`
    CREATE FUNCTION public.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock_shared(77); RETURN NEW; END';
    CREATE TRIGGER gate BEFORE UPDATE ON operations.projection_builds
      FOR EACH ROW WHEN (NEW.state = 'ready' AND OLD.state = 'running') EXECUTE FUNCTION public.wait_at_gate()`);
  const gate = new Client(database.ownerUrl);
  await gate.connect();
  await gate.query('SELECT pg_advisory_lock(77)');
  return gate;
}

async function waitingForRows(): Promise<number> {
  const rows = await database.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event <> 'advisory'`,
  );
  return rows.length;
}
