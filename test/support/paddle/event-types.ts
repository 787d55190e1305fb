const ACTIONS: Record<string, string[]> = {
  address: ['created', 'updated', 'imported'],
  adjustment: ['created', 'updated'],
  api_key: ['created', 'updated', 'expiring', 'expired', 'revoked'],
  api_key_exposure: ['created'],
  business: ['created', 'updated', 'imported'],
  client_token: ['created', 'updated', 'revoked'],
  customer: ['created', 'updated', 'imported'],
  discount: ['created', 'updated', 'imported'],
  discount_group: ['created', 'updated'],
  payment_method: ['saved', 'deleted'],
  payout: ['created', 'paid'],
  price: ['created', 'updated', 'imported'],
  product: ['created', 'updated', 'imported'],
  report: ['created', 'updated'],
  subscription: ['created', 'activated', 'trialing', 'updated', 'past_due', 'paused', 'resumed', 'canceled', 'imported'],
  transaction: [
    'created',
    'ready',
    'updated',
    'billed',
    'paid',
    'completed',
    'past_due',
    'payment_failed',
    'canceled',
    'revised',
  ],
};

/** The event types that Paddle's SDKs of April 2026 know. */
export const EVENT_TYPES = Object.entries(ACTIONS).flatMap(([entity, actions]) => actions.map((action) => `${entity}.${action}`));
