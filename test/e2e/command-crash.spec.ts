import request from 'supertest';
import { developmentToken } from '../../src/local';
import { startSimulator, type Simulator } from '../../src/simulator';
import { AppProcess } from '../support/app-process';
import { API_KEY } from '../support/shop';
import { SANDBOX_SECRET, testSettings, TOKENS } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { PaddleControl } from '../support/year/paddle-world';

/** After the app is up again, every wish is closed within this time. */
const CLOSED_WITHIN_MS = 30_000;

let database: TestDatabase;
let simulator: Simulator;
let paddle: PaddleControl;
let app: AppProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  simulator = await startSimulator({ port: 0, seed: 'crash', requestsPerMinute: Infinity, catalog: false });
  paddle = new PaddleControl(simulator.url);
  app = await AppProcess.start(settings());
  simulator.connect({ url: `${app.url}/webhook`, secret: SANDBOX_SECRET });
});

afterAll(async () => {
  await app.stop();
  await simulator.stop();
  await database.drop();
});

interface Command {
  userId: string;
  subscriptionId: string;
  path: string;
  body: object;
  /** Whether Paddle did it before the app was killed. */
  done: boolean;
}

const KINDS: [path: string, body: object, status: string][] = [
  ['cancel', { effectiveFrom: 'immediately' }, 'canceled'],
  ['pause', { effectiveFrom: 'immediately' }, 'paused'],
  ['cancel', {}, 'active'],
];

it('closes what a killed process left open, by what Paddle says, and nothing is done twice', async () => {
  const commands: Command[] = [];
  for (const done of [false, true]) {
    for (const [path, body] of KINDS) {
      const story = await paddle.post<{ userId: string; subscriptionId: string }>('/scenarios/signup', {
        userId: `${path}_${commands.length}`,
      });
      commands.push({ ...story, path, body: { ...body, subscriptionId: story.subscriptionId }, done });
    }
  }
  await knows(commands);
  for (const done of [false, true]) {
    await paddle.post('/faults', { api: { timeoutBefore: done ? 0 : 1, timeoutAfter: done ? 1 : 0 }, times: KINDS.length });
    for (const command of commands.filter((one) => one.done === done)) await hang(command);
  }
  await app.stop('SIGKILL');
  await paddle.post('/faults', { api: { timeoutBefore: 0, timeoutAfter: 0 } });

  app = await AppProcess.start({ ...settings(), PORT: new URL(app.url).port });
  const started = performance.now();
  for (const { subscriptionId, done } of commands) {
    const outcome = done ? 'command.carried_out' : 'command.not_done';
    await until(async () => (await events(subscriptionId)).at(-1) === outcome, `${subscriptionId}: ${outcome}`, CLOSED_WITHIN_MS);
    expect(await events(subscriptionId)).toHaveLength(2);
  }
  expect(performance.now() - started).toBeLessThan(CLOSED_WITHIN_MS);

  const { subscriptions } = await paddle.world();
  for (const [index, { userId, subscriptionId, done }] of commands.entries()) {
    const inPaddle = subscriptions.find(({ id }) => id === subscriptionId)!;
    const [, , status] = KINDS[index % KINDS.length]!;
    expect(inPaddle.status).toBe(done ? status : 'active');
    await until(async () => (await shown(userId))?.status === inPaddle.status, `${userId} is shown as ${inPaddle.status}`);
    const scheduled = (await shown(userId))!.scheduledChange as { action: string } | null;
    expect(scheduled?.action).toBe(done && status === 'active' ? 'cancel' : undefined);
  }
});

function settings() {
  return { ...testSettings(database), PADDLE_SANDBOX_API_KEY: API_KEY, PADDLE_SANDBOX_API_URL: simulator.url };
}

async function knows(commands: Command[]): Promise<void> {
  for (const { userId } of commands) await until(async () => (await shown(userId)) !== undefined, `Oarlock knows ${userId}`);
}

/** Asks, and waits only until the wish is on the ledger and Paddle has met the request. */
async function hang({ userId, subscriptionId, path, body, done }: Command): Promise<void> {
  const before = await paddle.faultsLeft();
  void request(app.url)
    .post(`/subscriptions/${path}`)
    .set({ authorization: `Bearer ${await token(userId)}` })
    .send(body)
    .then(undefined, () => undefined);
  await until(async () => (await paddle.faultsLeft()) < before, `Paddle was asked to ${path} (${done})`);
  expect(await events(subscriptionId)).toHaveLength(1);
}

async function shown(userId: string): Promise<{ status: string; scheduledChange: unknown } | undefined> {
  const answer = await request(app.url)
    .get('/subscriptions/status')
    .set({ authorization: `Bearer ${await token(userId)}` });
  return (answer.body as { subscriptions: { status: string; scheduledChange: unknown }[] }).subscriptions[0];
}

async function events(subscriptionId: string): Promise<string[]> {
  const rows = await database.query<{ type: string }>(
    `SELECT type FROM ledger.events WHERE stream_id = 'command:${subscriptionId}' ORDER BY stream_version`,
  );
  return rows.map(({ type }) => type);
}

function token(user: string): Promise<string> {
  return developmentToken(TOKENS, user, [], new Date(Date.now() + 3_600_000));
}
