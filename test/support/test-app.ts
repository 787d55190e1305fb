import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { createApp } from '../../src/create-app';
import { developmentToken } from '../../src/local';
import { loadConfig, type Settings } from '../../src/platform/config';
import type { AnyProjection } from '../../src/projections';
import { signatureHeader } from '../../src/provider/paddle';
import { FakeClock } from './fake-clock';
import type { PaddleEvent } from './paddle/story';
import { createTestDatabase, type TestDatabase } from './test-database';
import { until } from './until';

export const SANDBOX_SECRET = 'pdl_ntfset_sandbox_secret_of_the_tests';
export const LIVE_SECRET = 'pdl_ntfset_live_secret_of_the_tests';
export const TOKENS = {
  secret: 'a-secret-of-the-tests-that-is-long-enough',
  issuer: 'https://id.example.com/',
  audience: 'oarlock',
};

export type Body = PaddleEvent | Buffer | string;

export interface SendOptions {
  path?: string;
  secret?: string;
  /** Instead of a good one. */
  signature?: string | null;
  headers?: Record<string, string>;
}

/** Settings that every test app starts from. `TEST_LEDGER_SHARDS=4` runs the whole suite on four shards. */
export function testSettings(database: Pick<TestDatabase, 'url'>): Settings {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    LEDGER_SHARDS: process.env.TEST_LEDGER_SHARDS ?? '1',
    AUTH_JWT_SECRET: TOKENS.secret,
    AUTH_ISSUER: TOKENS.issuer,
    AUTH_AUDIENCE: TOKENS.audience,
    PADDLE_SANDBOX_WEBHOOK_SECRET: SANDBOX_SECRET,
    PADDLE_LIVE_WEBHOOK_SECRET: LIVE_SECRET,
    PADDLE_ENVIRONMENT: 'sandbox',
    LOG_LEVEL: 'silent',
  };
}

/** The app on a database of its own and a clock that stands still, spoken to over HTTP. */
export class TestApp {
  private static readonly running = new Set<TestApp>();

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly clock: FakeClock,
    readonly url: string,
    private readonly ownsDatabase: boolean,
  ) {}

  static async start(
    options: { settings?: Settings; database?: TestDatabase; clock?: FakeClock; projections?: AnyProjection[] } = {},
  ): Promise<TestApp> {
    const database = options.database ?? (await createTestDatabase());
    const clock = options.clock ?? new FakeClock();
    const config = loadConfig({ ...testSettings(database), ...options.settings });
    const app = await createApp({ config, clock, projections: options.projections });
    await app.listen(0, '127.0.0.1');
    const started = new TestApp(app, database, clock, await app.getUrl(), !options.database);
    TestApp.running.add(started);
    return started;
  }

  /** For `afterAll`: whatever a test has left running, the last first. */
  static async closeAll(): Promise<void> {
    for (const app of [...TestApp.running].toReversed()) await app.close();
  }

  async close(): Promise<void> {
    TestApp.running.delete(this);
    await this.app.close();
    if (this.ownsDatabase) await this.database.drop();
  }

  /** Sends a webhook as Paddle would. */
  send(body: Body, { path = '/webhook', secret = SANDBOX_SECRET, signature, headers = {} }: SendOptions = {}): request.Test {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const good = signatureHeader(bytes, secret, this.clock.nowSeconds());
    const signed = signature === null ? {} : { 'paddle-signature': signature ?? good };
    const test = request(this.url)
      .post(path)
      .set({ 'content-type': 'application/json', ...signed, ...headers });
    return test.serialize((data) => data as string).send(bytes); // the bytes as they are
  }

  /** Sends a story in order and waits until the read models show it. */
  async play(events: PaddleEvent[], options: SendOptions = {}): Promise<void> {
    for (const event of events) await this.send(event, options).expect(200);
    await this.caughtUp();
  }

  async get(path: string, user = 'user_1', roles: string[] = []): Promise<request.Response> {
    return request(this.url)
      .get(path)
      .set('authorization', `Bearer ${await this.token(user, roles)}`);
  }

  async post(path: string, body: object = {}, user = 'admin_1', roles: string[] = ['admin']): Promise<request.Response> {
    return request(this.url)
      .post(path)
      .set('authorization', `Bearer ${await this.token(user, roles)}`)
      .send(body);
  }

  token(user: string, roles: string[] = []): Promise<string> {
    return developmentToken(TOKENS, user, roles, new Date(this.clock.nowMs() + 3_600_000));
  }

  async caughtUp(): Promise<void> {
    await until(async () => (await request(this.url).get('/health/ready')).body.pendingEvents === 0, 'the read models caught up');
  }
}
