import type { BillingProvider } from '../billing-provider';
import type { CallOptions } from '../provider-answer';
import { ProviderError } from '../provider-error';
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
} from '../provider-requests';
import { ask, askEntity, askPages } from './answers';
import { checkCredentials } from './check-credentials';
import type { Operation } from './client/operations';
import { OPERATIONS } from './client/operations';
import type { PaddleClient } from './client/paddle-client';
import type { Json } from './json-fields';
import { listRequests } from './list-requests';
import * as read from './read-answers';
import * as bodies from './request-bodies';

/** The port, on Paddle's API: each method names the operation, what is sent and how the answer is read. */
export class PaddleProvider implements BillingProvider {
  constructor(private readonly client: PaddleClient) {}

  getSubscription(id: string, options: CallOptions & { managementUrls?: boolean }) {
    const reader = options.managementUrls ? read.readSubscriptionWithUrls : read.readSubscription;
    return askEntity(this.client, { operation: OPERATIONS.getSubscription, id }, reader, options);
  }

  cancelSubscription(id: string, effectiveFrom: EffectiveFrom, options: CallOptions) {
    return this.subscription(OPERATIONS.cancelSubscription, id, { effective_from: effectiveFrom }, options);
  }

  pauseSubscription(id: string, pause: Pause, options: CallOptions) {
    return this.subscription(OPERATIONS.pauseSubscription, id, bodies.pauseBody(pause), options);
  }

  resumeSubscription(id: string, resumption: Resumption, options: CallOptions) {
    return this.subscription(OPERATIONS.resumeSubscription, id, bodies.resumptionBody(resumption), options);
  }

  activateSubscription(id: string, options: CallOptions) {
    return this.subscription(OPERATIONS.activateSubscription, id, undefined, options);
  }

  removeScheduledChange(id: string, options: CallOptions) {
    return this.subscription(OPERATIONS.removeScheduledChange, id, { scheduled_change: null }, options);
  }

  updateItems(id: string, update: ItemsUpdate, options: CallOptions) {
    return this.subscription(OPERATIONS.updateItems, id, bodies.itemsBody(update), options);
  }

  previewItems(id: string, update: ItemsUpdate, options: CallOptions) {
    const request = { operation: OPERATIONS.previewItems, id, body: bodies.itemsBody(update) };
    return ask(this.client, request, read.readPreview, options);
  }

  paymentMethodTransaction(id: string, options: CallOptions) {
    return askEntity(this.client, { operation: OPERATIONS.paymentMethodTransaction, id }, read.readTransaction, options);
  }

  async createCheckout(checkout: CheckoutRequest, options: CallOptions) {
    const discountId = checkout.discountCode === undefined ? null : await this.discountId(checkout.discountCode, options);
    const request = { operation: OPERATIONS.createTransaction, body: bodies.checkoutBody(checkout, discountId) };
    return askEntity(this.client, request, read.readTransaction, options);
  }

  getTransaction(id: string, options: CallOptions) {
    return askEntity(this.client, { operation: OPERATIONS.getTransaction, id }, read.readTransaction, options);
  }

  invoicePdf(id: string, disposition: 'attachment' | 'inline', options: CallOptions) {
    const request = { operation: OPERATIONS.getInvoice, id, query: new URLSearchParams({ disposition }) };
    return ask(this.client, request, read.readInvoice, options);
  }

  portalSession(id: string, subscriptionIds: string[], options: CallOptions) {
    const request = { operation: OPERATIONS.createPortalSession, id, body: { subscription_ids: subscriptionIds } };
    return ask(this.client, request, read.readPortalSession, options);
  }

  createRefund(refund: RefundRequest, options: CallOptions) {
    const request = { operation: OPERATIONS.createAdjustment, body: bodies.refundBody(refund) };
    return askEntity(this.client, request, read.readAdjustment, options);
  }

  customers(query: CustomerListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.customers(query), read.readListed, options);
  }

  addresses(customerId: string, query: ListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.addresses(customerId, query), read.readListed, options);
  }

  products(query: ListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.products(query), read.readListed, options);
  }

  prices(query: ListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.prices(query), read.readListed, options);
  }

  discounts(query: ListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.discounts(query), read.readListed, options);
  }

  subscriptions(query: CustomerListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.subscriptions(query), read.readListed, options);
  }

  transactions(query: TransactionListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.transactions(query), read.readTransaction, options);
  }

  adjustments(query: CustomerListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.adjustments(query), read.readListed, options);
  }

  events(query: ListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.events(query), read.readEvent, options);
  }

  notificationSettings(query: ListQuery, options: CallOptions) {
    return askPages(this.client, listRequests.notificationSettings(query), read.readNotificationSetting, options);
  }

  createNotificationSetting(target: NotificationTarget, options: CallOptions) {
    const request = { operation: OPERATIONS.createNotificationSetting, body: bodies.targetBody(target) };
    return ask(this.client, request, read.readNotificationSetting, options);
  }

  updateNotificationSetting(id: string, change: NotificationTargetChange, options: CallOptions) {
    const request = { operation: OPERATIONS.updateNotificationSetting, id, body: bodies.targetChangeBody(change) };
    return ask(this.client, request, read.readNotificationSetting, options);
  }

  checkCredentials(options: CallOptions) {
    return checkCredentials(this.client, options);
  }

  /** Lets calls in flight end, for a moment. */
  close(): Promise<void> {
    return this.client.close();
  }

  private subscription(operation: Operation, id: string, body: Json | undefined, options: CallOptions) {
    return askEntity(this.client, { operation, id, ...(body && { body }) }, read.readSubscription, options);
  }

  /** Paddle takes a discount's id, customers know its code. */
  private async discountId(code: string, options: CallOptions): Promise<string> {
    const refusal = new ProviderError({ failure: 'refused', refusal: 'discount_not_valid', outcome: 'not_done' });
    if (!/^[A-Za-z\d]{1,32}$/.test(code)) throw refusal;
    for await (const { entities } of askPages(this.client, listRequests.discountsOfCode(code), read.readListed, options)) {
      for (const entity of entities()) {
        const discount = JSON.parse(entity.toString('utf8')) as { id?: unknown; code?: unknown };
        if (typeof discount.id === 'string' && String(discount.code).toLowerCase() === code.toLowerCase()) return discount.id;
      }
    }
    throw refusal;
  }
}
