import { DomainError } from '../../platform/domain-error';
import type { BillingProvider } from '../billing-provider';

const refuse = (): Promise<never> => Promise.reject(notImplemented());

const refusePages = (): AsyncIterable<never> => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) });

/** The port for Stripe: every call answers `not_implemented`. */
export const stripeProvider: BillingProvider = {
  getSubscription: refuse,
  cancelSubscription: refuse,
  pauseSubscription: refuse,
  resumeSubscription: refuse,
  activateSubscription: refuse,
  removeScheduledChange: refuse,
  updateItems: refuse,
  previewItems: refuse,
  paymentMethodTransaction: refuse,
  createCheckout: refuse,
  getTransaction: refuse,
  invoicePdf: refuse,
  portalSession: refuse,
  createRefund: refuse,
  customers: refusePages,
  addresses: refusePages,
  products: refusePages,
  prices: refusePages,
  discounts: refusePages,
  subscriptions: refusePages,
  transactions: refusePages,
  adjustments: refusePages,
  events: refusePages,
  notificationSettings: refusePages,
  createNotificationSetting: refuse,
  updateNotificationSetting: refuse,
  checkCredentials: refuse,
};

function notImplemented(): DomainError {
  return new DomainError('not_implemented', 'Stripe is not implemented: this installation sells through Paddle.');
}
