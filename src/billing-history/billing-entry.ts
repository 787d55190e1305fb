import type { Money } from '../platform/money';
import type { PaymentMethod, TransactionSnapshot } from '../provider';
import { adjustedAt, moneyReturned, type Adjustment } from '../purchases';
import { whyNoInvoice } from './invoices';
import type { BillingHistoryRow } from './read-models/billing-history';

/** A row whose transaction is known. */
export interface BilledTransaction extends BillingHistoryRow {
  snapshot: TransactionSnapshot;
}

/** What was charged and what became of it, as a buyer sees it. */
export interface BillingEntry {
  transactionId: string;
  subscriptionId: string | null;
  status: string;
  origin: string;
  billedAt: string | null;
  invoiceNumber: string | null;
  currency: string;
  subtotal: Money;
  discount: Money;
  tax: Money;
  total: Money;
  credit: Money;
  grandTotal: Money;
  paid: Money;
  refunded: Money;
  items: BilledItem[];
  payment: PaymentMethod | null;
  adjustments: BillingAdjustment[];
  hasInvoice: boolean;
}

export interface BilledItem {
  productId: string;
  priceId: string;
  name: string;
  quantity: number;
  total: Money;
}

export interface BillingAdjustment {
  id: string;
  action: string;
  status: string;
  total: Money;
  reason: string;
  at: string;
}

const NOTHING = { subtotal: '0', discount: '0', tax: '0', total: '0', credit: '0', grandTotal: '0' };
/** ISO 4217's word for no currency. */
const NO_CURRENCY = 'XXX';

export function toEntry({ transactionId, subscriptionId, snapshot, adjustments }: BilledTransaction): BillingEntry {
  const { status, origin, billedAt, invoiceNumber, lines, payment } = snapshot;
  const currency = snapshot.currency ?? NO_CURRENCY;
  const money = (amount: string): Money => ({ amount, currency });
  const { subtotal, discount, tax, total, credit, grandTotal } = snapshot.totals ?? NOTHING;
  return {
    transactionId,
    subscriptionId,
    status,
    origin: origin ?? 'unknown',
    billedAt,
    invoiceNumber,
    currency,
    subtotal: money(subtotal),
    discount: money(discount),
    tax: money(tax),
    total: money(total),
    credit: money(credit),
    grandTotal: money(grandTotal),
    paid: money(payment?.amount ?? '0'),
    refunded: money(moneyReturned(adjustments)),
    items: lines.map(({ productId, priceId, name, quantity, total: of }) => {
      return { productId, priceId, name: name ?? productId, quantity, total: money(of) };
    }),
    payment: payment?.method ?? null,
    adjustments: [...adjustments].sort(oldestFirst).map((adjustment) => toAdjustment(adjustment, currency)),
    hasInvoice: whyNoInvoice(snapshot) === null,
  };
}

function toAdjustment(adjustment: Adjustment, currencyOfSale: string): BillingAdjustment {
  const { id, action, status, total, reason, currency } = adjustment;
  const money = { amount: total ?? '0', currency: currency ?? currencyOfSale };
  return { id, action, status, total: money, reason: reason ?? '', at: adjustedAt(adjustment) };
}

function oldestFirst(a: Adjustment, b: Adjustment): number {
  const [atA, atB] = [adjustedAt(a), adjustedAt(b)];
  if (atA === atB) return a.id < b.id ? -1 : 1;
  return atA < atB ? -1 : 1;
}
