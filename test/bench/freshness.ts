import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { developmentToken } from '../../src/local/development-token';
import { SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story, type PaddleEvent } from '../support/paddle/story';
import type { BenchServer } from './bench-database';
import { paddleBodies, signedByPaddle } from './bodies';
import { sendFor } from './load';
import { JWT_SECRET, startOarlock } from './oarlock-server';
import { median, percentile } from './report';

const SECONDS = 20;

/** Webhooks a second while two processes are compared: more than a shop of millions has. */
const RATE = 300;

/** How long a process that remembers answers goes on giving them: the one that took the webhook, and another one. */
export async function benchFreshness(server: BenchServer): Promise<void> {
  const database = await server.createOarlockDatabase('bench_freshness');
  const [here, there] = [await startOarlock(database), await startOarlock(database)];
  try {
    console.log(`\nWebhook acknowledged until the access answer changed, at ${RATE} webhooks a second`);
    printFreshness('in the process that took it', await measureFreshness(here.url, RATE));
    printFreshness('in another process', await measureFreshness(here.url, RATE, there.url));
  } finally {
    await Promise.all([here.stop(), there.stop()]);
  }
}

export function printFreshness(where: string, delays: number[]): void {
  const [p50, p99] = [median(delays), percentile(delays, 0.99)];
  const verdict = p99 < 150 ? 'reached' : 'NOT REACHED';
  console.log(
    `  ${where.padEnd(28)} median ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${delays.length} probes   wanted: under 150 ms   ${verdict}`,
  );
}

let probes = 0;

/** How long after the acknowledgement of a webhook the access answer shows it at `askedUrl`, in ms, while others arrive at that rate. */
export async function measureFreshness(url: string, rate: number, askedUrl = url): Promise<number[]> {
  const requests = signedByPaddle(paddleBodies(Math.ceil((rate * SECONDS * 1.3) / 64) * 64, `load ${probes}`));
  const load = sendFor(url, requests, SECONDS, Math.round(rate));
  const delays: number[] = [];
  const end = performance.now() + (SECONDS - 1) * 1_000;
  while (performance.now() < end) {
    delays.push(await probeOnce(url, askedUrl, probes++));
    await delay(10);
  }
  await load;
  return delays;
}

async function probeOnce(url: string, askedUrl: string, probe: number): Promise<number> {
  const user = `probe_${probe}`;
  const token = await developmentToken({ secret: JWT_SECRET, issuer: undefined, audience: undefined }, user, []);
  const event = new Story({ label: user, userId: user, startAt: '2026-01-10T09:00:00Z' })
    .signup([{ price: SOLO_MONTHLY, quantity: 1 }])
    .take()
    .find((one: PaddleEvent) => one.event_type === 'subscription.created');
  await granted(askedUrl, token); // an answer is remembered: it has to be forgotten
  const [{ headers, body }] = signedByPaddle([Buffer.from(JSON.stringify(event))]) as [ReturnType<typeof signedByPaddle>[number]];
  await request(`${url}/webhook`, { method: 'POST', headers, body: body!, dispatcher: AGENT }).then((answer) =>
    answer.body.dump(),
  );
  const acknowledged = performance.now();
  while (!(await granted(askedUrl, token))) if (performance.now() - acknowledged > 10_000) throw new Error('it never changed');
  return performance.now() - acknowledged;
}

const AGENT = new Agent({ connections: 2 });

async function granted(url: string, token: string): Promise<boolean> {
  const answer = await request(`${url}/products/access`, { headers: { authorization: `Bearer ${token}` }, dispatcher: AGENT });
  const { products } = (await answer.body.json()) as { products: unknown[] };
  return products.length > 0;
}
