import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import type { BilledTransaction } from './billing-entry';
import type { HistoryPlace } from './history-cursor';
import { historyQuery, type StoredTransaction } from './history-query';
import { mergedTransactions } from './merged-transactions';
import { billingHistory, type BillingHistoryRow } from './read-models/billing-history';

/** Whose history, all of it or that of one subscription. */
export interface HistoryScope {
  environment: Environment;
  customerIds: readonly string[];
  subscriptionId?: string | undefined;
}

export interface HistoryPage {
  transactions: BilledTransaction[];
  /** Where the next page begins; null where there is none. */
  next: HistoryPlace | null;
}

/** Reads what was charged, page by page. */
@Injectable()
export class BillingHistory {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  /** Newest first. Pages follow one another without doubles and gaps, whatever is added meanwhile. */
  async page(scope: HistoryScope, after: HistoryPlace | null, limit: number): Promise<HistoryPage> {
    const found: BilledTransaction[] = [];
    for (let from = after; found.length <= limit;) {
      const wanted = limit + 1 - found.length;
      const rows = await this.nextOf(scope, from, wanted);
      found.push(...(await this.asTheyAre(scope, rows)));
      if (rows.length < wanted) break;
      from = placeOf(rows.at(-1)!);
    }
    const transactions = found.slice(0, limit);
    return { transactions, next: found.length > limit ? placeOf(transactions.at(-1)!) : null };
  }

  /** All of it, each page read when it is asked for. */
  async *pages(scope: HistoryScope, limit: number): AsyncGenerator<BilledTransaction[]> {
    for (let after: HistoryPlace | null = null; ;) {
      const { transactions, next }: HistoryPage = await this.page(scope, after, limit);
      yield transactions;
      if (!next) return;
      after = next;
    }
  }

  /** One transaction, whoever's it is, listed or not. */
  async one(environment: Environment, transactionId: string): Promise<BilledTransaction | null> {
    const merged = await this.merged(environment, [transactionId]);
    return merged.get(transactionId) ?? null;
  }

  /** At least the `limit` next rows of all customers and shards, or all there are; never only some of those at one place. */
  private async nextOf(scope: HistoryScope, after: HistoryPlace | null, limit: number): Promise<StoredTransaction[]> {
    const { environment, customerIds, subscriptionId } = scope;
    const rows = this.readModels.of(billingHistory);
    const each = this.shards
      .shardsOf(environment)
      .flatMap((shardId) => customerIds.map((customerId) => ({ shardId, customerId, subscriptionId })));
    const pages = await Promise.all(each.map((of) => historyQuery(rows, of, after, limit).getMany()));
    const merged = pages.flat().sort(newestFirst);
    const last = merged[limit - 1];
    return last ? merged.filter((row) => newestFirst(row, last) <= 0) : merged;
  }

  /** Leaves out versions of a transaction that another shard knows better: it stands where its newest one is found. */
  private async asTheyAre({ environment, ...scope }: HistoryScope, rows: StoredTransaction[]): Promise<BilledTransaction[]> {
    if (rows.length === 0 || this.shards.shardsOf(environment).length === 1) return rows.filter(isKnown);
    const merged = await this.merged(
      environment,
      rows.map(({ transactionId }) => transactionId),
    );
    const current = new Map<string, BilledTransaction>();
    for (const { transactionId, orderedAt } of rows) {
      const transaction = merged.get(transactionId);
      if (transaction?.orderedAt === orderedAt && isIn(scope, transaction)) current.set(transactionId, transaction);
    }
    return [...current.values()];
  }

  private async merged(environment: Environment, transactionIds: string[]): Promise<Map<string, BilledTransaction>> {
    const shardId = In(this.shards.shardsOf(environment));
    const rows = await this.readModels.of(billingHistory).find({ where: { shardId, transactionId: In(transactionIds) } });
    const merged = [...mergedTransactions(rows)];
    return new Map(merged.flatMap(([id, row]) => (isKnown(row) ? [[id, row]] : [])));
  }
}

function placeOf({ orderedAt, transactionId }: BillingHistoryRow): HistoryPlace {
  return { orderedAt: orderedAt!, transactionId };
}

function newestFirst(a: BillingHistoryRow, b: BillingHistoryRow): number {
  if (a.orderedAt !== b.orderedAt) return a.orderedAt! < b.orderedAt! ? 1 : -1;
  if (a.transactionId === b.transactionId) return 0;
  return a.transactionId < b.transactionId ? 1 : -1;
}

function isKnown<Row extends BillingHistoryRow>(row: Row): row is Row & BilledTransaction {
  return row.snapshot !== null;
}

function isIn({ customerIds, subscriptionId }: Omit<HistoryScope, 'environment'>, row: BillingHistoryRow): boolean {
  const own = row.customerId !== null && customerIds.includes(row.customerId);
  return own && (subscriptionId === undefined || row.subscriptionId === subscriptionId);
}
