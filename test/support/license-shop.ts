import { Client } from 'pg';
import type { Response } from 'supertest';
import request from 'supertest';
import { Ledger } from '../../src/ledger';
import type { GivenProductSetting } from '../../src/settings/product-configuration';
import { OpenApiContract } from './openapi';
import { API_KEY, type Shop } from './shop';
import { TestApp } from './test-app';
import { until } from './until';

export interface ShownLicense {
  id: string;
  entityId: string;
  name: string | null;
  metadata: Record<string, unknown>;
  productId: string;
  source: { type: string; id: string };
  status: string;
  releaseReason: string | null;
  suspendReason: string | null;
}

export interface ShownPool {
  source: { type: string; id: string };
  productId: string;
  total: number;
  used: number;
  available: number;
  overAllocated: boolean;
  state: string;
}

export interface ShownList {
  data: ShownLicense[];
  pools: ShownPool[];
  nextCursor: string | null;
}

type Policy = NonNullable<GivenProductSetting['licenses']>;

/** A shop whose products grant named seats: one with each unit of the team plan, three with a solo one, five with each handbook. */
export class LicenseShop {
  private constructor(
    readonly shop: Shop,
    readonly products: Record<'team' | 'solo' | 'handbook', string>,
    readonly prices: Record<'team' | 'solo' | 'handbook', string>,
    private readonly contract: OpenApiContract,
  ) {}

  static async of(shop: Shop): Promise<LicenseShop> {
    const { body } = await shop.get('/products/list', 'anybody');
    const { products } = body as { products: { id: string; name: string }[] };
    const id = (name: string) => products.find((one) => one.name === name)!.id;
    const ids = { team: id('Rowboat Team'), solo: id('Rowboat Solo'), handbook: id('The Rowing Handbook') };
    const prices = {
      team: await shop.price('Rowboat Team', 'Monthly (per seat)'),
      solo: await shop.price('Rowboat Solo', 'Monthly'),
      handbook: await shop.price('The Rowing Handbook', 'One-time'),
    };
    return new LicenseShop(shop, ids, prices, await OpenApiContract.of(shop.app.url));
  }

  /** Configures what the prices grant, and how products treat their seats. */
  async configure(
    licenses: Policy,
    entities: { team?: number | null; access?: GivenProductSetting['access'] } = {},
  ): Promise<void> {
    const { team, solo, handbook } = this.products;
    const { access = {} } = entities;
    const perUnit = entities.team === undefined ? 1 : entities.team;
    const products: GivenProductSetting[] = [
      { productId: team, licenses, access, prices: [{ priceId: this.prices.team, entities: perUnit }] },
      { productId: solo, licenses, access, prices: [{ priceId: this.prices.solo, entities: 3 }] },
      { productId: handbook, licenses, prices: [{ priceId: this.prices.handbook, entities: 5 }] },
    ];
    await this.set('products', { products });
    await this.set('p_ref', { refs: this.products });
  }

  private async set(key: 'products' | 'p_ref', value: object): Promise<void> {
    const path = `/paddle/sandbox/config/${key}`;
    const { version } = (await this.shop.app.get(path, 'admin_1', ['admin'])).body as { version: number };
    const { status, body } = await this.shop.app.post(path, { version, ...value });
    if (status !== 200) throw new Error(`the configuration was refused: ${JSON.stringify(body)}`);
    await this.reacted();
  }

  /** Somebody who subscribes to the team plan. */
  team(quantity: number, userId?: string): ReturnType<Shop['user']> {
    return this.shop.user('signup', { priceId: this.prices.team, quantity, ...(userId && { userId }) });
  }

  /** Somebody who buys the handbook. */
  handbook(quantity = 1, userId?: string): ReturnType<Shop['user']> {
    return this.shop.user('one_time_purchase', { quantity, ...(userId && { userId }) });
  }

  save(user: string, entityId: string, more: object = {}, options: { on?: TestApp; headers?: Record<string, string> } = {}) {
    return this.post('/licenses/save', { product: 'team', entityId, ...more }, user, options);
  }

  update(user: string, body: object): Promise<Response> {
    return this.post('/licenses/update', body, user);
  }

  /** Every answer is held against the contract. */
  async post(
    path: string,
    body: object,
    user: string,
    { on = this.shop.app, headers = {} }: { on?: TestApp; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const authorization = `Bearer ${await on.token(user)}`;
    const answer = await request(on.url)
      .post(path)
      .set({ authorization, ...headers })
      .send(body);
    return this.kept(`POST ${path}`, answer);
  }

  async list(user: string, query = ''): Promise<ShownList> {
    return this.kept('GET /licenses/list', await this.shop.get(`/licenses/list${query}`, user)).body as ShownList;
  }

  async check(user: string, entityId: string, product = 'team'): Promise<Record<string, unknown> & { code: string }> {
    const path = `/licenses/check?product=${product}&entityId=${encodeURIComponent(entityId)}`;
    return this.kept('GET /licenses/check', await this.shop.get(path, user)).body as Record<string, unknown> & { code: string };
  }

  /** Entities with what became of them: `ada active`, `bob released seats_reduced`. */
  async story(user: string, product = 'team'): Promise<string[]> {
    const { data } = await this.list(user, `?product=${product}`);
    return data.map(({ entityId, status, releaseReason, suspendReason }) =>
      [entityId, status, releaseReason ?? suspendReason].filter(Boolean).join(' '),
    );
  }

  /** As the seller would, in Paddle. */
  async paddle(method: 'post' | 'patch', path: string, body: object): Promise<{ data: { id: string } }> {
    const answer = await request(this.shop.simulator.url)[method](path).set('authorization', `Bearer ${API_KEY}`).send(body);
    if (answer.status >= 300) throw new Error(`${path} was answered ${answer.status}: ${answer.text}`);
    await this.settled();
    return answer.body as { data: { id: string } };
  }

  /** Everything that Paddle has sent is folded, and whatever it means for licenses is done. */
  async settled(): Promise<void> {
    await this.shop.settled();
    await this.reacted();
  }

  /** Whoever looks after licenses has seen everything, what they did about it included. */
  async reacted(): Promise<void> {
    await until(async () => {
      const [row] = await this.shop.app.database.query<{ behind: number }>(
        `SELECT count(*)::int AS behind FROM operations.reactor_checkpoints c
          WHERE c.position < (SELECT coalesce(max(position), 0) FROM ledger.events e WHERE e.shard_id = c.shard_id)
             OR EXISTS (SELECT FROM operations.license_watches w WHERE w.shard_id = c.shard_id AND w.due_at <= '${this.shop.app.clock.now()}')`,
      );
      return row!.behind === 0;
    }, 'the licenses were looked after');
    await this.shop.app.caughtUp();
  }

  /** Nobody looks after licenses until what is returned is called: as when all who could are dead. */
  async holdReactor(): Promise<() => Promise<void>> {
    const client = new Client(this.shop.app.database.ownerUrl);
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM operations.reactor_checkpoints FOR UPDATE');
    return async () => {
      await client.query('ROLLBACK');
      await client.end();
    };
  }

  /** Puts an event on the pool of a subscription as no version of the app would. */
  async plant({ customerId, subscriptionId }: Awaited<ReturnType<Shop['user']>>, type: string, body: object): Promise<void> {
    const occurredAt = this.shop.app.clock.now();
    const rest = { schemaVersion: 1, occurredAt, customerId, userId: null, metadata: { source: 'native' } } as const;
    const event = { eventId: `planted_${subscriptionId}`, type, body: Buffer.from(JSON.stringify(body)), ...rest };
    const streamId = `license-pool:${subscriptionId}`;
    await this.shop.app.app.get(Ledger, { strict: false }).append({ environment: 'sandbox', streamId, events: [event] });
    await this.settled();
  }

  /** Whoever looks after licenses begins at the beginning, and remembers no pool. */
  async forgetReactions(): Promise<void> {
    await this.shop.app.database.query('UPDATE operations.reactor_checkpoints SET position = 0');
    await this.shop.app.database.query('DELETE FROM operations.license_watches');
  }

  private kept(operation: string, answer: Response): Response {
    const { status, type, body } = answer;
    const violations = this.contract.violations(operation, { status, type, body: body as unknown });
    if (violations.length > 0) throw new Error(`${operation}: ${violations.join('; ')}`);
    return answer;
  }
}
