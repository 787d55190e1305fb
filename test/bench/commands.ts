import { Client } from 'undici';
import { PaddleControl } from '../support/year/paddle-world';
import { tokenOf } from './access';
import type { BenchServer } from './bench-database';
import { startOarlock, WEBHOOK_SECRET } from './oarlock-server';
import { percentile } from './report';
import { ServerProcess } from './server-process';

const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 16);
const COMMANDS_EACH = 60;
const WARM_UP_EACH = 10;
const TARGET_MS = 30;
const API_KEY = 'pdl_sdbx_apikey_01kekj4jz07s25wjvvk5fvat9y_0123456789abcdefghijkl_abc';

/** Commands over HTTP against a simulated Paddle: wish, call, outcome, and the read model waited for. */
export async function benchCommands(server: BenchServer): Promise<void> {
  const database = await server.createOarlockDatabase('bench_commands');
  const paddle = await ServerProcess.start('test/bench/servers/paddle.ts', {});
  const oarlock = await startOarlock(database, {
    PADDLE_SANDBOX_API_KEY: API_KEY,
    PADDLE_SANDBOX_API_URL: paddle.url,
    PADDLE_REQUESTS_PER_MINUTE: '10000',
  });
  try {
    paddle.tell({ url: `${oarlock.url}/webhook`, secret: WEBHOOK_SECRET });
    const users = await signUp(new PaddleControl(paddle.url));
    await Promise.all(users.map((user) => command(oarlock.url, user, WARM_UP_EACH)));
    const withPaddle = (await Promise.all(users.map((user) => command(oarlock.url, user, COMMANDS_EACH)))).flat();
    const paddleAlone = (await Promise.all(users.map((user) => askPaddle(paddle.url, user, COMMANDS_EACH)))).flat();
    const [total, theirs] = [p95(withPaddle), p95(paddleAlone)];
    console.log(`\nCommands, ${CONNECTIONS} connections, ${withPaddle.length} of them`);
    console.log(`  p50 ${percentile(withPaddle, 0.5).toFixed(1)} ms, p95 ${total.toFixed(1)} ms, Paddle's time included`);
    console.log(
      `  the same calls to Paddle alone: p50 ${percentile(paddleAlone, 0.5).toFixed(1)} ms, p95 ${theirs.toFixed(1)} ms`,
    );
    const own = total - percentile(paddleAlone, 0.5);
    console.log(`  our own p95, without Paddle: ${own.toFixed(1)} ms (wanted: under ${TARGET_MS})`);
  } finally {
    await oarlock.stop();
    await paddle.stop();
  }
}

interface Subscriber {
  userId: string;
  subscriptionId: string;
}

async function signUp(paddle: PaddleControl): Promise<Subscriber[]> {
  const users: Subscriber[] = [];
  for (let index = 0; index < CONNECTIONS; index++) users.push(await paddle.post<Subscriber>('/scenarios/signup', {}));
  return users;
}

/** Cancels with the period and takes it back, again and again. @returns milliseconds of each */
async function command(app: string, { userId, subscriptionId }: Subscriber, count: number): Promise<number[]> {
  const client = new Client(app);
  const headers = { authorization: `Bearer ${tokenOf(userId)}`, 'content-type': 'application/json' };
  const took: number[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const path = index % 2 ? '/subscriptions/resume' : '/subscriptions/cancel';
      const started = performance.now();
      const answer = await client.request({ method: 'POST', path, headers, body: JSON.stringify({ subscriptionId }) });
      const text = await answer.body.text();
      took.push(performance.now() - started);
      if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
    }
    return took;
  } finally {
    await client.close();
  }
}

async function askPaddle(paddle: string, { subscriptionId }: Subscriber, count: number): Promise<number[]> {
  const client = new Client(paddle);
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
  const took: number[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const started = performance.now();
      const canceling = index % 2 === 0;
      const answer = await client.request({
        method: canceling ? 'POST' : 'PATCH',
        path: `/subscriptions/${subscriptionId}${canceling ? '/cancel' : ''}`,
        headers,
        body: JSON.stringify(canceling ? { effective_from: 'next_billing_period' } : { scheduled_change: null }),
      });
      await answer.body.text();
      took.push(performance.now() - started);
    }
    return took;
  } finally {
    await client.close();
  }
}

function p95(values: number[]): number {
  return percentile(values, 0.95);
}
