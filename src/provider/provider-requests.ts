/** When a change takes effect. */
export type EffectiveFrom = 'next_billing_period' | 'immediately';

/** How a subscription is to pause. */
export interface Pause {
  effectiveFrom: EffectiveFrom;
  /** RFC 3339. Without it, until somebody resumes it. */
  resumeAt?: string;
}

/** How a paused subscription is to go on. */
export interface Resumption {
  /** `immediately`, or a time in RFC 3339. */
  effectiveFrom: string;
  /** Whether to charge for a new period now, or to go on with the one that was paid. */
  onResume?: 'start_new_billing_period' | 'continue_existing_billing_period';
}

/** How the rest of the period that has begun is charged or credited. */
export type ProrationBillingMode =
  'prorated_immediately' | 'prorated_next_billing_period' | 'full_immediately' | 'full_next_billing_period' | 'do_not_bill';

/** So many of a price. */
export interface OrderedItem {
  priceId: string;
  quantity: number;
}

/** What a subscription is to consist of, and who pays when for the change. */
export interface ItemsUpdate {
  /** All that the subscription shall have: what is not named is removed. */
  items: OrderedItem[];
  prorationBillingMode: ProrationBillingMode;
  /** Whether the items change also when their payment fails. */
  onPaymentFailure?: 'prevent_change' | 'apply_change';
}

/** What somebody wants to buy. */
export interface CheckoutRequest {
  items: OrderedItem[];
  customerId?: string;
  /** Comes back with every event of what was bought. */
  customData?: Record<string, unknown>;
  /** What the customer types, not the provider's id. */
  discountCode?: string;
  currency?: string;
}

/** What of a charge goes back to the customer. */
export interface RefundRequest {
  transactionId: string;
  reason: string;
  /** All of it, or these lines of it: an amount, or the whole line. */
  refund: 'full' | RefundedLine[];
}

/** A line of a transaction, or a part of what it cost. */
export interface RefundedLine {
  lineItemId: string;
  /** In the currency's lowest unit; without it, the whole line. */
  amount?: string;
}

/** Which part of a list, from where on. */
export interface ListQuery {
  /** A page's `cursor`: goes on after that page. */
  after?: string;
}

/** A list that can be cut down to one customer. */
export interface CustomerListQuery extends ListQuery {
  /** Only what belongs to this customer. */
  customerId?: string;
}

/** A list that can also be cut down to what is new. */
export interface TransactionListQuery extends CustomerListQuery {
  /** RFC 3339: only what changed then or later. */
  updatedSince?: string;
}

/** Where the provider sends its events. */
export interface NotificationTarget {
  description: string;
  url: string;
  /** The provider's names of events. */
  events: string[];
  /** Real events, the provider's simulations, or both. */
  traffic?: 'platform' | 'simulation' | 'all';
}

/** What of it is to change; the rest stays. */
export type NotificationTargetChange = Partial<NotificationTarget> & { active?: boolean };
