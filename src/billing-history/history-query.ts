import type { Repository, SelectQueryBuilder } from 'typeorm';
import type { HistoryPlace } from './history-cursor';
import type { BillingHistoryRow } from './read-models/billing-history';

export type StoredTransaction = BillingHistoryRow & { shardId: number };

/** The listed transactions of one customer in one shard. */
export interface CustomerHistory {
  shardId: number;
  customerId: string;
  subscriptionId?: string | undefined;
}

/**
 * The next ones after a place, newest first: read off an index from there on, however long the history is. An index gives
 * this for one customer only, so those of several are asked for one by one.
 */
export function historyQuery(
  rows: Repository<StoredTransaction>,
  { subscriptionId, ...of }: CustomerHistory,
  after: HistoryPlace | null,
  limit: number,
): SelectQueryBuilder<StoredTransaction> {
  const query = rows
    .createQueryBuilder('t')
    .where('t.shardId = :shardId AND t.customerId = :customerId AND t.orderedAt IS NOT NULL', of);
  if (subscriptionId !== undefined) query.andWhere('t.subscriptionId = :subscriptionId', { subscriptionId });
  if (after) query.andWhere('(t.orderedAt, t.transactionId) < (:orderedAt, :transactionId)', after);
  return query.orderBy('t.orderedAt', 'DESC').addOrderBy('t.transactionId', 'DESC').limit(limit);
}
