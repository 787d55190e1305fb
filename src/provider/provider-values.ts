import type { Money } from '../platform/money';
import type { CapturedPayment, SubscriptionItem, SubscriptionSnapshot } from './billing-facts';

/** A subscription as the provider has it now. */
export interface ProviderSubscription extends SubscriptionSnapshot {
  id: string;
  customerId: string | null;
  /** Short-lived; only where they were asked for. */
  managementUrls: ManagementUrls | null;
}

/** Pages of the provider on which customers help themselves. */
export interface ManagementUrls {
  updatePaymentMethod: string | null;
  cancel: string | null;
}

/** What a change of items would do. */
export interface UpdatePreview {
  /** What the customer pays now; null when nothing is charged before the next period. */
  immediate: Money | null;
  /** What the customer gets back for time that was paid and is not used. */
  credit: Money | null;
  /** Both taken together: what is charged, or put to the customer's credit. */
  result: { action: 'charge' | 'credit'; amount: Money } | null;
  nextTransaction: { total: Money; billedAt: string | null } | null;
  /** Of every later period. */
  recurring: Money | null;
  items: SubscriptionItem[];
}

/** A transaction as the provider has it now. Statuses and origins stay open, as in the facts. */
export interface ProviderTransaction {
  id: string;
  status: string;
  origin: string | null;
  customerId: string | null;
  subscriptionId: string | null;
  total: Money | null;
  invoiceNumber: string | null;
  payment: CapturedPayment | null;
  lineItems: TransactionLine[];
  /** What was put on it when it was made, and by whom. */
  customData: Record<string, unknown> | null;
  /** Where the customer pays it; null when the provider has no page for that. */
  checkoutUrl: string | null;
}

/** What one price cost in a transaction. */
export interface TransactionLine {
  id: string;
  priceId: string | null;
  quantity: number;
  total: Money | null;
}

/** A document of the provider's, behind a link that does not live long. */
export interface InvoiceLink {
  url: string;
}

/** Links into the provider's pages that sign the customer in. They do not live long. */
export interface PortalSession {
  overviewUrl: string;
  subscriptions: { id: string; cancelUrl: string | null; updatePaymentMethodUrl: string | null }[];
}

/** A refund, credit or chargeback. */
export interface ProviderAdjustment {
  id: string;
  action: string;
  /** `pending_approval | approved | rejected | reversed`, or one that is new. */
  status: string;
  transactionId: string | null;
  total: Money | null;
}

/** Of whatever list: what tells one entry from another. Its content is in the page's `entities()`. */
export interface ListedEntity {
  id: string;
  status: string | null;
}

/** An event as the provider's own journal has it. */
export interface ListedEvent {
  eventId: string;
  type: string;
  occurredAt: string;
}

/** A place to which the provider sends its events. */
export interface NotificationSetting {
  id: string;
  description: string | null;
  url: string | null;
  active: boolean;
  events: string[];
  traffic: string | null;
  /** What its events are signed with. Keep it encrypted; it belongs neither in a log nor on the ledger. */
  secret: string | null;
}

/** What the credentials are good for. */
export interface CredentialCheck {
  /** False when the provider does not know the key, or no longer takes it. */
  accepted: boolean;
  /** The provider's names of the permissions that we use and the key does not have. */
  lacking: string[];
}
