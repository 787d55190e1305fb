import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalSimulator, wantsSimulator, type LocalSimulator } from './local-simulator';

const ANY_PORT = { SIMULATOR_PORT: '0' };

/** The simulator is compiled first. */
jest.setTimeout(30_000);

let dataDir: string;
const started: LocalSimulator[] = [];

beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'oarlock-simulator-'))));
afterEach(async () => {
  jest.restoreAllMocks();
  for (const simulator of started.splice(0)) await simulator.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(settings: Record<string, string> = ANY_PORT): Promise<LocalSimulator> {
  const simulator = await startLocalSimulator(settings, dataDir);
  started.push(simulator);
  return simulator;
}

const ask = async (url: string, init?: RequestInit) => (await fetch(url, init)).json() as Promise<Record<string, never[]>>;
const own = (file: string) => join(dataDir, file);
const ownedBy = (pid: number, url: string | null) => writeFileSync(own('simulator.owner'), JSON.stringify({ pid, url }));

/** Notes which webhooks came. */
async function consumer() {
  const came: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      came.push((JSON.parse(Buffer.concat(chunks).toString()) as { event_type: string }).event_type);
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise((done) => server.close(done).closeAllConnections());
  return { came, webhook: { url: `http://127.0.0.1:${port}/webhook`, secret: 'pdl_ntfset_of_a_test' }, stop };
}

it('keeps its world over a restart, and sends webhooks to where the app is then', async () => {
  const first = await start();
  const [before, after] = [await consumer(), await consumer()];
  first.connect(before.webhook);
  await ask(`${first.url}/_control/scenarios/signup`, { method: 'POST' });
  const { subscriptions } = await ask(`${first.url}/_control/state`);
  await first.stop();
  const heard = before.came.length;
  const second = await start();
  second.connect(after.webhook);
  expect((await ask(`${second.url}/_control/state`)).subscriptions).toEqual(subscriptions);
  await ask(`${second.url}/_control/scenarios/signup`, { method: 'POST' });
  expect(after.came).toContain('subscription.created');
  expect(after.came).not.toContain('product.created');
  expect(before.came).toHaveLength(heard);
  await Promise.all([before.stop(), after.stop()]);
});

it('is started by one of two apps, and used by both', async () => {
  const first = await start();
  ownedBy(process.ppid, first.url);
  const second = await start();
  expect(second).toMatchObject({ url: first.url, note: 'of the app that runs already' });
  await second.stop();
  expect((await fetch(`${first.url}/_control/clock`)).status).toBe(200);
});

it.each([
  ['was killed', 2 ** 22 + 1],
  ['had our number', process.pid],
])('is ours when the app that had it %s', async (_, pid) => {
  ownedBy(pid, 'http://127.0.0.1:1');
  expect(await start()).toMatchObject({ note: null });
});

it('saves nothing when another process has become the owner', async () => {
  const simulator = await start();
  ownedBy(1, null);
  await simulator.stop();
  expect(existsSync(own('simulator.json'))).toBe(false);
  expect(existsSync(own('simulator.owner'))).toBe(true);
});

it.each(['{"world":', '{}', '{"world":{"tables":{"nothing":[]}},"webhooks":{}}'])(
  'sets a damaged world aside: %s',
  async (damaged) => {
    const warning = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    writeFileSync(own('simulator.json'), damaged);
    const { url } = await start();
    expect((await ask(`${url}/_control/state`)).customers).toEqual([]);
    expect(warning).toHaveBeenCalledTimes(1);
    expect(readFileSync(own('simulator.json.damaged'), 'utf8')).toBe(damaged);
  },
);

describe('its port', () => {
  it('is the one that was asked for, or the start stops', async () => {
    const taken = await consumer();
    const { port } = new URL(taken.webhook.url);
    const failure = await start({ SIMULATOR_PORT: port }).catch((error: Error) => error.message);
    expect(failure).toMatch(`SIMULATOR_PORT: port ${port} is taken`);
    expect(existsSync(own('simulator.owner'))).toBe(false);
    await taken.stop();
  });

  it('is told when settings make no sense', async () => {
    const settings = { SIMULATOR_PORT: 'x', SIMULATOR_CLOCK: 'frozen:soon' };
    await expect(start(settings)).rejects.toThrow(/SIMULATOR_PORT: must be[^\n]*\n {2}- SIMULATOR_CLOCK: must be/);
  });
});

it.each([
  [{}, true],
  [{ PADDLE_SANDBOX_WEBHOOK_SECRET: 'pdl_ntfset_x' }, true],
  [{ PADDLE_SANDBOX_API_KEY: ' ' }, true],
  [{ PADDLE_SANDBOX_API_KEY: 'pdl_sdbx_apikey_x' }, false],
  [{ PADDLE_SANDBOX_API_URL: 'https://sandbox-api.paddle.com' }, false],
  [{ PADDLE_API_KEY: 'pdl_sdbx_apikey_x', PADDLE_ENVIRONMENT: 'sandbox' }, false],
])('with %j is wanted: %s', (settings, wanted) => expect(wantsSimulator(settings)).toBe(wanted));
