import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator';
import type { StoryOptions, StoryResult } from '../../src/simulator/world/story';
import type { Adjustment, Transaction } from '../../src/simulator/world/money-entities';
import type { Customer, Subscription } from '../../src/simulator/world/entities';

export const API_KEY = `pdl_sdbx_apikey_01j0000000000000000000000a_${'a'.repeat(22)}_aaa`;
export const SECRET = 'pdl_ntfset_made-up-for-tests';
export const START = '2026-01-10T10:00:00.000000Z';

export interface Answer<Data = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  data: Data;
  error: { type: string; code: string; detail: string; errors?: { field: string; message: string }[] };
  meta: { request_id: string; pagination: { per_page: number; next: string; has_more: boolean; estimated_total: number } };
}

export interface Delivery {
  body: string;
  signature: string;
}

export interface Webhook {
  event_id: string;
  event_type: string;
  occurred_at: string;
  notification_id: string;
  data: Record<string, unknown> & { id: string; status?: string };
}

export interface State {
  now: string;
  customers: Customer[];
  subscriptions: Subscription[];
  transactions: Transaction[];
  adjustments: Adjustment[];
}

/** A consumer of webhooks that accepts everything. */
export class Receiver {
  readonly deliveries: Delivery[] = [];
  private readonly server: Server = createServer((request, response) => {
    void this.receive(request).then(() => response.writeHead(200).end());
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks`;
  }

  get webhooks(): Webhook[] {
    return this.deliveries.map(({ body }) => JSON.parse(body) as Webhook);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async receive(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.deliveries.push({
      body: Buffer.concat(chunks).toString(),
      signature: request.headers['paddle-signature'] as string,
    });
  }
}

/** A simulator whose clock stands still, what it sends, and a caller of its API. */
export class LocalPaddle {
  private constructor(
    readonly simulator: Simulator,
    readonly receiver: Receiver,
  ) {}

  static async start(options: Partial<SimulatorOptions> = {}): Promise<LocalPaddle> {
    const receiver = new Receiver();
    const webhook = { url: await receiver.start(), secret: SECRET };
    const simulator = await startSimulator({
      port: 0,
      seed: 'test',
      clock: { mode: 'frozen', at: START },
      requestsPerMinute: 1_000_000,
      deliveries: { concurrency: 1 },
      webhook,
      ...options,
    });
    return new LocalPaddle(simulator, receiver);
  }

  get url(): string {
    return this.simulator.url;
  }

  async stop(): Promise<void> {
    await this.simulator.stop();
    await this.receiver.stop();
  }

  /** @param route as `GET /subscriptions` */
  async call<Data = Record<string, unknown>>(
    route: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${API_KEY}` },
  ): Promise<Answer<Data>> {
    const [method, path] = route.split(/ (.*)/s) as [string, string];
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(path.startsWith('http') ? path : `${this.url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: text }),
    });
    return readAnswer<Data>(response);
  }

  async ok<Data = Record<string, unknown>>(route: string, body?: unknown): Promise<Data> {
    const answer = await this.call<Data>(route, body);
    if (answer.status >= 400) throw new Error(`${route}: ${answer.status} ${answer.text}`);
    return answer.data;
  }

  /** A request to `/_control`, which needs no key. */
  async control<Result = unknown>(route: string, body?: unknown): Promise<Result> {
    const [method, path] = route.split(' ') as [string, string];
    const answer = await this.call(`${method} /_control/${path}`, body, {});
    if (answer.status >= 400) throw new Error(`${route}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as Result;
  }

  play(name: string, options: StoryOptions = {}): Promise<StoryResult> {
    return this.control(`POST scenarios/${name}`, options);
  }

  async advance(by: string): Promise<void> {
    await this.control('POST clock/advance', { by });
  }

  state(): Promise<State> {
    return this.control('GET state');
  }

  /** Waits until everything that happened is delivered. */
  async settled(): Promise<void> {
    await this.advance('PT0S');
  }

  async subscriptionOf({ subscriptionId }: StoryResult): Promise<Subscription> {
    return this.ok(`GET /subscriptions/${subscriptionId}`);
  }
}

async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  const text = await response.text();
  const { status, headers } = response;
  const json = /json/.test(headers.get('content-type') ?? '') ? (JSON.parse(text) as object) : {};
  return { status, headers, text, ...json } as Answer<Data>;
}
