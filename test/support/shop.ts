import type { Response } from 'supertest';
import request from 'supertest';
import { startSimulator, type Simulator } from '../../src/simulator';
import type { Settings } from '../../src/platform/config';
import { OpenApiContract } from './openapi';
import { FakeClock } from './fake-clock';
import { SANDBOX_SECRET, TestApp } from './test-app';
import { until } from './until';
import { PaddleControl, type PaddleWorld, type WorldSubscription } from './year/paddle-world';

export const API_KEY = 'pdl_sdbx_apikey_01kekj4jz07s25wjvvk5fvat9y_0123456789abcdefghijkl_abc';
/** Every answer to them is held against the contract, in whatever test they are given. */
export const COMMAND_OPERATIONS = [
  'POST /subscriptions/cancel',
  'POST /subscriptions/pause',
  'POST /subscriptions/resume',
  'POST /subscriptions/update',
  'POST /subscriptions/update/preview',
  'POST /subscriptions/payment-method',
  'POST /checkout',
  'POST /billing/portal',
];

const STARTS = '2026-01-10T09:00:00Z';

interface Story {
  userId: string;
  customerId: string;
  subscriptionId: string;
  transactionIds: string[];
}

/** What a fault of the API shall meet. */
export interface ApiFault {
  api: Record<string, number>;
  times?: number;
  match?: { method?: string; path?: string };
}

/** A product's shop: Oarlock over HTTP, and a simulated Paddle that it asks and hears from. Both have the same, standing clock. */
export class Shop {
  private users = 0;

  private constructor(
    readonly app: TestApp,
    readonly simulator: Simulator,
    readonly paddle: PaddleControl,
    private readonly contract: OpenApiContract,
  ) {}

  static async open({ seed, settings = {} }: { seed: string; settings?: Settings }): Promise<Shop> {
    const clock = new FakeClock(STARTS);
    const simulator = await startSimulator({
      port: 0,
      seed,
      clock: { mode: 'frozen', at: STARTS },
      realClock: clock,
      catalog: false,
      requestsPerMinute: Infinity,
    });
    const api = {
      PADDLE_SANDBOX_API_KEY: API_KEY,
      PADDLE_SANDBOX_API_URL: simulator.url,
      PADDLE_REQUESTS_PER_MINUTE: '10000',
    };
    const app = await TestApp.start({ clock, settings: { ...api, ...settings } });
    simulator.connect({ url: `${app.url}/webhook`, secret: SANDBOX_SECRET });
    const shop = new Shop(app, simulator, new PaddleControl(simulator.url), await OpenApiContract.of(app.url));
    await shop.settled();
    return shop;
  }

  async close(): Promise<void> {
    await this.simulator.stop();
    await this.app.close();
  }

  /** Plays a story of a new user and waits until Oarlock knows. */
  async user(scenario = 'signup', options: object = {}): Promise<Story> {
    const userId = `user_${++this.users}`;
    const story = await this.paddle.post<Story>(`/scenarios/${scenario}`, { userId, ...options });
    await this.settled();
    return story;
  }

  async post(path: string, body: object, user: string, headers: Record<string, string> = {}): Promise<Response> {
    const authorization = `Bearer ${await this.app.token(user)}`;
    const answer = await request(this.app.url)
      .post(path)
      .set({ authorization, ...headers })
      .send(body);
    return this.asDocumented(`POST ${path}`, answer);
  }

  async get(path: string, user: string, headers: Record<string, string> = {}): Promise<Response> {
    const authorization = `Bearer ${await this.app.token(user)}`;
    const answer = await request(this.app.url)
      .get(path)
      .redirects(0)
      .set({ authorization, ...headers });
    return this.asDocumented(`GET ${path.split('?')[0]}`, answer);
  }

  private asDocumented(operation: string, answer: Response): Response {
    const { status, type, text, body } = answer;
    const content: unknown = type === 'text/csv' ? text : body;
    const violations = status === 302 ? [] : this.contract.violations(operation, { status, type, body: content });
    if (violations.length > 0) throw new Error(violations.join('; '));
    return answer;
  }

  /** The user's subscription as Oarlock shows it. */
  async shown(userId: string, subscriptionId: string): Promise<Record<string, unknown>> {
    const { body } = await this.get('/subscriptions/status', userId);
    return (body as { subscriptions: Record<string, unknown>[] }).subscriptions.find(({ id }) => id === subscriptionId)!;
  }

  /** Waits until it is so. */
  async until<Value>(look: () => Promise<Value>, wanted: Value): Promise<void> {
    await until(async () => (await look()) === wanted, `it became ${String(wanted)}`);
    await this.settled();
  }

  /** The types of the events on the subscription's command stream. */
  outcomes(subscriptionId: string): Promise<string[]> {
    return this.eventsOf(`command:${subscriptionId}`);
  }

  /** The types of the events on a stream, in order, as an auditor sees them. */
  async eventsOf(stream: string): Promise<string[]> {
    const { body } = await this.app.get(`/ledger/events?stream=${encodeURIComponent(stream)}&limit=200`, 'auditor_1', [
      'auditor',
    ]);
    return (body as { data: { type: string }[] }).data.map(({ type }) => type);
  }

  /** Commands whose outcome is not known. */
  async openWishes(): Promise<number> {
    const [row] = await this.app.database.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM read_models.commands WHERE state IN ('open', 'uncertain')`,
    );
    return row!.open;
  }

  /** How often the provider was asked for this, by the app's own count. */
  async callsTo(operation: string): Promise<number> {
    const { text } = await request(this.app.url).get('/metrics');
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith('oarlock_provider_calls_total{') && line.includes(`"${operation}"`));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  world(): Promise<PaddleWorld> {
    return this.paddle.world();
  }

  async subscription(id: string): Promise<WorldSubscription> {
    return (await this.world()).subscriptions.find((one) => one.id === id)!;
  }

  /** A price of the demo catalog, by the names of its product and its own. */
  async price(product: string, name: string): Promise<string> {
    const { body } = await this.get('/products/list', 'anybody');
    const { products } = body as { products: { name: string; prices: { id: string; name: string }[] }[] };
    return products.find((one) => one.name === product)!.prices.find((one) => one.name === name)!.id;
  }

  faults(fault: ApiFault | { webhooks: Record<string, number> }): Promise<unknown> {
    return this.paddle.post('/faults', fault);
  }

  /** The API works again. */
  async noFaults(): Promise<void> {
    const none = { rateLimit: 0, conflict: 0, serverError: 0, htmlError: 0, reset: 0, timeoutBefore: 0, timeoutAfter: 0 };
    await this.faults({ api: none });
  }

  /** Time goes by for both; what happens then has reached the read models. */
  async pass(by: string): Promise<void> {
    const { now } = await this.paddle.post<{ now: string }>('/clock/advance', { by });
    this.app.clock.set(now);
    await this.settled();
  }

  /** Time goes by until then. */
  async goTo(ms: number): Promise<void> {
    const { now } = await this.paddle.post<{ now: string }>('/clock/set', { to: new Date(ms).toISOString() });
    this.app.clock.set(now);
    await this.settled();
  }

  /** Everything that Paddle has sent is folded. */
  async settled(): Promise<void> {
    const { now } = await this.paddle.post<{ now: string }>('/clock/advance', { by: 'PT1S' });
    this.app.clock.set(now);
    await this.app.caughtUp();
  }
}
