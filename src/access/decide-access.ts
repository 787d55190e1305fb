import { isInForce, type Grant } from '../grants';
import { parseInstant, type Instant } from '../platform/instant';
import { productsOf, type Purchase, type PurchaseState } from '../purchases';
import type { ProductConfiguration } from '../settings';
import { accessOf, changesOf, type AccessLevel, type Subscription, type SubscriptionAccessReason } from '../subscriptions';

export type AccessReason =
  SubscriptionAccessReason | 'purchase_completed' | 'purchase_refunded' | 'purchase_charged_back' | 'granted' | 'no_purchase';

export interface AccessSource {
  type: 'subscription' | 'purchase' | 'grant';
  id: string;
}

/** What a user may do with one product, and why. */
export interface ProductAccess {
  productId: string;
  access: AccessLevel;
  reason: AccessReason;
  /** What gives the access, or what gave it last. */
  source: AccessSource | null;
  /** When the access ends, as far as that is known now. */
  until: string | null;
  /** Units of all sources that give as much. */
  quantity: number;
}

/** Everything that may give a user access. */
export interface AccessSources {
  subscriptions: Subscription[];
  purchases: Purchase[];
  grants: Grant[];
}

/**
 * What a user may use: every product that any source has ever given. Pure.
 * The best source says how much and why, and so until when: access ends when the last source ends.
 */
export function decideAccess(sources: AccessSources, configuration: ProductConfiguration, now: Instant): ProductAccess[] {
  const byProduct = new Map<string, ProductAccess[]>();
  for (const candidate of candidatesOf(sources, configuration, now)) {
    const others = byProduct.get(candidate.productId);
    if (others) others.push(candidate);
    else byProduct.set(candidate.productId, [candidate]);
  }
  return [...byProduct.values()].map(union).sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

/** The answer for a product that nothing has ever given. */
export function noPurchase(productId: string): ProductAccess {
  return { productId, access: 'none', reason: 'no_purchase', source: null, until: null, quantity: 0 };
}

/** The next moment at which the answer may change without any new fact; null: never. */
export function nextChangeAfter(sources: AccessSources, configuration: ProductConfiguration, now: Instant): Instant | null {
  const { subscriptions, grants } = sources;
  const moments = [
    ...subscriptions.flatMap((one) => one.items.flatMap(({ productId }) => changesOf(one, configuration.of(productId).access))),
    ...grants.flatMap(({ until }) => (until && parseInstant(until)) || []),
  ];
  return moments.filter((moment) => moment > now).sort()[0] ?? null;
}

function candidatesOf({ subscriptions, purchases, grants }: AccessSources, configuration: ProductConfiguration, now: Instant) {
  return [
    ...subscriptions.flatMap((subscription) => ofSubscription(subscription, configuration, now)),
    ...purchases.flatMap(ofPurchase),
    ...grants.filter((grant) => isInForce(grant, now)).map(ofGrant),
  ];
}

function ofSubscription(subscription: Subscription, configuration: ProductConfiguration, now: Instant): ProductAccess[] {
  const quantities = new Map<string, number>();
  for (const item of subscription.items) {
    const granted = item.status === 'inactive' ? 0 : item.quantity;
    quantities.set(item.productId, (quantities.get(item.productId) ?? 0) + granted);
  }
  const source: AccessSource = { type: 'subscription', id: subscription.id };
  return [...quantities].map(([productId, quantity]) => {
    const { access, reason, until } = accessOf(subscription, configuration.of(productId).access, now);
    return { productId, access: quantity > 0 ? access : 'none', reason, source, until, quantity };
  });
}

const PURCHASE_REASONS: Record<PurchaseState, AccessReason> = {
  completed: 'purchase_completed',
  refunded: 'purchase_refunded',
  charged_back: 'purchase_charged_back',
};

function ofPurchase(purchase: Purchase): ProductAccess[] {
  return productsOf(purchase).map(({ productId, state, quantity }) => ({
    productId,
    access: state === 'completed' ? 'full' : 'none',
    reason: PURCHASE_REASONS[state],
    source: { type: 'purchase', id: purchase.id },
    until: null,
    quantity,
  }));
}

function ofGrant({ id, productId, until, quantity }: Grant): ProductAccess {
  return { productId, access: 'full', reason: 'granted', source: { type: 'grant', id }, until, quantity };
}

function union(candidates: ProductAccess[]): ProductAccess {
  const best = candidates.reduce((one, other) => (isBetter(other, one) ? other : one));
  if (best.access === 'none') return best;
  const giving = candidates.filter(({ access }) => access === best.access);
  return { ...best, quantity: giving.reduce((sum, { quantity }) => sum + quantity, 0) };
}

const LEVELS: AccessLevel[] = ['none', 'read_only', 'full'];
const REASONS: AccessReason[] = [
  'no_purchase',
  'subscription_status_unknown',
  'purchase_charged_back',
  'purchase_refunded',
  'subscription_canceled',
  'subscription_paused',
  'subscription_past_due',
  'cancellation_scheduled',
  'subscription_trialing',
  'granted',
  'subscription_active',
  'purchase_completed',
];

/** More access wins; then what lasts longer; then the better reason; then more units; then the id, so that the answer never flickers. */
function isBetter(a: ProductAccess, b: ProductAccess): boolean {
  const [levelA, levelB] = [a, b].map(({ access }) => LEVELS.indexOf(access));
  if (levelA !== levelB) return levelA! > levelB!;
  const [endA, endB] = [a, b].map(({ until }) => until && (parseInstant(until) ?? until));
  if (endA !== endB) return endA === null || (endB !== null && endA! > endB!);
  const [reasonA, reasonB] = [a, b].map(({ reason }) => REASONS.indexOf(reason));
  if (reasonA !== reasonB) return reasonA! > reasonB!;
  if (a.quantity !== b.quantity) return a.quantity > b.quantity;
  return a.source!.id < b.source!.id;
}
