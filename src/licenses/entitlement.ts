import type { AccessSources } from '../access';
import type { Instant } from '../platform/instant';
import { lineStateOf, productsOf, type Purchase, type PurchaseState } from '../purchases';
import type { ProductConfiguration } from '../settings';
import { accessOf, changesOf, type Subscription, type SubscriptionAccessReason } from '../subscriptions';
import type { LapseReason, PoolSource, SuspendReason } from './license';

/** What a source grants of one product. `suspended`: what is held stays held, and cannot be used. `lapsed`: it is over. */
export type ProductEntitlement = { productId: string; total: number } & (
  | { state: 'granting'; reason: null }
  | { state: 'suspended'; reason: Exclude<SuspendReason, 'seats_reduced'> }
  | { state: 'lapsed'; reason: LapseReason }
);

/** The seats that one source grants, by product. */
export interface SourceEntitlement {
  source: PoolSource;
  customerId: string | null;
  /** Every product of it, also those that grant no seats. */
  holds: string[];
  products: ProductEntitlement[];
  /** When this may change without any news; null: never. */
  changesAt: Instant | null;
}

/** What may grant seats. What an admin gave for nothing names no price, so it grants none. */
export type SeatSources = Pick<AccessSources, 'subscriptions' | 'purchases'>;

/**
 * The seats that somebody's sources grant. Pure. Only full access uses a seat; one that can be read only is suspended, as is
 * one behind a payment that is overdue; what is over for good has lapsed.
 */
export function entitlementsOf(sources: SeatSources, configuration: ProductConfiguration, now: Instant): SourceEntitlement[] {
  return [
    ...sources.subscriptions.map((subscription) => ofSubscription(subscription, configuration, now)),
    ...sources.purchases.map((purchase) => ofPurchase(purchase, configuration)),
  ];
}

/** What a source grants of a product; null where it grants no seats of it. */
export function entitlementTo(productId: string, { products }: SourceEntitlement): ProductEntitlement | null {
  return products.find((product) => product.productId === productId) ?? null;
}

/** Seats that one unit of a price grants. */
export function entitiesOf(configuration: ProductConfiguration, productId: string, priceId: string): number {
  return configuration.of(productId).prices.find((price) => price.priceId === priceId)?.entities ?? 0;
}

/** Why a seat cannot be used, by why there is no full access. */
const SUSPENDING: Partial<Record<SubscriptionAccessReason, Exclude<SuspendReason, 'seats_reduced'>>> = {
  subscription_paused: 'subscription_paused',
  subscription_past_due: 'subscription_past_due',
  subscription_status_unknown: 'subscription_status_unknown',
};

function ofSubscription(subscription: Subscription, configuration: ProductConfiguration, now: Instant): SourceEntitlement {
  const totals = new Map<string, number>();
  for (const { productId, priceId, quantity, status } of subscription.items) {
    const entities = entitiesOf(configuration, productId, priceId);
    const granted = status === 'inactive' ? 0 : entities * quantity;
    if (entities > 0) totals.set(productId, (totals.get(productId) ?? 0) + granted);
  }
  const moments = [...totals.keys()].flatMap((productId) => changesOf(subscription, configuration.of(productId).access));
  return {
    source: { type: 'subscription', id: subscription.id },
    customerId: subscription.customerId,
    holds: [...new Set(subscription.items.map(({ productId }) => productId))],
    products: [...totals].map(([productId, total]) => ({ productId, ...stateOf(subscription, productId, total) })),
    changesAt: moments.filter((moment) => moment > now).sort()[0] ?? null,
  };

  function stateOf(one: Subscription, productId: string, total: number) {
    const { access, reason } = accessOf(one, configuration.of(productId).access, now);
    if (access === 'full') return { total, state: 'granting', reason: null } as const;
    const suspending = SUSPENDING[reason];
    if (suspending) return { total, state: 'suspended', reason: suspending } as const;
    return { total: 0, state: 'lapsed', reason: 'subscription_lapsed' } as const;
  }
}

const PURCHASE_LAPSES: Record<Exclude<PurchaseState, 'completed'>, LapseReason> = {
  refunded: 'purchase_refunded',
  charged_back: 'purchase_charged_back',
};

function ofPurchase(purchase: Purchase, configuration: ProductConfiguration): SourceEntitlement {
  const totals = new Map<string, number>();
  for (const line of purchase.lines) {
    const entities = entitiesOf(configuration, line.productId, line.priceId);
    const granted = lineStateOf(line, purchase) === 'completed' ? entities * line.quantity : 0;
    if (entities > 0) totals.set(line.productId, (totals.get(line.productId) ?? 0) + granted);
  }
  const states = new Map(productsOf(purchase).map(({ productId, state }) => [productId, state]));
  const products = [...totals].map(([productId, total]): ProductEntitlement => {
    const state = states.get(productId)!;
    if (state === 'completed') return { productId, total, state: 'granting', reason: null };
    return { productId, total: 0, state: 'lapsed', reason: PURCHASE_LAPSES[state] };
  });
  const source: PoolSource = { type: 'purchase', id: purchase.id };
  return { source, customerId: purchase.customerId, holds: [...states.keys()], products, changesAt: null };
}
