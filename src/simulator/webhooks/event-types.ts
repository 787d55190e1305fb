/** An event type as `GET /event-types` and a destination's `subscribed_events` show it. */
export interface EventType {
  name: string;
  description: string;
  group: string;
  available_versions: number[];
}

const CREATED = 'is created';
const UPDATED = 'is updated';
const IMPORTED = 'is imported';
const KEPT = { created: CREATED, updated: UPDATED };
const IMPORTABLE = { ...KEPT, imported: IMPORTED };

/** Entity, its group, how a sentence names it, and what happens to it. */
const HAPPENINGS: [entity: string, group: string, noun: string, happenings: Record<string, string>][] = [
  ['address', 'Address', 'an address', IMPORTABLE],
  ['adjustment', 'Adjustment', 'an adjustment', KEPT],
  [
    'api_key',
    'API Key',
    'an API key',
    { ...KEPT, expiring: 'is about to expire', expired: 'has expired', revoked: 'is revoked' },
  ],
  ['api_key_exposure', 'API Key Exposure', 'an exposed API key', { created: 'is reported' }],
  ['business', 'Business', 'a business', IMPORTABLE],
  ['client_token', 'Client Token', 'a client-side token', { ...KEPT, revoked: 'is revoked' }],
  ['customer', 'Customer', 'a customer', IMPORTABLE],
  ['discount', 'Discount', 'a discount', IMPORTABLE],
  ['discount_group', 'Discount Group', 'a discount group', KEPT],
  ['payment_method', 'Payment Method', 'a payment method', { saved: 'is saved', deleted: 'is deleted' }],
  ['payout', 'Payout', 'a payout', { created: CREATED, paid: 'is paid' }],
  ['price', 'Price', 'a price', IMPORTABLE],
  ['product', 'Product', 'a product', IMPORTABLE],
  ['report', 'Report', 'a report', KEPT],
  [
    'subscription',
    'Subscription',
    'a subscription',
    {
      created: CREATED,
      activated: 'becomes active',
      trialing: 'starts its trial',
      updated: UPDATED,
      past_due: 'has a payment that is past due',
      paused: 'is paused',
      resumed: 'is resumed',
      canceled: 'is canceled',
      imported: IMPORTED,
    },
  ],
  [
    'transaction',
    'Transaction',
    'a transaction',
    {
      created: CREATED,
      ready: 'has all that is needed to bill it',
      updated: UPDATED,
      billed: 'is billed',
      paid: 'is paid, and not fully processed yet',
      completed: 'is fully processed',
      past_due: 'is past due',
      payment_failed: 'has a payment that failed',
      canceled: 'is canceled',
      revised: 'has its details revised',
    },
  ],
];

/**
 * Every event type that Paddle's SDKs of April 2026 know: 56.
 * Source: paddle-go-sdk 5.2.0, `pkg/paddlenotification/shared.go`.
 */
export const EVENT_TYPES: readonly EventType[] = HAPPENINGS.flatMap(([entity, group, noun, happenings]) =>
  Object.entries(happenings).map(([action, what]) => ({
    name: `${entity}.${action}`,
    description: `Occurs when ${noun} ${what}.`,
    group,
    available_versions: [1],
  })),
);
