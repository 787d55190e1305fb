import { parseInstant } from '../../platform/instant';
import { isZero, money } from '../../platform/money';
import type { Projection } from '../../projections';
import type { BillingFact, SubscriptionObserved, SubscriptionSnapshot, TransactionObserved } from '../../provider';
import type { Payment } from '../subscription';

export interface SubscriptionRow {
  subscriptionId: string;
  customerId: string | null;
  /** Null while only a payment for it is known. */
  snapshot: SubscriptionSnapshot | null;
  /** Of the snapshot shown. */
  watermark: string | null;
  lastPayment: LastPayment | null;
}

interface LastPayment extends Payment {
  /** Time of the payment, then watermark of the transaction: the greatest is the last. */
  order: string;
}

type SubscriptionFact = Extract<BillingFact, SubscriptionObserved | TransactionObserved>;

/** Subscriptions with all their items, from their own events and from the transactions that paid for them. */
export const subscriptions: Projection<SubscriptionRow, SubscriptionFact> = {
  name: 'subscriptions',
  version: 1,
  table: {
    key: 'subscriptionId',
    columns: { subscriptionId: 'text', customerId: 'text', snapshot: 'jsonb', watermark: 'text', lastPayment: 'jsonb' },
    indexes: [['customerId']],
  },
  handles: ['subscription_observed', 'transaction_observed'],
  newestOnly: ['subscription_observed'],
  onlyWith: { transaction_observed: 'captured' }, // the status of the payment that counts
  keysOf: (fact) => (fact.subscriptionId ? [fact.subscriptionId] : []),
  evolve(row, fact, subscriptionId) {
    const known = row ?? { subscriptionId, customerId: null, snapshot: null, watermark: null, lastPayment: null };
    return fact.kind === 'subscription_observed' ? withSnapshot(known, fact) : withPayment(row, known, fact);
  },
};

function withSnapshot(row: SubscriptionRow, fact: SubscriptionObserved): SubscriptionRow {
  if (row.watermark !== null && fact.watermark <= row.watermark) return row;
  return { ...row, customerId: fact.customerId, snapshot: fact.subscription, watermark: fact.watermark };
}

/** Keeps the greatest payment: the maximum of a set does not depend on the order in which it was seen. */
function withPayment(row: SubscriptionRow | null, known: SubscriptionRow, fact: TransactionObserved): SubscriptionRow | null {
  const lastPayment = paymentOf(fact);
  if (!lastPayment || (known.lastPayment && lastPayment.order <= known.lastPayment.order)) return row;
  return { ...known, lastPayment };
}

/** Transactions over nothing (a new card, a free trial) are no payment. */
function paymentOf({ transaction: { payment, currency }, watermark }: TransactionObserved): LastPayment | null {
  const total = money(payment?.amount, currency);
  if (!payment || !total || isZero(total)) return null;
  return {
    total,
    at: payment.capturedAt,
    method: payment.method,
    order: `${parseInstant(payment.capturedAt) ?? ''} ${watermark}`,
  };
}
