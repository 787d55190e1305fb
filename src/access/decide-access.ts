import { parseInstant, type Instant } from '../platform/instant';
import { accessOf, type AccessLevel, type Subscription, type SubscriptionAccessReason } from '../subscriptions';

export type AccessReason = SubscriptionAccessReason | 'no_purchase';

/** What a user may do with one product, and why. */
export interface ProductAccess {
  productId: string;
  access: AccessLevel;
  reason: AccessReason;
  /** What gives the access, or what gave it last. */
  source: { type: 'subscription'; id: string } | null;
  /** When the access ends, as far as that is known now. */
  until: string | null;
  quantity: number;
}

/** Everything that may give a user access. */
export interface AccessSources {
  subscriptions: Subscription[];
}

/**
 * What a user may use: every product that any source has ever given, each with its best source. Pure.
 * Access ends when the last source ends.
 */
export function decideAccess({ subscriptions }: AccessSources, now: Instant): ProductAccess[] {
  const best = new Map<string, ProductAccess>();
  for (const candidate of subscriptions.flatMap((subscription) => productsOf(subscription, now))) {
    const other = best.get(candidate.productId);
    if (!other || isBetter(candidate, other)) best.set(candidate.productId, candidate);
  }
  return [...best.values()].sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

/** The answer for a product that nothing has ever given. */
export function noPurchase(productId: string): ProductAccess {
  return { productId, access: 'none', reason: 'no_purchase', source: null, until: null, quantity: 0 };
}

/** The next moment at which the answer may change without any new fact; null: never. */
export function nextChangeAfter({ subscriptions }: AccessSources, now: Instant): Instant | null {
  const moments = subscriptions.flatMap(
    ({ scheduledChange }) => (scheduledChange && parseInstant(scheduledChange.effectiveAt)) || [],
  );
  return moments.filter((moment) => moment > now).sort()[0] ?? null;
}

function productsOf(subscription: Subscription, now: Instant): ProductAccess[] {
  const { access, reason, until } = accessOf(subscription, now);
  const quantities = new Map<string, number>();
  for (const item of subscription.items) {
    const granted = item.status === 'inactive' ? 0 : item.quantity;
    quantities.set(item.productId, (quantities.get(item.productId) ?? 0) + granted);
  }
  return [...quantities].map(([productId, quantity]) => ({
    productId,
    access: quantity > 0 ? access : 'none',
    reason,
    source: { type: 'subscription', id: subscription.id },
    until,
    quantity,
  }));
}

const LEVELS: AccessLevel[] = ['none', 'read_only', 'full'];
const REASONS: AccessReason[] = [
  'no_purchase',
  'subscription_status_unknown',
  'subscription_canceled',
  'subscription_paused',
  'subscription_past_due',
  'cancellation_scheduled',
  'subscription_trialing',
  'subscription_active',
];

/** More access wins; then what lasts longer; then more units; then the id, so that the answer never flickers. */
function isBetter(a: ProductAccess, b: ProductAccess): boolean {
  const rank = (one: ProductAccess) => [
    LEVELS.indexOf(one.access),
    one.until === null ? 1 : 0,
    REASONS.indexOf(one.reason),
    one.quantity,
  ];
  const [rankA, rankB] = [rank(a), rank(b)];
  const difference = rankA.findIndex((value, index) => value !== rankB[index]);
  if (difference >= 0) return rankA[difference]! > rankB[difference]!;
  if (a.until !== b.until && a.until && b.until) return a.until > b.until;
  return a.source!.id < b.source!.id;
}
