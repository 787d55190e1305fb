import type { ApiFaults } from '../api';
import type { Engine } from '../engine';
import type { Price, Product, Subscription } from '../world/entities';
import type { Transaction } from '../world/money-entities';
import type { World } from '../world/world';

const NEWEST = 8;

/** What the page of the world shows. */
export interface HomeView {
  now: string;
  follows: boolean;
  seed: string;
  counts: [name: string, count: number][];
  subscriptions: { subscription: Subscription; email: string; userId: string }[];
  transactions: Transaction[];
  catalog: { product: Product; prices: Price[] }[];
  destinations: { url: string; active: boolean; pending: number }[];
  /** Those that are on, as `duplicate 0.1`. */
  faults: string[];
}

export function homeView(engine: Engine, faults: ApiFaults): HomeView {
  return engine.act((world) => ({
    now: world.instant(),
    follows: engine.follows,
    seed: world.options.seed,
    counts: countsOf(world),
    subscriptions: newest(world.tables.subscriptions).map((subscription) => ({
      subscription,
      email: world.tables.customers.get(subscription.customer_id)?.email ?? '',
      userId: typeof subscription.custom_data?.user_id === 'string' ? subscription.custom_data.user_id : '',
    })),
    transactions: newest(world.tables.transactions),
    catalog: catalogOf(world),
    destinations: destinationsOf(engine),
    faults: faultsOf(engine, faults),
  }));
}

function countsOf({ tables, events }: World): HomeView['counts'] {
  const { customers, subscriptions, transactions, adjustments } = tables;
  const byStatus = new Map<string, number>();
  for (const { status } of subscriptions.values()) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  return [
    ['customers', customers.size],
    ['subscriptions', subscriptions.size],
    ...[...byStatus].map(([status, count]): [string, number] => [`of them ${status.replace('_', ' ')}`, count]),
    ['transactions', transactions.size],
    ['adjustments', adjustments.size],
    ['events', events.length],
  ];
}

function catalogOf({ tables }: World): HomeView['catalog'] {
  const prices = [...tables.prices.values()].filter(({ status, type }) => status === 'active' && type === 'standard');
  return [...tables.products.values()].flatMap((product) => {
    const own = prices.filter(({ product_id: id }) => id === product.id);
    return product.status === 'active' && own.length > 0 ? [{ product, prices: own }] : [];
  });
}

function destinationsOf({ webhooks }: Engine): HomeView['destinations'] {
  const waiting = new Map<string, number>();
  for (const { destinationId, dueAt } of webhooks.notifications) {
    if (dueAt !== null) waiting.set(destinationId, (waiting.get(destinationId) ?? 0) + 1);
  }
  return webhooks.destinations.list().map(({ id, destination: url, active }) => ({ url, active, pending: waiting.get(id) ?? 0 }));
}

function faultsOf({ webhooks, world }: Engine, api: ApiFaults): string[] {
  const all = { ...webhooks.faults, tie: world.tieRate, ...api.current.rates };
  return Object.entries(all).flatMap(([name, rate]) => (rate > 0 ? [`${name} ${rate}`] : []));
}

function newest<Entity>(table: Map<string, Entity>): Entity[] {
  return [...table.values()].slice(-NEWEST).toReversed();
}
