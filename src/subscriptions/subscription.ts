import { msOf, parseInstant, plusDays, type Instant } from '../platform/instant';
import type { Money } from '../platform/money';
import type { PaymentMethod, ScheduledChange, SubscriptionSnapshot } from '../provider';

/** A subscription as the provider last described it, with the last payment that went through. */
export interface Subscription extends SubscriptionSnapshot {
  id: string;
  customerId: string | null;
  lastPayment: Payment | null;
  /** Since when a payment has been outstanding, without a break; null when none is, or nothing says. */
  pastDueSince: string | null;
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

/** What a product's configuration says of subscriptions that are not in order. */
export interface AccessPolicy {
  paused: 'none' | 'read_only';
  /** How long there is access after a payment failed; null: as long as it is outstanding. */
  pastDueGraceDays: number | null;
}

/**
 * What a subscription gives of a product at a moment. Pure: the clock decides whether a scheduled change has taken effect and
 * whether a grace period is over, since no webhook says the one in time, nor the other ever. The end of the billing period
 * decides nothing: a failed renewal moves it before any payment.
 */
export function accessOf(subscription: Subscription, policy: AccessPolicy, now: Instant): SubscriptionAccess {
  const { status, scheduledChange } = subscription;
  const effectiveAt = scheduledChange && parseInstant(scheduledChange.effectiveAt);
  const inEffect = effectiveAt && effectiveAt <= now ? scheduledChange.action : null;
  if (status === 'canceled' || inEffect === 'cancel') return denied('subscription_canceled');
  if (status === 'paused' || inEffect === 'pause') return { ...denied('subscription_paused'), access: policy.paused };
  const reason = GRANTING[status];
  if (!reason) return denied('subscription_status_unknown');
  const graceEnds = graceEndOf(subscription, policy);
  if (graceEnds && graceEnds <= now) return denied('subscription_past_due');
  const ends = isScheduled(scheduledChange, 'cancel') || isScheduled(scheduledChange, 'pause');
  const stops = ends ? scheduledChange!.effectiveAt : null;
  const graceIsFirst = graceEnds && (!effectiveAt || !stops || graceEnds < effectiveAt);
  return {
    access: 'full',
    reason: isScheduled(scheduledChange, 'cancel') && !graceIsFirst ? 'cancellation_scheduled' : reason,
    until: graceIsFirst ? graceEnds : stops,
  };
}

/** The moments at which what a subscription gives may change without any news. */
export function changesOf(subscription: Subscription, policy: AccessPolicy): Instant[] {
  const { scheduledChange } = subscription;
  const effectiveAt = scheduledChange && parseInstant(scheduledChange.effectiveAt);
  return [effectiveAt, graceEndOf(subscription, policy)].filter((moment) => moment !== null);
}

/** Null: there is none, or nobody knows since when the payment is outstanding; then nothing is taken by a guess. */
function graceEndOf({ status, pastDueSince }: Subscription, { pastDueGraceDays }: AccessPolicy): Instant | null {
  const since = status === 'past_due' && pastDueSince ? parseInstant(pastDueSince) : null;
  return since && pastDueGraceDays !== null ? plusDays(since, pastDueGraceDays) : null;
}

/** A snapshot of a subscription, as far as it says whether a payment is outstanding. */
export interface StatusAt {
  status: string;
  occurredAt: string;
  watermark: string;
}

/**
 * Since when a payment has been outstanding: the first of the unbroken run of `past_due` at the end. Pure; any order.
 * @returns null when none is
 */
export function outstandingSince(snapshots: StatusAt[]): string | null {
  const newestFirst = [...snapshots].sort((a, b) => (a.watermark > b.watermark ? -1 : 1));
  const end = newestFirst.findIndex(({ status }) => status !== 'past_due');
  const run = end < 0 ? newestFirst : newestFirst.slice(0, end);
  return run.at(-1)?.occurredAt ?? null;
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
