import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ShardMap } from '../ledger';
import { parseInstant, type Instant } from '../platform/instant';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import { subscriptions, type SubscriptionRow } from './read-models/subscriptions';
import type { Subscription } from './subscription';
import { SubscriptionHistory } from './subscription-history';

export interface KnownSubscription {
  subscription: Subscription;
  /** When the provider's snapshot was true. */
  asOf: Instant | null;
}

/** Reads subscriptions for queries and for access decisions. */
@Injectable()
export class SubscriptionQueries {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
    private readonly history: SubscriptionHistory,
  ) {}

  /** The subscriptions of these customers, newest first. */
  async ofCustomers(environment: Environment, customerIds: string[]): Promise<Subscription[]> {
    if (customerIds.length === 0) return [];
    const shardId = In(this.shards.shardsOf(environment));
    const found = await this.readModels.of(subscriptions).find({ where: { shardId, customerId: In(customerIds) } });
    const rows = await this.withoutHandedOver(environment, found);
    const own = rows.filter((row) => row.customerId !== null && customerIds.includes(row.customerId));
    const known = await Promise.all(own.map((row) => this.toSubscription(environment, row)));
    return known.filter((subscription) => subscription !== null).sort(newestFirst);
  }

  /** One subscription, whoever's it is, and the time of the snapshot that it shows. */
  async one(environment: Environment, subscriptionId: string): Promise<KnownSubscription | null> {
    const shardId = In(this.shards.shardsOf(environment));
    const rows = await this.readModels.of(subscriptions).find({ where: { shardId, subscriptionId } });
    const [newest] = rows.sort((a, b) => ((a.watermark ?? '') > (b.watermark ?? '') ? -1 : 1));
    const subscription = newest && (await this.toSubscription(environment, newest));
    return subscription ? { subscription, asOf: parseInstant((newest.watermark ?? '').split(' ')[0]!) } : null;
  }

  async exists(environment: Environment, subscriptionId: string): Promise<boolean> {
    const shardId = In(this.shards.shardsOf(environment));
    const rows = await this.readModels.of(subscriptions).find({ where: { shardId, subscriptionId } });
    return rows.some((row) => row.snapshot !== null);
  }

  /** A subscription that was handed to a customer of another shard has a row in both; the newest snapshot says whose it is. */
  private async withoutHandedOver(environment: Environment, found: SubscriptionRow[]): Promise<SubscriptionRow[]> {
    const shardIds = this.shards.shardsOf(environment);
    if (shardIds.length === 1 || found.length === 0) return found;
    const subscriptionId = In(found.map((row) => row.subscriptionId));
    const rows = await this.readModels.of(subscriptions).find({ where: { shardId: In(shardIds), subscriptionId } });
    const newest = new Map<string, SubscriptionRow>();
    for (const row of rows) {
      const other = newest.get(row.subscriptionId);
      if (!other || (row.watermark ?? '') > (other.watermark ?? '')) newest.set(row.subscriptionId, row);
    }
    return [...newest.values()];
  }

  /** The row shows the newest snapshot alone; since when a payment is outstanding only the ones before it tell. */
  private async toSubscription(environment: Environment, row: SubscriptionRow): Promise<Subscription | null> {
    const { subscriptionId, customerId, snapshot, watermark, lastPayment } = row;
    if (!snapshot) return null;
    const isPastDue = snapshot.status === 'past_due';
    const pastDueSince = isPastDue ? await this.history.outstandingSince(environment, subscriptionId, watermark!) : null;
    const payment = lastPayment && { total: lastPayment.total, at: lastPayment.at, method: lastPayment.method };
    return { ...snapshot, id: subscriptionId, customerId, lastPayment: payment, pastDueSince };
  }
}

function newestFirst(a: Subscription, b: Subscription): number {
  const [startA, startB] = [a, b].map(({ startedAt }) => (startedAt && parseInstant(startedAt)) ?? '');
  if (startA === startB) return a.id < b.id ? 1 : -1;
  return startA! < startB! ? 1 : -1;
}
