import type { Projection } from '../../projections';
import type { AdjustmentObserved, BillingFact, LineItem, TransactionObserved } from '../../provider';
import { withAdjustment, type Adjustment } from '../adjustments';
import type { Purchase } from '../purchase';

export interface PurchaseRow {
  transactionId: string;
  /** Null while only adjustments are known: what they are about may be no purchase at all. */
  customerId: string | null;
  sale: Sale | null;
  /** Of the sale shown. */
  watermark: string | null;
  adjustments: Adjustment[];
}

interface Sale {
  billedAt: string | null;
  currency: string | null;
  grandTotal: string | null;
  lines: LineItem[];
}

type PurchaseFact = Extract<BillingFact, TransactionObserved | AdjustmentObserved>;

/** What was bought once and paid: completed transactions with at least one such item, also among things that recur. */
export const purchases: Projection<PurchaseRow, PurchaseFact> = {
  name: 'purchases',
  version: 1,
  table: {
    key: 'transactionId',
    columns: { transactionId: 'text', customerId: 'text', sale: 'jsonb', watermark: 'text', adjustments: 'jsonb' },
    indexes: [['customerId']],
  },
  handles: ['transaction_observed', 'adjustment_observed'],
  onlyWith: { transaction_observed: 'completed' }, // the status that counts
  keysOf: (fact) => (fact.kind === 'adjustment_observed' || saleOf(fact) ? [fact.transactionId] : []),
  evolve(row, fact, transactionId) {
    const known = row ?? { transactionId, customerId: null, sale: null, watermark: null, adjustments: [] };
    return fact.kind === 'transaction_observed' ? withSale(row, known, fact) : withNews(row, known, fact);
  },
};

/**
 * The newest snapshot that shows a sale. Others say nothing: `completed` is the end of a transaction, and nothing is taken
 * out of it any more.
 */
function withSale(row: PurchaseRow | null, known: PurchaseRow, fact: TransactionObserved): PurchaseRow | null {
  const sale = saleOf(fact);
  if (!sale || (known.watermark !== null && fact.watermark <= known.watermark)) return row;
  return { ...known, customerId: fact.customerId, sale, watermark: fact.watermark };
}

function withNews(row: PurchaseRow | null, known: PurchaseRow, fact: AdjustmentObserved): PurchaseRow | null {
  const adjustments = withAdjustment(known.adjustments, fact);
  return adjustments === known.adjustments ? row : { ...known, adjustments };
}

/** An old price does not say whether it recurs; then what belongs to no subscription was bought once. */
function saleOf({ transaction, subscriptionId }: TransactionObserved): Sale | null {
  const { status, billedAt, currency, totals } = transaction;
  if (status !== 'completed') return null;
  const lines = transaction.lines.filter(({ recurring }) => recurring === false || (recurring === null && !subscriptionId));
  return lines.length === 0 ? null : { billedAt, currency, grandTotal: totals?.grandTotal ?? null, lines };
}

/** @returns null while only adjustments are known */
export function purchaseOf({ transactionId, customerId, sale, adjustments }: PurchaseRow): Purchase | null {
  if (!sale) return null;
  const { billedAt, currency, grandTotal, lines } = sale;
  return { id: transactionId, customerId, purchasedAt: billedAt, currency, grandTotal, lines, adjustments };
}
