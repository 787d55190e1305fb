import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { signatureHeader } from '../../src/provider/paddle';
import { SOLO_MONTHLY } from './paddle/catalog';
import { Story, type PaddleEvent } from './paddle/story';

/** The first events of many signups, each buyer a user of their own. */
export function manySignups(count: number): PaddleEvent[] {
  const events: PaddleEvent[] = [];
  for (let buyer = 0; events.length < count; buyer++) {
    const story = new Story({
      label: `buyer ${buyer}`,
      userId: `user_${buyer}`,
      startAt: new Date(Date.UTC(2026, 0, 1, 0, buyer)).toISOString(),
    });
    events.push(...story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]).take());
  }
  return events.slice(0, count);
}

/** The same shuffle for the same seed. */
export function shuffled<T>(items: T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  for (let i = result.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

export interface LoadResult {
  /** Event ids whose delivery was answered with 200. */
  accepted: Set<string>;
  /** Deliveries that were not, by status; 0 for a broken connection. They were sent again, as Paddle does. */
  refused: Map<number, number>;
}

export interface LoadOptions {
  /** The processes to send to, asked anew for each delivery. */
  urls: () => string[];
  secret: string;
  connections: number;
  /** The clock of the processes, where it is not the machine's. */
  nowSeconds?: () => number;
  onProgress?: (accepted: number) => void;
}

/** Delivers webhooks over many connections until each has been answered with 200. */
export async function deliver(
  events: PaddleEvent[],
  { urls, secret, connections, onProgress, nowSeconds = machineSeconds }: LoadOptions,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const result: LoadResult = { accepted: new Set(), refused: new Map() };
  let next = 0;
  let done = 0;
  const worker = async () => {
    while (next < events.length) {
      const event = events[next++]!;
      for (let attempt = next; ; attempt++) {
        const targets = urls();
        const status = await post(
          agent,
          targets[attempt % targets.length]!,
          Buffer.from(JSON.stringify(event)),
          secret,
          nowSeconds(),
        );
        if (status === 200) break;
        result.refused.set(status, (result.refused.get(status) ?? 0) + 1);
        await delay(20);
      }
      result.accepted.add(event.event_id);
      onProgress?.(++done);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return result;
}

const machineSeconds = () => Math.floor(Date.now() / 1000);

function post(agent: Agent, url: string, body: Buffer, secret: string, nowSeconds: number): Promise<number> {
  const signature = signatureHeader(body, secret, nowSeconds);
  const headers = { 'content-type': 'application/json', 'content-length': body.length, 'paddle-signature': signature };
  return new Promise((resolve) => {
    const call = request(`${url}/webhook`, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode!));
      response.once('error', () => resolve(0));
    });
    call.once('error', () => resolve(0));
    call.end(body);
  });
}
