import type { Money } from '../platform/money';

/**
 * What a provider's events say, in our words. Times are RFC 3339 text as the provider wrote them, money is text in
 * the lowest unit, and statuses stay open: one that nobody knows yet is kept as it is.
 */
export type BillingFact = CustomerFact | AdjustmentObserved | ProductObserved | PriceObserved;

/** What is about somebody who buys. */
export type CustomerFact = CustomerObserved | SubscriptionObserved | TransactionObserved;

interface Observed {
  eventId: string;
  /** Normalised to microseconds: comparing the text compares the time. */
  occurredAt: string;
  /** Orders all snapshots of one entity; see `watermark.ts`. The greatest is what the entity is now. */
  watermark: string;
}

interface OfCustomer extends Observed {
  customerId: string | null;
  /** The user that the checkout named. A browser can write it, so it is a claim. */
  claimedUserId: string | null;
}

export interface CustomerObserved extends OfCustomer {
  kind: 'customer_observed';
  customerId: string;
  email: string | null;
  name: string | null;
  locale: string | null;
  status: string | null;
}

export interface SubscriptionObserved extends OfCustomer {
  kind: 'subscription_observed';
  subscriptionId: string;
  subscription: SubscriptionSnapshot;
  mentions: CatalogMentions;
}

export interface SubscriptionSnapshot {
  /** `trialing | active | past_due | paused | canceled`, or one that is new. */
  status: string;
  collectionMode: string | null;
  currency: string | null;
  startedAt: string | null;
  nextBilledAt: string | null;
  pausedAt: string | null;
  canceledAt: string | null;
  currentPeriod: Period | null;
  scheduledChange: ScheduledChange | null;
  items: SubscriptionItem[];
}

export interface Period {
  startsAt: string;
  endsAt: string;
}

/** What the provider will do at `effectiveAt`; not true before. */
export interface ScheduledChange {
  /** `cancel | pause | resume`, or one that is new. */
  action: string;
  effectiveAt: string;
  resumeAt: string | null;
}

export interface SubscriptionItem {
  /** `active | inactive | trialing`, or one that is new. */
  status: string | null;
  productId: string;
  productName: string | null;
  priceId: string;
  priceName: string | null;
  /** Of one unit, in the lowest unit of the currency. */
  unitAmount: string | null;
  quantity: number;
  recurring: boolean;
  trialEndsAt: string | null;
}

export interface TransactionObserved extends OfCustomer {
  kind: 'transaction_observed';
  transactionId: string;
  /** Null until processed, for a transaction that makes a new subscription. */
  subscriptionId: string | null;
  transaction: TransactionSnapshot;
  mentions: CatalogMentions;
}

export interface TransactionSnapshot {
  /** `draft | ready | billed | past_due | paid | completed | canceled`, or one that is new. */
  status: string;
  /** `web | api | subscription_recurring | …` */
  origin: string | null;
  currency: string | null;
  createdAt: string | null;
  /** When it was issued: of an automatic one, when it was paid or, a renewal, when it fell due. */
  billedAt: string | null;
  invoiceNumber: string | null;
  totals: TransactionTotals | null;
  lines: LineItem[];
  /** The successful payment, if there is one. */
  payment: CapturedPayment | null;
}

/** In the lowest unit of the transaction's currency: `subtotal - discount + tax = total`, `total - credit = grandTotal`. */
export interface TransactionTotals {
  subtotal: string;
  discount: string;
  tax: string;
  total: string;
  /** Paid from the customer's credit. */
  credit: string;
  /** What was, or is, to be paid. */
  grandTotal: string;
}

/** What one item costs, tax included. A change of plan has one for what is charged and one, negative, for what is given back. */
export interface LineItem {
  id: string | null;
  productId: string;
  priceId: string;
  name: string | null;
  quantity: number;
  /** Null where the price does not say: old ones. */
  recurring: boolean | null;
  total: string;
}

export interface CapturedPayment {
  amount: string;
  capturedAt: string;
  method: PaymentMethod | null;
}

export interface PaymentMethod {
  /** `card`, `paypal`, … */
  type: string;
  brand: string | null;
  last4: string | null;
}

/** Something that became of a transaction: a refund, a credit, a chargeback. The transaction itself stays as it was. */
export interface AdjustmentObserved extends OfCustomer {
  kind: 'adjustment_observed';
  adjustmentId: string;
  transactionId: string;
  subscriptionId: string | null;
  adjustment: AdjustmentSnapshot;
}

export interface AdjustmentSnapshot {
  /** `credit | refund | chargeback | chargeback_reverse | chargeback_warning | chargeback_warning_reverse | credit_reverse`, or one that is new. */
  action: string;
  /** `pending_approval | approved | rejected | reversed`, or one that is new. */
  status: string;
  /** `full | partial`; old ones do not say. */
  type: string | null;
  currency: string | null;
  reason: string | null;
  /** Positive, in the lowest unit of the currency. */
  total: string | null;
  /** Null for the zero time, which some say. */
  createdAt: string | null;
  items: AdjustmentItem[];
}

export interface AdjustmentItem {
  /** Of the transaction's line. */
  lineId: string | null;
  /** `full | partial | tax | proration`, or one that is new. */
  type: string | null;
  total: string | null;
}

/** The products and prices that an event about something else shows. Weaker than their own events, whichever is newer. */
export interface CatalogMentions {
  /** `sale`: as they were when somebody bought them. `subscription`: as they were when they were added to it, maybe years ago. */
  from: 'sale' | 'subscription';
  products: ProductSnapshot[];
  prices: PriceSnapshot[];
}

export interface ProductObserved extends Observed {
  kind: 'product_observed';
  product: ProductSnapshot;
}

export interface PriceObserved extends Observed {
  kind: 'price_observed';
  price: PriceSnapshot;
}

/** Of a mention all but the ids may be missing. */
export interface ProductSnapshot {
  id: string;
  name: string | null;
  description: string | null;
  imageUrl: string | null;
  /** `active | archived`, or one that is new. */
  status: string | null;
  /** `standard`: of the catalog. `custom`: made on the way for one sale. */
  type: string | null;
}

export interface PriceSnapshot {
  id: string;
  productId: string;
  /** For buyers. */
  name: string | null;
  /** For the seller. */
  description: string | null;
  unitPrice: Money | null;
  unitPriceOverrides: UnitPriceOverride[];
  /** Null for what is bought once. */
  billingCycle: Duration | null;
  trialPeriod: Duration | null;
  quantity: { min: number; max: number } | null;
  status: string | null;
  type: string | null;
}

export interface UnitPriceOverride {
  countryCodes: string[];
  unitPrice: Money;
}

export interface Duration {
  /** `day | week | month | year`, or one that is new. */
  interval: string;
  frequency: number;
}
