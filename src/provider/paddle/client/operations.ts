/** One thing that can be asked of Paddle's API (REFERENCE 4). */
export interface Operation {
  name: string;
  method: 'GET' | 'POST' | 'PATCH';
  /** With `{id}` where an id goes. The logs and metrics show this, never the path that is sent. */
  path: string;
  /** Whether it changes anything at Paddle: then it is never repeated where it may have been done. */
  changes: boolean;
  /** Paddle may try a payment before it answers, "longer than usual". */
  mayCharge: boolean;
}

const read = (name: string, path: string): Operation => ({ name, method: 'GET', path, changes: false, mayCharge: false });
const change = (name: string, method: Operation['method'], path: string, mayCharge = false): Operation => ({
  name,
  method,
  path,
  changes: true,
  mayCharge,
});

export const OPERATIONS = {
  getSubscription: read('subscription.get', '/subscriptions/{id}'),
  cancelSubscription: change('subscription.cancel', 'POST', '/subscriptions/{id}/cancel'),
  pauseSubscription: change('subscription.pause', 'POST', '/subscriptions/{id}/pause'),
  resumeSubscription: change('subscription.resume', 'POST', '/subscriptions/{id}/resume', true),
  activateSubscription: change('subscription.activate', 'POST', '/subscriptions/{id}/activate', true),
  removeScheduledChange: change('subscription.remove_scheduled_change', 'PATCH', '/subscriptions/{id}'),
  updateItems: change('subscription.update', 'PATCH', '/subscriptions/{id}', true),
  previewItems: { ...read('subscription.preview', '/subscriptions/{id}/preview'), method: 'PATCH' },
  /** A GET that makes a transaction. */
  paymentMethodTransaction: change('subscription.payment_method', 'GET', '/subscriptions/{id}/update-payment-method-transaction'),
  createTransaction: change('transaction.create', 'POST', '/transactions'),
  updateTransaction: change('transaction.update', 'PATCH', '/transactions/{id}'),
  getTransaction: read('transaction.get', '/transactions/{id}'),
  getInvoice: read('transaction.invoice', '/transactions/{id}/invoice'),
  createPortalSession: change('portal_session.create', 'POST', '/customers/{id}/portal-sessions'),
  createAdjustment: change('adjustment.create', 'POST', '/adjustments'),
  listCustomers: read('customer.list', '/customers'),
  listAddresses: read('address.list', '/customers/{id}/addresses'),
  listProducts: read('product.list', '/products'),
  listPrices: read('price.list', '/prices'),
  listDiscounts: read('discount.list', '/discounts'),
  listSubscriptions: read('subscription.list', '/subscriptions'),
  listTransactions: read('transaction.list', '/transactions'),
  listAdjustments: read('adjustment.list', '/adjustments'),
  listEvents: read('event.list', '/events'),
  listEventTypes: read('event_type.list', '/event-types'),
  listNotificationSettings: read('notification_setting.list', '/notification-settings'),
  createNotificationSetting: change('notification_setting.create', 'POST', '/notification-settings'),
  updateNotificationSetting: change('notification_setting.update', 'PATCH', '/notification-settings/{id}'),
} satisfies Record<string, Operation>;
