import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AppProcess } from '../support/app-process';
import { itThoroughly, THOROUGH } from '../support/scale';
import { until } from '../support/until';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');
const NOBODY = 65534;
const IS_ROOT = process.getuid?.() === 0;

let dataDir: string;
let app: AppProcess | null = null;
const tokens = new Map<string, string>();

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'oarlock-local-'));
  tokens.clear();
});
afterEach(async () => {
  await app?.stop('SIGKILL');
  app = null;
  await until(() => Promise.resolve(!serverRuns()), 'PostgreSQL stopped');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Settings of somebody who has set nothing, in a folder of their own. */
const settings = () => ({ OARLOCK_DATA_DIR: dataDir, PORT: '0', SIMULATOR_PORT: '0' });
const start = (user?: number) => AppProcess.start(settings(), { cwd: dataDir, ...(user === undefined ? {} : { user }) });

async function oarlock(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], {
    cwd: dataDir,
    env: { PATH: process.env.PATH, ...settings() },
  });
  return stdout;
}

function serverPid(): number {
  const file = join(dataDir, 'postgres/postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
}

function serverRuns(pid = serverPid()): boolean {
  if (pid === 0) return false;
  const state = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]![0] : null;
  if (state === 'Z') return false; // it has ended, and nobody has asked yet how
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function accessOf(user: string): Promise<{ products: Record<string, unknown>[] }> {
  const token = tokens.get(user) ?? (await oarlock('token', '--user', user)).trim();
  tokens.set(user, token); // it stays good over a restart
  const answer = await fetch(`${app!.url}/products/access`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  return answer.json() as never;
}

/** What the README promises to a newcomer. @returns the subscription */
async function doTheMainJob(): Promise<string> {
  const played = await oarlock('sim', 'scenario', 'signup', '--user', 'user_1');
  const [, subscription] = /subscription +(sub_\w+)/.exec(played)!;
  const access = await until(async () => {
    const answer = await accessOf('user_1');
    return answer.products.length > 0 && answer;
  }, 'access after a signup');
  expect(access.products).toMatchObject([
    { access: 'full', reason: 'subscription_active', source: { type: 'subscription', id: subscription } },
  ]);
  return subscription!;
}

const simulatorUrl = () => /Simulator +(\S+)/.exec(app!.output())![1]!;

/** Asks the simulator as the app does, which is given the key of the data folder. */
async function cancelAtTheProvider(subscription: string): Promise<number> {
  const { apiKey } = JSON.parse(readFileSync(join(dataDir, 'local-secrets.json'), 'utf8')) as { apiKey: string };
  const { status } = await fetch(`${simulatorUrl()}/subscriptions/${subscription}/cancel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ effective_from: 'immediately' }),
  });
  return status;
}

interface Place {
  name: string;
  /** Who starts it; this user where it is left out. */
  user?: number;
  mode: number;
}

const PLACES: Place[] = IS_ROOT
  ? [
      { name: 'as root', mode: 0o755 },
      { name: 'as root, below a private folder', mode: 0o700 },
    ]
  : [{ name: 'as a normal user', mode: 0o700 }];

it.each(THOROUGH ? PLACES : PLACES.slice(0, 1))(
  'does the main job on a machine with nothing but Node, $name',
  async ({ mode }) => {
    chmodSync(dataDir, mode);
    app = await start();
    expect(app.output()).toMatch(/npm run oarlock -- sim scenario signup --user user_1 --simulator http/);
    await doTheMainJob();
  },
  60_000,
);

// Only root can become somebody else, and somebody else can run only what they can read.
const asSomebodyElse = IS_ROOT && readableByOthers(ROOT) ? it : it.skip;
asSomebodyElse(
  'starts as a normal user',
  async () => {
    chownSync(dataDir, NOBODY, NOBODY);
    app = await start(NOBODY);
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  },
  60_000,
);

it('stops PostgreSQL when it is stopped, and when it is killed; the next start finds the data and the simulated world', async () => {
  app = await start();
  const subscription = await doTheMainJob();
  expect(await app.stop('SIGTERM')).toBe(0);
  expect(serverRuns()).toBe(false);
  app = await start();
  expect((await accessOf('user_1')).products).toMatchObject([{ access: 'full' }]);
  expect(await oarlock('sim', 'state')).toContain(`${subscription}  active  user_1  1 × Rowboat Solo`);
  expect(await cancelAtTheProvider(subscription)).toBe(200);
  await until(async () => (await accessOf('user_1')).products.every(({ access }) => access !== 'full'), 'the cancellation');
  const pid = serverPid();
  expect(serverRuns(pid)).toBe(true);
  await app.stop('SIGKILL');
  app = await start();
  expect(serverRuns(pid)).toBe(false);
  expect(await app.stop('SIGINT')).toBe(0);
  expect(serverRuns()).toBe(false);
}, 120_000);

itThoroughly('lets a command and a second app use what the app that runs has started, and leaves it running', async () => {
  writeFileSync(join(dataDir, 'simulator.json'), '{"world":'); // as if the disk had been full
  app = await start();
  expect(app.output()).toMatch(/saved world cannot be read .* It is now .*simulator\.json\.damaged; a new world begins/);
  expect(await oarlock('migrate')).toBe('The schema is up to date.\n');
  const second = await start();
  expect(second.output()).toContain(`Simulator  ${simulatorUrl()} (of the app that runs already)`);
  expect(await second.stop()).toBe(0);
  expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  expect(await oarlock('sim', 'state')).toMatch(/^It is .*\n0 customers/);
});

it('keeps its secrets to this user', async () => {
  await oarlock('token', '--user', 'user_1');
  expect(statSync(join(dataDir, 'local-secrets.json')).mode & 0o777).toBe(0o600);
});

it('makes nothing up in production: one message names all that is missing', async () => {
  const failure = await AppProcess.start({ NODE_ENV: 'production' }, { cwd: dataDir }).catch((error: Error) => error.message);
  expect(failure).toBe(
    [
      'the app ended with 1:',
      'Oarlock cannot start. Mend these settings:',
      '  - DATABASE_URL: missing (a PostgreSQL 15+ connection URL)',
      '  - AUTH_JWT_SECRET or AUTH_JWKS_URL: missing (the key that verifies access tokens)',
      '  - PADDLE_SANDBOX_WEBHOOK_SECRET or PADDLE_LIVE_WEBHOOK_SECRET: missing (no webhook could be verified)',
      '',
    ].join('\n'),
  );
  expect(existsSync(join(dataDir, 'local-secrets.json'))).toBe(false);
});

describe('the command line', () => {
  const failing = (...args: string[]) =>
    oarlock(...args).catch((error: { code: number; stderr: string }) => `${error.code} ${error.stderr}`);

  it.each([
    [['fly'], /^2 There is no command "fly"\./],
    [[], /^2 Which command\?/],
    [['token'], /^2 Whose token\?/],
    [['token', '--usr', 'x'], /^2 Unknown option '--usr'/],
    [['webhooks', 'send'], /^2 Which webhooks\?/],
    [['webhooks', 'send', 'nowhere'], /^2 There is no nowhere\./],
    [['webhooks', 'send', ROOT + '/package.json', '--repeat', '0'], /^2 --repeat must be/],
    [
      ['webhooks', 'send', ROOT + '/package.json', '--to', 'http://127.0.0.1:1'],
      /^1 Nothing answers at http:\/\/127\.0\.0\.1:1\./,
    ],
  ])('says what is wrong with %j', async (args, message) => expect(await failing(...args)).toMatch(message));

  it('sends shuffled and repeatedly, and fails when something is refused', async () => {
    app = await start();
    const sent = await oarlock(
      'webhooks',
      'send',
      join(ROOT, 'test/fixtures/signup'),
      '--to',
      app.url,
      '--shuffle',
      '--repeat',
      '3',
    );
    const lines = sent.trim().split('\n');
    expect(lines.filter((line) => line.startsWith('200  appended'))).toHaveLength(11);
    expect(lines.filter((line) => line.startsWith('200  duplicate'))).toHaveLength(22);
    const refused = await failing(
      'webhooks',
      'send',
      join(ROOT, 'test/fixtures/cancel'),
      '--to',
      app.url,
      '--secret',
      'pdl_ntfset_wrong',
    );
    expect(refused).toMatch(/^1 2 of 2 were not accepted\./);
  });
});

function readableByOthers(folder: string): boolean {
  const open = (statSync(folder).mode & 0o005) === 0o005;
  return open && (folder === dirname(folder) || readableByOthers(dirname(folder)));
}
