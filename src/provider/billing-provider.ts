import type { CallOptions, EntityAnswer, ProviderAnswer, ProviderPages } from './provider-answer';
import type {
  CheckoutRequest,
  CustomerListQuery,
  EffectiveFrom,
  ItemsUpdate,
  ListQuery,
  NotificationTarget,
  NotificationTargetChange,
  Pause,
  RefundRequest,
  Resumption,
  TransactionListQuery,
} from './provider-requests';
import type {
  CredentialCheck,
  InvoiceLink,
  ListedEntity,
  ListedEvent,
  NotificationSetting,
  PortalSession,
  ProviderAdjustment,
  ProviderSubscription,
  ProviderTransaction,
  UpdatePreview,
} from './provider-values';

/**
 * The port to whoever does the billing, in one of its environments. Every call fails with a `ProviderError`, whose
 * `outcome` says whether a change may have been made all the same; no change is ever asked for twice.
 */
export interface BillingProvider extends SubscriptionCalls, TransactionCalls, SyncCalls, SetupCalls {}

/** What can be asked of one subscription. */
export interface SubscriptionCalls {
  /** Asked now, not remembered. */
  getSubscription(
    subscriptionId: string,
    options: CallOptions & { managementUrls?: boolean },
  ): Promise<EntityAnswer<ProviderSubscription>>;
  cancelSubscription(
    subscriptionId: string,
    effectiveFrom: EffectiveFrom,
    options: CallOptions,
  ): Promise<EntityAnswer<ProviderSubscription>>;
  pauseSubscription(subscriptionId: string, pause: Pause, options: CallOptions): Promise<EntityAnswer<ProviderSubscription>>;
  /** May charge the customer, and so may take long. */
  resumeSubscription(
    subscriptionId: string,
    resumption: Resumption,
    options: CallOptions,
  ): Promise<EntityAnswer<ProviderSubscription>>;
  /** Ends a trial now. May charge the customer, and so may take long. */
  activateSubscription(subscriptionId: string, options: CallOptions): Promise<EntityAnswer<ProviderSubscription>>;
  /** Takes back a cancellation or pause that is not yet true. */
  removeScheduledChange(subscriptionId: string, options: CallOptions): Promise<EntityAnswer<ProviderSubscription>>;
  /** May charge the customer, and so may take long. */
  updateItems(subscriptionId: string, update: ItemsUpdate, options: CallOptions): Promise<EntityAnswer<ProviderSubscription>>;
  /** What `updateItems` would do. Changes nothing. */
  previewItems(subscriptionId: string, update: ItemsUpdate, options: CallOptions): Promise<ProviderAnswer<UpdatePreview>>;
  /** A transaction in whose checkout the customer gives another payment method. Makes one where none is open. */
  paymentMethodTransaction(subscriptionId: string, options: CallOptions): Promise<EntityAnswer<ProviderTransaction>>;
}

/** What can be asked of sales and of what became of them. */
export interface TransactionCalls {
  /** The customer pays it at the answer's `checkoutUrl`. */
  createCheckout(checkout: CheckoutRequest, options: CallOptions): Promise<EntityAnswer<ProviderTransaction>>;
  getTransaction(transactionId: string, options: CallOptions): Promise<EntityAnswer<ProviderTransaction>>;
  invoicePdf(
    transactionId: string,
    disposition: 'attachment' | 'inline',
    options: CallOptions,
  ): Promise<ProviderAnswer<InvoiceLink>>;
  /** Links into the provider's pages, signed in as this customer. */
  portalSession(customerId: string, subscriptionIds: string[], options: CallOptions): Promise<ProviderAnswer<PortalSession>>;
  /** Two equal partial refunds are two refunds: read what there is before asking again. */
  createRefund(refund: RefundRequest, options: CallOptions): Promise<EntityAnswer<ProviderAdjustment>>;
}

/** Lists for a sync, oldest first, in every status. They may be left and taken up again at a page's `cursor`. */
export interface SyncCalls {
  customers(query: CustomerListQuery, options: CallOptions): ProviderPages<ListedEntity>;
  addresses(customerId: string, query: ListQuery, options: CallOptions): ProviderPages<ListedEntity>;
  products(query: ListQuery, options: CallOptions): ProviderPages<ListedEntity>;
  prices(query: ListQuery, options: CallOptions): ProviderPages<ListedEntity>;
  discounts(query: ListQuery, options: CallOptions): ProviderPages<ListedEntity>;
  subscriptions(query: CustomerListQuery, options: CallOptions): ProviderPages<ListedEntity>;
  transactions(query: TransactionListQuery, options: CallOptions): ProviderPages<ProviderTransaction>;
  adjustments(query: CustomerListQuery, options: CallOptions): ProviderPages<ListedEntity>;
  /** What the provider has told or wanted to tell by webhook. It forgets old ones. */
  events(query: ListQuery, options: CallOptions): ProviderPages<ListedEvent>;
}

/** What is asked once, to set an installation up. */
export interface SetupCalls {
  notificationSettings(query: ListQuery, options: CallOptions): ProviderPages<NotificationSetting>;
  createNotificationSetting(target: NotificationTarget, options: CallOptions): Promise<ProviderAnswer<NotificationSetting>>;
  updateNotificationSetting(
    settingId: string,
    change: NotificationTargetChange,
    options: CallOptions,
  ): Promise<ProviderAnswer<NotificationSetting>>;
  /** Tries what we need, without changing anything. */
  checkCredentials(options: CallOptions): Promise<CredentialCheck>;
}
