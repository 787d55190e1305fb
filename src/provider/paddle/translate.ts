import { parseInstant, type Instant } from '../../platform/instant';
import type { BillingFact } from '../billing-facts';
import { claimedUserIdOf, customerIdOf } from './envelope';
import { idOf, objectOf, textOf, type Json } from './json-fields';
import { adjustmentSnapshot } from './translate-adjustment';
import { mentionsOfSubscription, mentionsOfTransaction, priceSnapshot, productSnapshot } from './translate-catalog';
import { subscriptionSnapshot } from './translate-subscription';
import { transactionSnapshot } from './translate-transaction';
import { watermark } from './watermark';

/** A recorded event of Paddle's: a webhook, or an entity that its API returned. */
export interface PaddleEvent {
  eventId: string;
  type: string;
  /** RFC 3339. */
  occurredAt: string;
  /** The parsed body, with the entity in `data`. */
  content(): unknown;
}

/**
 * Reads what a Paddle event says, in our words. Pure: a wrong reading is mended here and by a rebuild.
 * @returns null for events that no read model is made from
 */
export function translate(event: PaddleEvent, userIdKey: string): BillingFact | null {
  const translateEntity = ENTITIES[event.type.slice(0, event.type.indexOf('.'))];
  const occurredAt = parseInstant(event.occurredAt);
  if (!translateEntity || !occurredAt) return null;
  const data = objectOf(objectOf(event.content())?.data);
  return data && translateEntity(data, event, occurredAt, userIdKey);
}

/** The types of the events that each kind of fact is read from, as patterns of SQL's LIKE. */
export const EVENT_TYPES: Record<BillingFact['kind'], string[]> = {
  customer_observed: ['customer.%'],
  subscription_observed: ['subscription.%'],
  transaction_observed: ['transaction.%'],
  adjustment_observed: ['adjustment.%'],
  product_observed: ['product.%'],
  price_observed: ['price.%'],
};

type TranslateEntity = (data: Json, event: PaddleEvent, occurredAt: Instant, userIdKey: string) => BillingFact | null;

const ENTITIES: Partial<Record<string, TranslateEntity>> = {
  customer: (data, event, occurredAt, userIdKey) => {
    const observed = observedOf(data, event, occurredAt, userIdKey);
    const { customerId } = observed;
    if (!customerId) return null;
    const [email, name, locale] = [textOf(data.email), textOf(data.name), textOf(data.locale)];
    return { kind: 'customer_observed', ...observed, customerId, email, name, locale, status: textOf(data.status) };
  },
  subscription: (data, event, occurredAt, userIdKey) => {
    const subscriptionId = idOf(data.id);
    if (!subscriptionId) return null;
    const observed = observedOf(data, event, occurredAt, userIdKey);
    const [subscription, mentions] = [subscriptionSnapshot(data), mentionsOfSubscription(data)];
    return { kind: 'subscription_observed', ...observed, subscriptionId, subscription, mentions };
  },
  transaction: (data, event, occurredAt, userIdKey) => {
    const transactionId = idOf(data.id);
    if (!transactionId) return null;
    return {
      kind: 'transaction_observed',
      ...observedOf(data, event, occurredAt, userIdKey),
      transactionId,
      subscriptionId: idOf(data.subscription_id),
      transaction: transactionSnapshot(data),
      mentions: mentionsOfTransaction(data),
    };
  },
  adjustment: (data, event, occurredAt, userIdKey) => {
    const [adjustmentId, transactionId] = [idOf(data.id), idOf(data.transaction_id)];
    if (!adjustmentId || !transactionId) return null;
    const observed = observedOf(data, event, occurredAt, userIdKey);
    const subscriptionId = idOf(data.subscription_id);
    return {
      kind: 'adjustment_observed',
      ...observed,
      adjustmentId,
      transactionId,
      subscriptionId,
      adjustment: adjustmentSnapshot(data),
    };
  },
  product: (data, event, occurredAt) => {
    const product = productSnapshot(data);
    return product && { kind: 'product_observed', ...catalogEntryObserved(event, occurredAt), product };
  },
  price: (data, event, occurredAt) => {
    const price = priceSnapshot(data);
    return price && { kind: 'price_observed', ...catalogEntryObserved(event, occurredAt), price };
  },
};

function observedOf(data: Json, event: PaddleEvent, occurredAt: Instant, userIdKey: string) {
  return {
    eventId: event.eventId,
    occurredAt,
    watermark: watermark(occurredAt, textOf(data.status) ?? '', event.type, event.eventId),
    customerId: customerIdOf(event.type, data),
    claimedUserId: claimedUserIdOf(data, userIdKey),
  };
}

/** What is archived can come back, so its status says nothing of the order. */
function catalogEntryObserved({ eventId, type }: PaddleEvent, occurredAt: Instant) {
  return { eventId, occurredAt, watermark: watermark(occurredAt, '', type, eventId) };
}
