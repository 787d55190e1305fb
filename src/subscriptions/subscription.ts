import { msOf, parseInstant, type Instant } from '../platform/instant';
import type { Money } from '../platform/money';
import type { PaymentMethod, ScheduledChange, SubscriptionSnapshot } from '../provider';

/** A subscription as the provider last described it, with the last payment that went through. */
export interface Subscription extends SubscriptionSnapshot {
  id: string;
  customerId: string | null;
  lastPayment: Payment | null;
}

export interface Payment {
  total: Money;
  at: string;
  method: PaymentMethod | null;
}

/** What the user may do with a subscription now, so that a frontend can gate its buttons. */
export interface SubscriptionActions {
  cancel: boolean;
  pause: boolean;
  resume: boolean;
  switch: boolean;
  updatePaymentMethod: boolean;
}

export type AccessLevel = 'full' | 'read_only' | 'none';

export type SubscriptionAccessReason =
  | 'subscription_trialing'
  | 'subscription_active'
  | 'subscription_past_due'
  | 'subscription_paused'
  | 'subscription_canceled'
  | 'cancellation_scheduled'
  | 'subscription_status_unknown';

export interface SubscriptionAccess {
  access: AccessLevel;
  reason: SubscriptionAccessReason;
  /** When the access ends, as far as that is known now. */
  until: string | null;
}

/**
 * What a subscription gives at a moment. Pure: the clock decides whether a scheduled change has taken effect, since its
 * webhook may be late. The end of the billing period decides nothing: a failed renewal moves it before any payment.
 */
export function accessOf({ status, scheduledChange }: Subscription, now: Instant): SubscriptionAccess {
  const effectiveAt = scheduledChange && parseInstant(scheduledChange.effectiveAt);
  const inEffect = effectiveAt && effectiveAt <= now ? scheduledChange.action : null;
  if (status === 'canceled' || inEffect === 'cancel') return denied('subscription_canceled');
  if (status === 'paused' || inEffect === 'pause') return denied('subscription_paused');
  const reason = GRANTING[status];
  if (!reason) return denied('subscription_status_unknown');
  const ends = isScheduled(scheduledChange, 'cancel') || isScheduled(scheduledChange, 'pause');
  return {
    access: 'full',
    reason: isScheduled(scheduledChange, 'cancel') ? 'cancellation_scheduled' : reason,
    until: ends ? scheduledChange!.effectiveAt : null,
  };
}

const GRANTING: Partial<Record<string, SubscriptionAccessReason>> = {
  trialing: 'subscription_trialing',
  active: 'subscription_active',
  past_due: 'subscription_past_due',
};

function denied(reason: SubscriptionAccessReason): SubscriptionAccess {
  return { access: 'none', reason, until: null };
}

/** Free when no recurring item costs anything. */
export function planTypeOf({ items }: Subscription): 'FREE' | 'PAID' {
  const paid = items.some((item) => item.recurring && item.unitAmount !== null && !/^0*$/.test(item.unitAmount));
  return paid ? 'PAID' : 'FREE';
}

/**
 * What the user may do now: true exactly when the command without any options would be put to the provider. A status that
 * nobody knows yet forbids nothing: the provider decides.
 */
export function actionsOf(subscription: Subscription, now: Instant): SubscriptionActions {
  const { status, scheduledChange: change } = subscription;
  const ended = status === 'canceled';
  const idle = status === 'paused' || status === 'past_due';
  const free = !isRenewing(subscription, now);
  // A switch is ours: the provider knows nothing of it, so it stands in the way of nothing.
  const pending = change !== null && !isScheduled(change, 'switch');
  const changeable = !ended && !idle && !pending && free;
  const revocable = pending && !isScheduled(change, 'resume') && free;
  return {
    cancel: changeable || idle,
    pause: changeable,
    resume: !ended && (status === 'paused' || revocable || isScheduled(change, 'switch')),
    switch: changeable,
    updatePaymentMethod: !ended && status !== 'paused',
  };
}

const RENEWAL_LOCK_MS = 30 * 60_000;

/** The provider changes nothing in the half hour before a renewal. What is paused or past due does not renew. */
export function isRenewing({ nextBilledAt, status }: Subscription, now: Instant): boolean {
  const at = nextBilledAt && parseInstant(nextBilledAt);
  if (!at || status === 'past_due' || status === 'paused') return false;
  const leftMs = msOf(at) - msOf(now);
  return leftMs >= 0 && leftMs < RENEWAL_LOCK_MS;
}

function isScheduled(change: ScheduledChange | null, action: string): boolean {
  return change?.action === action;
}
