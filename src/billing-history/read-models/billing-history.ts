import { parseInstant } from '../../platform/instant';
import type { Projection } from '../../projections';
import type { AdjustmentObserved, TransactionObserved, TransactionSnapshot } from '../../provider';
import { withAdjustment, type Adjustment } from '../../purchases';

export interface BillingHistoryRow {
  transactionId: string;
  customerId: string | null;
  subscriptionId: string | null;
  /** Null while only what became of it is known. */
  snapshot: TransactionSnapshot | null;
  /** Of the snapshot shown. */
  watermark: string | null;
  /** By id, whatever their status. */
  adjustments: Adjustment[];
  /** Its place in the history, normalised; null while it is nothing that a buyer would call a bill. */
  orderedAt: string | null;
}

/** What was charged and what became of it: a row for each transaction, whatever its status. */
export const billingHistory: Projection<BillingHistoryRow, TransactionObserved | AdjustmentObserved> = {
  name: 'billing_history',
  version: 1,
  table: {
    key: 'transactionId',
    columns: {
      transactionId: 'text',
      customerId: 'text',
      subscriptionId: 'text',
      snapshot: 'jsonb',
      watermark: 'text',
      adjustments: 'jsonb',
      orderedAt: 'text',
    },
    indexes: [
      ['customerId', 'orderedAt', 'transactionId'],
      ['subscriptionId', 'orderedAt', 'transactionId'],
    ],
  },
  handles: ['transaction_observed', 'adjustment_observed'],
  newestOnly: ['transaction_observed'],
  keysOf: (fact) => [fact.transactionId],
  evolve(row, fact, transactionId) {
    const known = row ?? unknownTransaction(transactionId);
    return fact.kind === 'transaction_observed' ? withSnapshot(known, fact) : withChange(known, fact);
  },
};

function unknownTransaction(transactionId: string): BillingHistoryRow {
  const nothing = { customerId: null, subscriptionId: null, snapshot: null, watermark: null, orderedAt: null };
  return { transactionId, ...nothing, adjustments: [] };
}

function withSnapshot(row: BillingHistoryRow, fact: TransactionObserved): BillingHistoryRow {
  if (row.watermark !== null && fact.watermark <= row.watermark) return row;
  const { customerId, subscriptionId, transaction: snapshot, watermark } = fact;
  return { ...row, customerId, subscriptionId, snapshot, watermark, orderedAt: isListed(snapshot) ? placeOf(fact) : null };
}

function withChange(row: BillingHistoryRow, fact: AdjustmentObserved): BillingHistoryRow {
  const adjustments = withAdjustment(row.adjustments, fact);
  return adjustments === row.adjustments ? row : { ...row, adjustments };
}

/**
 * Whether it was ever charged or invoiced. Checkouts that nobody paid are not history, also when they were canceled; an
 * invoice that was canceled is. A status that nobody knows yet is judged by whether it was billed.
 */
function isListed({ status, billedAt }: TransactionSnapshot): boolean {
  if (status === 'draft' || status === 'ready') return false;
  return ['billed', 'past_due', 'paid', 'completed'].includes(status) || billedAt !== null;
}

/** When it was billed. Old ones may not say, and have to stand somewhere all the same. */
function placeOf({ transaction: { billedAt, createdAt }, occurredAt }: TransactionObserved): string {
  return (billedAt && parseInstant(billedAt)) || (createdAt && parseInstant(createdAt)) || occurredAt;
}
