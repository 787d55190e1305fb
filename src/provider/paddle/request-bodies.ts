import type {
  CheckoutRequest,
  ItemsUpdate,
  NotificationTarget,
  NotificationTargetChange,
  OrderedItem,
  Pause,
  RefundRequest,
  Resumption,
} from '../provider-requests';
import type { Json } from './json-fields';

/** Our words as Paddle wants them (REFERENCE 4). A field that is not given is not sent: Paddle keeps what it has. */
export function pauseBody({ effectiveFrom, resumeAt }: Pause): Json {
  return { effective_from: effectiveFrom, ...(resumeAt !== undefined && { resume_at: resumeAt }) };
}

export function resumptionBody({ effectiveFrom, onResume }: Resumption): Json {
  return { effective_from: effectiveFrom, ...(onResume !== undefined && { on_resume: onResume }) };
}

export function itemsBody({ items, prorationBillingMode, onPaymentFailure }: ItemsUpdate): Json {
  return {
    items: items.map(itemBody),
    proration_billing_mode: prorationBillingMode,
    ...(onPaymentFailure !== undefined && { on_payment_failure: onPaymentFailure }),
  };
}

export function checkoutBody({ items, customerId, customData, currency }: CheckoutRequest, discountId: string | null): Json {
  return {
    items: items.map(itemBody),
    ...(customerId !== undefined && { customer_id: customerId }),
    ...(customData !== undefined && { custom_data: customData }),
    ...(currency !== undefined && { currency_code: currency }),
    ...(discountId !== null && { discount_id: discountId }),
  };
}

export function refundBody({ transactionId, reason, refund }: RefundRequest): Json {
  const asked = { action: 'refund', transaction_id: transactionId, reason };
  if (refund === 'full') return { ...asked, type: 'full' };
  const items = refund.map(({ lineItemId, amount }) => ({
    item_id: lineItemId,
    ...(amount === undefined ? { type: 'full' } : { type: 'partial', amount }),
  }));
  return { ...asked, type: 'partial', items };
}

export function targetBody({ description, url, events, traffic }: NotificationTarget): Json {
  return { ...targetChangeBody({ description, url, events, ...(traffic && { traffic }) }), type: 'url', api_version: 1 };
}

export function targetChangeBody({ description, url, events, traffic, active }: NotificationTargetChange): Json {
  return {
    ...(description !== undefined && { description }),
    ...(url !== undefined && { destination: url }),
    ...(events !== undefined && { subscribed_events: events }),
    ...(traffic !== undefined && { traffic_source: traffic }),
    ...(active !== undefined && { active }),
  };
}

function itemBody({ priceId, quantity }: OrderedItem): Json {
  return { price_id: priceId, quantity };
}
