import { money, type Money } from '../../platform/money';
import type {
  InvoiceLink,
  ListedEntity,
  ListedEvent,
  NotificationSetting,
  PortalSession,
  ProviderAdjustment,
  ProviderSubscription,
  ProviderTransaction,
  TransactionLine,
  UpdatePreview,
} from '../provider-values';
import { idOf, listOf, objectOf, textOf, type Json } from './json-fields';
import { subscriptionSnapshot } from './translate-subscription';
import { capturedPayment } from './translate-transaction';

/** Each reads the `data` of an answer (REFERENCE 2 and 4); null when it lacks what nobody can do without. */
export function readSubscription(data: Json): ProviderSubscription | null {
  const id = idOf(data.id);
  return id ? { id, customerId: idOf(data.customer_id), ...subscriptionSnapshot(data), managementUrls: null } : null;
}

export function readSubscriptionWithUrls(data: Json): ProviderSubscription | null {
  const subscription = readSubscription(data);
  const urls = objectOf(data.management_urls);
  const managementUrls = urls && { updatePaymentMethod: textOf(urls.update_payment_method), cancel: textOf(urls.cancel) };
  return subscription && { ...subscription, managementUrls };
}

export function readPreview(data: Json): UpdatePreview {
  const { items } = subscriptionSnapshot(data);
  const next = objectOf(data.next_transaction);
  const nextTotal = amountDue(next?.details);
  const billedAt = textOf(data.next_billed_at) ?? textOf(objectOf(next?.billing_period)?.starts_at);
  const summary = objectOf(data.update_summary);
  const credit = amountOf(summary?.credit);
  const result = objectOf(summary?.result);
  const amount = amountOf(result);
  return {
    immediate: amountDue(objectOf(data.immediate_transaction)?.details),
    credit: credit && BigInt(credit.amount) !== 0n ? credit : null,
    result: amount && (result?.action === 'charge' || result?.action === 'credit') ? { action: result.action, amount } : null,
    nextTransaction: nextTotal && { total: nextTotal, billedAt },
    recurring: amountDue(data.recurring_transaction_details),
    items,
  };
}

export function readTransaction(data: Json): ProviderTransaction | null {
  const id = idOf(data.id);
  if (!id) return null;
  const details = objectOf(data.details);
  return {
    id,
    status: textOf(data.status) ?? 'unknown',
    origin: textOf(data.origin),
    customerId: idOf(data.customer_id),
    subscriptionId: idOf(data.subscription_id),
    total: amountDue(details),
    invoiceNumber: textOf(data.invoice_number),
    payment: capturedPayment(data),
    lineItems: listOf(details?.line_items).flatMap((line) => lineOf(line, data.currency_code) ?? []),
    customData: objectOf(data.custom_data),
    checkoutUrl: textOf(objectOf(data.checkout)?.url),
  };
}

export function readInvoice(data: Json): InvoiceLink | null {
  const url = textOf(data.url);
  return url ? { url } : null;
}

export function readPortalSession(data: Json): PortalSession | null {
  const urls = objectOf(data.urls);
  const overviewUrl = textOf(objectOf(urls?.general)?.overview);
  if (!overviewUrl) return null;
  const subscriptions = listOf(urls?.subscriptions).flatMap((links) => {
    const id = idOf(links.id);
    const updatePaymentMethodUrl = textOf(links.update_subscription_payment_method);
    return id ? { id, cancelUrl: textOf(links.cancel_subscription), updatePaymentMethodUrl } : [];
  });
  return { overviewUrl, subscriptions };
}

export function readAdjustment(data: Json): ProviderAdjustment | null {
  const id = idOf(data.id);
  if (!id) return null;
  const total = money(objectOf(data.totals)?.total, data.currency_code);
  const [action, status] = [textOf(data.action) ?? 'unknown', textOf(data.status) ?? 'unknown'];
  return { id, action, status, transactionId: idOf(data.transaction_id), total };
}

export function readListed(data: Json): ListedEntity {
  return { id: idOf(data.id) ?? '', status: textOf(data.status) };
}

export function readEvent(data: Json): ListedEvent {
  return {
    eventId: idOf(data.event_id) ?? '',
    type: textOf(data.event_type) ?? '',
    occurredAt: textOf(data.occurred_at) ?? '',
  };
}

export function readNotificationSetting(data: Json): NotificationSetting | null {
  const id = idOf(data.id);
  if (!id) return null;
  return {
    id,
    description: textOf(data.description),
    url: textOf(data.destination),
    active: data.active === true,
    events: listOf(data.subscribed_events).flatMap(({ name }) => textOf(name) ?? []),
    traffic: textOf(data.traffic_source),
    secret: textOf(data.endpoint_secret_key),
  };
}

function lineOf(line: Json, currency: unknown): TransactionLine | null {
  const id = idOf(line.id);
  const quantity = typeof line.quantity === 'number' ? line.quantity : 1;
  return id ? { id, priceId: idOf(line.price_id), quantity, total: money(objectOf(line.totals)?.total, currency) } : null;
}

/** What is to be paid after credits, and before payments. */
function amountDue(details: unknown): Money | null {
  const totals = objectOf(objectOf(details)?.totals);
  return money(totals?.grand_total ?? totals?.total, totals?.currency_code);
}

function amountOf(value: unknown): Money | null {
  const part = objectOf(value);
  return money(part?.amount, part?.currency_code);
}
