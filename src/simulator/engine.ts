import type { Clock } from '../platform/clock';
import { makeDemoCatalog } from './world/demo-catalog';
import { play } from './world/scenarios';
import type { StoryOptions, StoryResult } from './world/story';
import { passTime } from './world/time-passes';
import { instantOf, type Micros } from './world/time';
import { World, type SavedWorld, type WorldOptions } from './world/world';
import { isPending, Webhooks, type DeliverySettings, type SavedWebhooks, type Settled } from './webhooks';

export type ClockMode = { mode: 'real' } | { mode: 'frozen'; at: string };

export interface EngineOptions extends WorldOptions {
  /** Whether virtual time follows the real one, or stands still until it is turned. */
  follows: boolean;
  clock: Clock;
  deliveries?: Partial<DeliverySettings>;
}

/** Plain JSON. */
export interface SavedEngine {
  world: SavedWorld;
  webhooks: SavedWebhooks;
}

/** So many events are made before they are delivered, when time is turned on by months. */
const EVENTS_AT_ONCE = 1_000;
const HEARTBEAT_MS = 250;
const MADE_AT_START = 'Made at the start';

/** Joins the world, its clock and its webhooks: whatever changes the world goes through {@link act}, and what happened goes out. */
export class Engine {
  world: World;
  webhooks: Webhooks;
  /** Virtual minus real time while the clock follows; null while it stands still. */
  private offset: Micros | null;
  private turning: Promise<unknown> = Promise.resolve();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private options: EngineOptions) {
    this.world = new World(options);
    this.webhooks = this.newWebhooks();
    this.offset = options.follows ? 0 : null;
    if (options.follows) this.follow();
    this.heartbeat = setInterval(() => this.act(() => undefined), HEARTBEAT_MS).unref();
  }

  get follows(): boolean {
    return this.offset !== null;
  }

  /** Brings time up to date, does something to the world, and sends what came of it. */
  act<Result>(change: (world: World) => Result): Result {
    if (this.offset !== null) passTime(this.world, this.realTime() + this.offset);
    try {
      return change(this.world);
    } finally {
      this.publish();
      void this.webhooks.deliveries.deliverDue(this.world.now);
    }
  }

  /** Lets everything happen until then and waits until its webhooks are delivered or given up. */
  advance(until: (now: Micros) => Micros): Promise<{ now: string } & Settled> {
    return this.inTurn(async () => {
      const target = until(this.world.now);
      const settled: Settled = { delivered: 0, failed: 0 };
      for (let reached = false; !reached;) {
        reached = passTime(this.world, target, EVENTS_AT_ONCE);
        await this.settle(settled);
      }
      return { now: instantOf(this.world.now), ...settled };
    });
  }

  /** Plays a story and waits for its webhooks. Time moves for everybody. */
  tell(name: string, options: StoryOptions): Promise<StoryResult> {
    return this.inTurn(async () => {
      const result = this.act((world) => play(world, name, options));
      await this.settle({ delivered: 0, failed: 0 });
      return result;
    });
  }

  freeze(): void {
    this.act(() => undefined);
    this.offset = null;
  }

  /** Goes on from the world's time at the speed of real time. */
  follow(): void {
    this.world.now = Math.max(this.world.now, 0);
    this.offset = this.world.now - this.realTime();
  }

  /**
   * Makes a destination that hears of everything. One with this address gets the secret; one that {@link awaitConnection}
   * holds back moves to this address, and what it waited for goes on.
   */
  connect({ url, secret }: { url: string; secret: string }): void {
    const { destinations, deliveries } = this.webhooks;
    const all = destinations.list();
    const known = all.find(({ id }) => deliveries.held.has(id)) ?? all.find((one) => one.destination === url);
    deliveries.held.clear();
    const change = { destination: url, endpoint_secret_key: secret };
    if (known) return void destinations.update(known.id, change);
    const input = { ...change, description: MADE_AT_START, type: 'url' as const, subscribed_events: ['*'] };
    destinations.create(input, this.world.now);
  }

  /** After a restart the consumer may be elsewhere: what {@link connect} made is sent nothing until it is called again. */
  awaitConnection(): void {
    const { destinations, deliveries } = this.webhooks;
    for (const { id, description } of destinations.list()) if (description === MADE_AT_START) deliveries.held.add(id);
  }

  /** Makes the demo catalog, unless there is something for sale. */
  stock(): void {
    if (this.world.tables.products.size === 0) this.act(makeDemoCatalog);
  }

  /** An empty world again, with the same destinations. */
  async reset(seed: string | undefined): Promise<void> {
    const destinations = this.webhooks.destinations.save();
    await this.webhooks.deliveries.stop();
    this.options = { ...this.options, seed: seed ?? this.options.seed };
    this.world = new World(this.options);
    this.webhooks = this.newWebhooks();
    this.webhooks.destinations.restore(destinations);
    if (this.offset !== null) this.follow();
    this.stock();
  }

  /** Another text whenever there is something new to save. */
  get revision(): string {
    const { world, webhooks } = this;
    const pending = [...webhooks.notifications].filter(isPending).length;
    return JSON.stringify([
      world.random.save(),
      world.assumptions,
      pending,
      webhooks.destinations.save(),
      this.offset ?? world.now,
    ]);
  }

  save(): SavedEngine {
    return { world: this.world.save(), webhooks: this.webhooks.save() };
  }

  restore(saved: SavedEngine): void {
    this.world.restore(saved.world);
    this.webhooks.restore(saved.webhooks);
    if (this.offset !== null) this.offset = Math.max(0, this.world.now - this.realTime());
  }

  async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.webhooks.deliveries.stop();
  }

  private newWebhooks(): Webhooks {
    const { seed, clock, deliveries } = this.options;
    return new Webhooks(seed, clock, deliveries);
  }

  private publish(): void {
    if (this.world.waiting > 0) this.webhooks.deliveries.publish(this.world.takeEvents());
  }

  private async settle(settled: Settled): Promise<void> {
    this.publish();
    const { delivered, failed } = await this.webhooks.deliveries.settle(this.world.now);
    settled.delivered += delivered;
    settled.failed += failed;
    if (this.offset !== null) this.offset = Math.max(this.offset, this.world.now - this.realTime());
  }

  private inTurn<Result>(turn: () => Promise<Result>): Promise<Result> {
    const result = this.turning.then(turn);
    this.turning = result.catch(() => undefined);
    return result;
  }

  private realTime(): Micros {
    return this.options.clock.nowMs() * 1_000;
  }
}
