import type { Address, Business, Customer, Discount, Price, Product, Subscription } from './entities';
import type { Adjustment, PaymentMethod, Transaction } from './money-entities';
import { ASSUMPTIONS, type Assumptions } from './assumptions';
import type { Card, Life, Person } from './life';
import { chanceOf, Random } from './random';
import { DAY, instantOf, MILLISECOND, type Micros } from './time';
import { SimulatorError } from './simulator-error';
import type { WorldEvent } from './world-event';

export interface WorldOptions {
  seed: string;
  startAt: Micros;
  /** Where a buyer finds the checkout page; `?_ptxn=` follows. */
  checkoutUrl(): string;
}

/** An entity in the form that the API shows. */
type Identified = { readonly id: string } & Readonly<object>;

/** Everything there is, by Paddle's id. */
export interface Tables {
  products: Map<string, Product>;
  prices: Map<string, Price>;
  discounts: Map<string, Discount>;
  customers: Map<string, Customer>;
  addresses: Map<string, Address>;
  businesses: Map<string, Business>;
  paymentMethods: Map<string, PaymentMethod>;
  subscriptions: Map<string, Subscription>;
  transactions: Map<string, Transaction>;
  adjustments: Map<string, Adjustment>;
  /** What Paddle knows of a subscription and does not show, by subscription. */
  lives: Map<string, Life>;
  /** By payment method. */
  cards: Map<string, Card>;
  /** Credit of a customer, in lowest units, by `<customer> <currency>`. */
  balances: Map<string, string>;
  /** Who lives in the world without being told to; by user id. */
  people: Map<string, Person>;
  /** What time brings, and when, by `<kind> <entity>`. */
  agenda: Map<string, Micros>;
}

/** Plain JSON. */
export interface SavedWorld {
  now: Micros;
  assumptions: Assumptions;
  invoices: number;
  random: [number, number, number, number];
  tables: Record<string, [string, unknown][]>;
  events: WorldEvent[];
  /** How many of the last events nobody had taken. */
  unseen: number;
}

/** How long the event feed goes back (REFERENCE 1.8). */
export const RETENTION = 90 * DAY;

/**
 * The state of the simulated Paddle and its virtual clock. Pure: nothing happens but by a call, and the same seed and the
 * same calls give the same bytes. What can happen is in the files beside this one.
 */
export class World {
  readonly tables: Tables = emptyTables();
  /** The log of the last 90 days, oldest first. */
  readonly events: WorldEvent[] = [];
  now: Micros;
  assumptions: Assumptions = { ...ASSUMPTIONS };
  /** How probable it is that two events of one change carry the same time: a fault of the clock. */
  tieRate = 0;
  random: Random;
  invoices = 10_000;
  private unseen: WorldEvent[] = [];

  constructor(readonly options: WorldOptions) {
    this.now = options.startAt;
    this.random = Random.from(options.seed);
  }

  id(prefix: string): string {
    return this.random.id(prefix, this.now);
  }

  instant(): string {
    return instantOf(this.now);
  }

  /** Some time goes by, as it does inside Paddle: from `least` to `most` milliseconds and some microseconds. */
  pass(least: number, most: number): void {
    this.now += this.random.between(least * MILLISECOND, most * MILLISECOND);
  }

  /** Notes on the event log that an entity is now as it is. */
  emit(type: string, entity: Identified, extra: Record<string, unknown> = {}): void {
    this.pass(12, 160);
    this.record(type, entity, extra);
  }

  /** A second event of the same change follows at once; where the clock is coarse, with the same time. */
  emitTwin(type: string, entity: Identified, extra: Record<string, unknown> = {}): void {
    const tied = this.tieRate > 0 && chanceOf(this.options.seed, 'tie', type, entity.id, String(this.now)) < this.tieRate;
    if (!tied) this.now += this.random.between(300, 40 * MILLISECOND);
    this.record(type, entity, extra);
  }

  /** How many events nobody has taken yet. */
  get waiting(): number {
    return this.unseen.length;
  }

  /** Gives away the events that nobody has taken yet. */
  takeEvents(): WorldEvent[] {
    return this.unseen.splice(0);
  }

  /** @throws SimulatorError `not_found` */
  find<T>(table: Map<string, T>, id: string): T {
    const found = table.get(id);
    if (!found) throw new SimulatorError('not_found', `Entity ${id} not found`);
    return found;
  }

  life(subscription: Subscription): Life {
    return this.tables.lives.get(subscription.id)!;
  }

  /** Everything, as plain JSON. */
  save(): SavedWorld {
    const tables = Object.fromEntries(
      Object.entries(this.tables).map(([name, table]) => [name, [...(table as Map<string, unknown>)]]),
    );
    const { now, assumptions, invoices, events, unseen } = this;
    return { now, assumptions, invoices, random: this.random.save(), tables, events, unseen: unseen.length };
  }

  /** Goes on from what was saved. */
  restore(saved: SavedWorld): void {
    for (const [name, entries] of Object.entries(saved.tables)) {
      const table = this.tables[name as keyof Tables] as Map<string, unknown>;
      table.clear();
      for (const [id, value] of entries) table.set(id, value);
    }
    this.now = saved.now;
    this.assumptions = { ...ASSUMPTIONS, ...saved.assumptions };
    this.invoices = saved.invoices;
    this.random = new Random(saved.random);
    this.events.splice(0, Infinity, ...saved.events);
    this.unseen = saved.unseen > 0 ? this.events.slice(-saved.unseen) : [];
  }

  private record(type: string, entity: Identified, extra: Record<string, unknown>): void {
    const event = { id: this.id('evt'), type, occurredAt: this.now, data: JSON.stringify({ ...entity, ...extra }) };
    this.events.push(event);
    this.unseen.push(event);
    const expired = this.events.findIndex(({ occurredAt }) => occurredAt > this.now - RETENTION);
    if (expired > 1_000) this.events.splice(0, expired);
  }
}

function emptyTables(): Tables {
  return {
    products: new Map(),
    prices: new Map(),
    discounts: new Map(),
    customers: new Map(),
    addresses: new Map(),
    businesses: new Map(),
    paymentMethods: new Map(),
    subscriptions: new Map(),
    transactions: new Map(),
    adjustments: new Map(),
    lives: new Map(),
    cards: new Map(),
    balances: new Map(),
    people: new Map(),
    agenda: new Map(),
  };
}
