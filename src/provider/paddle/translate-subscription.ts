import type { Period, ScheduledChange, SubscriptionItem, SubscriptionSnapshot } from '../billing-facts';
import { idOf, listOf, objectOf, textOf, type Json } from './json-fields';

/** Reads the `data` of a subscription event (REFERENCE 2.4): all items, the scheduled change with action and date. */
export function subscriptionSnapshot(data: Json): SubscriptionSnapshot {
  return {
    status: textOf(data.status) ?? 'unknown',
    collectionMode: textOf(data.collection_mode),
    currency: textOf(data.currency_code),
    startedAt: textOf(data.started_at),
    nextBilledAt: textOf(data.next_billed_at),
    pausedAt: textOf(data.paused_at),
    canceledAt: textOf(data.canceled_at),
    currentPeriod: periodOf(data.current_billing_period),
    scheduledChange: scheduledChangeOf(data.scheduled_change),
    items: listOf(data.items).flatMap((item) => itemOf(item) ?? []),
  };
}

function periodOf(value: unknown): Period | null {
  const period = objectOf(value);
  const [startsAt, endsAt] = [textOf(period?.starts_at), textOf(period?.ends_at)];
  return startsAt && endsAt ? { startsAt, endsAt } : null;
}

function scheduledChangeOf(value: unknown): ScheduledChange | null {
  const change = objectOf(value);
  const [action, effectiveAt] = [textOf(change?.action), textOf(change?.effective_at)];
  return action && effectiveAt ? { action, effectiveAt, resumeAt: textOf(change?.resume_at) } : null;
}

/** Items carry no id of their own; the price is what tells them apart. Old snapshots lack the embedded product. */
function itemOf(item: Json): SubscriptionItem | null {
  const price = objectOf(item.price);
  const product = objectOf(item.product);
  const priceId = idOf(price?.id);
  const productId = idOf(product?.id) ?? idOf(price?.product_id);
  if (!priceId || !productId) return null;
  return {
    status: textOf(item.status),
    productId,
    productName: textOf(product?.name),
    priceId,
    priceName: textOf(price?.name),
    unitAmount: textOf(objectOf(price?.unit_price)?.amount),
    quantity: typeof item.quantity === 'number' ? item.quantity : 1,
    recurring: item.recurring !== false,
    trialEndsAt: textOf(objectOf(item.trial_dates)?.ends_at),
  };
}
