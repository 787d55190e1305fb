import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { developmentToken } from '../../src/local/development-token';
import { SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story, type PaddleEvent } from '../support/paddle/story';
import { paddleBodies, signedByPaddle } from './bodies';
import { sendFor } from './load';
import { JWT_SECRET } from './oarlock-server';

const SECONDS = 20;

/** How long after the acknowledgement of a webhook the access answer shows it, in ms, while others arrive at that rate. */
export async function measureFreshness(url: string, rate: number): Promise<number[]> {
  const requests = signedByPaddle(paddleBodies(Math.ceil((rate * SECONDS * 1.3) / 64) * 64, 'load'));
  const load = sendFor(url, requests, SECONDS, Math.round(rate));
  const delays: number[] = [];
  const end = performance.now() + (SECONDS - 1) * 1_000;
  for (let probe = 0; performance.now() < end; probe++) {
    delays.push(await probeOnce(url, probe));
    await delay(10);
  }
  await load;
  return delays;
}

async function probeOnce(url: string, probe: number): Promise<number> {
  const user = `probe_${probe}`;
  const token = await developmentToken({ secret: JWT_SECRET, issuer: undefined, audience: undefined }, user, []);
  const event = new Story({ label: user, userId: user, startAt: '2026-01-10T09:00:00Z' })
    .signup([{ price: SOLO_MONTHLY, quantity: 1 }])
    .take()
    .find((one: PaddleEvent) => one.event_type === 'subscription.created');
  await granted(url, token); // an answer is remembered: it has to be forgotten
  const [{ headers, body }] = signedByPaddle([Buffer.from(JSON.stringify(event))]) as [ReturnType<typeof signedByPaddle>[number]];
  await request(`${url}/webhook`, { method: 'POST', headers, body: body!, dispatcher: AGENT }).then((answer) =>
    answer.body.dump(),
  );
  const acknowledged = performance.now();
  while (!(await granted(url, token))) if (performance.now() - acknowledged > 10_000) throw new Error('it never changed');
  return performance.now() - acknowledged;
}

const AGENT = new Agent({ connections: 2 });

async function granted(url: string, token: string): Promise<boolean> {
  const answer = await request(`${url}/products/access`, { headers: { authorization: `Bearer ${token}` }, dispatcher: AGENT });
  const { products } = (await answer.body.json()) as { products: unknown[] };
  return products.length > 0;
}
