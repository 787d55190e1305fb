import type { Instant } from '../platform/instant';
import type { ProductConfiguration } from '../settings';
import { accessOf, actionsOf, planTypeOf, type AccessLevel, type Subscription } from './subscription';
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
    access: accessLevelOf(subscription, configuration, now),
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

const LEVELS: AccessLevel[] = ['full', 'read_only'];

/** The most that it gives of any of its products. */
function accessLevelOf(subscription: Subscription, configuration: ProductConfiguration, now: Instant): AccessLevel {
  const levels = new Set(
    subscription.items.map(({ productId }) => accessOf(subscription, configuration.of(productId).access, now).access),
  );
  return LEVELS.find((level) => levels.has(level)) ?? 'none';
}

function toProduct(item: Subscription['items'][number], configuration: ProductConfiguration): SubscriptionProductDto {
  const { productId, productName, priceId, priceName, quantity, recurring } = item;
  return { id: productId, ref: configuration.refOf(productId), name: productName, priceId, priceName, quantity, recurring };
}
