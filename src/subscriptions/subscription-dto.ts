import type { Instant } from '../platform/instant';
import type { ProductConfiguration } from '../settings';
import { accessOf, actionsOf, planTypeOf, type Subscription } from './subscription';
import type { SubscriptionDto, SubscriptionProductDto } from './subscriptions.dto';

/** A subscription as the API shows it. */
export function toSubscriptionDto(
  subscription: Subscription,
  now: Instant,
  configuration: ProductConfiguration,
): SubscriptionDto {
  const { id, status, collectionMode, currency, startedAt, currentPeriod, nextBilledAt, pausedAt, canceledAt } = subscription;
  return {
    id,
    status,
    access: accessOf(subscription, { paused: 'none', pastDueGraceDays: null }, now).access,
    planType: planTypeOf(subscription),
    products: subscription.items.map((item) => toProduct(item, configuration)),
    collectionMode,
    currency,
    startedAt,
    trialEndsAt: subscription.items.find((item) => item.trialEndsAt)?.trialEndsAt ?? null,
    currentPeriod,
    nextBilledAt,
    pausedAt,
    canceledAt,
    scheduledChange: subscription.scheduledChange,
    actions: actionsOf(subscription, now),
    lastPayment: subscription.lastPayment,
  };
}

function toProduct(item: Subscription['items'][number], configuration: ProductConfiguration): SubscriptionProductDto {
  const { productId, productName, priceId, priceName, quantity, recurring } = item;
  return { id: productId, ref: configuration.refOf(productId), name: productName, priceId, priceName, quantity, recurring };
}
