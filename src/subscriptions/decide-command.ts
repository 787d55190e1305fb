import { DomainError } from '../platform/domain-error';
import { parseInstant, type Instant } from '../platform/instant';
import type { EffectiveFrom } from '../provider';
import type { ScheduledSwitch } from './scheduled-switch';
import { isRenewing, type Subscription } from './subscription';

/** What a decision about a subscription is made from. */
export interface Decidable {
  subscription: Subscription;
  /** A switch that we have scheduled. */
  scheduled: ScheduledSwitch | null;
  now: Instant;
}

/** What is to be asked of the provider: the event type of the wish, and its details. */
export interface Decision {
  type: string;
  details: Record<string, unknown>;
}

export const WISHES = {
  cancel: 'subscription.cancellation_requested',
  pause: 'subscription.pause_requested',
  resume: 'subscription.resumption_requested',
  keep: 'subscription.scheduled_change_removal_requested',
  switch: 'subscription.switch_requested',
  switchLater: 'subscription.switch_scheduled',
  paymentMethod: 'subscription.payment_method_change_requested',
} as const;

export interface WantedCancellation {
  effectiveFrom?: EffectiveFrom;
  reason?: string;
}

/** Cancels. What is not running cannot end later, so a paused or past-due subscription ends now, as its user expects. */
export function decideCancellation({ subscription, now }: Decidable, wanted: WantedCancellation): Decision {
  const { status, scheduledChange: change } = subscription;
  refuseCanceled(subscription);
  const idle = status === 'paused' || status === 'past_due';
  const effectiveFrom = idle ? 'immediately' : (wanted.effectiveFrom ?? 'next_billing_period');
  if (effectiveFrom === 'next_billing_period') {
    if (change?.action === 'cancel') throw alreadyScheduled(subscription);
    refuseScheduled(subscription);
  }
  refuseLocked(subscription, now);
  return { type: WISHES.cancel, details: { effectiveFrom, ...(wanted.reason && { reason: wanted.reason }) } };
}

export interface WantedPause {
  effectiveFrom?: EffectiveFrom;
  resumeAt?: string;
}

export function decidePause(
  { subscription, now }: Decidable,
  { effectiveFrom = 'next_billing_period', resumeAt }: WantedPause,
): Decision {
  const { status, scheduledChange: change } = subscription;
  refuseCanceled(subscription);
  if (status === 'paused') throw new DomainError('subscription_paused', 'The subscription is paused already.');
  refusePastDue(subscription);
  if (change?.action === 'pause' && effectiveFrom === 'next_billing_period') throw alreadyScheduled(subscription);
  refuseScheduled(subscription);
  refuseLocked(subscription, now);
  const begins = effectiveFrom === 'immediately' ? now : (parsed(subscription.nextBilledAt) ?? now);
  if (resumeAt !== undefined && (parsed(resumeAt) ?? '') <= begins) {
    throw invalid('/resumeAt', `must be later than the pause begins (${begins})`);
  }
  return { type: WISHES.pause, details: { effectiveFrom, ...(resumeAt && { resumeAt }) } };
}

export interface WantedResumption {
  /** `immediately`, or a time. */
  effectiveFrom?: string;
  onResume?: 'start_new_billing_period' | 'continue_existing_billing_period';
}

/** Three cases: a paused subscription goes on; a scheduled cancellation, pause or switch is taken back; else there is nothing to resume. */
export function decideResumption(
  { subscription, scheduled, now }: Decidable,
  { effectiveFrom = 'immediately', onResume }: WantedResumption,
): Decision | { withdraw: ScheduledSwitch } {
  refuseCanceled(subscription);
  const { status, scheduledChange: change } = subscription;
  if (status === 'paused') {
    if (effectiveFrom !== 'immediately' && (parsed(effectiveFrom) ?? '') <= now)
      throw invalid('/effectiveFrom', 'must lie in the future');
    return { type: WISHES.resume, details: { effectiveFrom, ...(onResume && { onResume }) } };
  }
  if (effectiveFrom !== 'immediately') throw invalid('/effectiveFrom', 'only a paused subscription can be resumed later');
  if (change && change.action !== 'resume') {
    refuseLocked(subscription, now);
    return { type: WISHES.keep, details: { removes: change.action } };
  }
  if (scheduled) return { withdraw: scheduled };
  throw new DomainError('nothing_to_resume', 'The subscription is neither paused nor going to be canceled, paused or switched.');
}

export function decidePaymentMethodChange({ subscription }: Decidable): Decision {
  refuseCanceled(subscription);
  if (subscription.status === 'paused') throw new DomainError('subscription_paused', 'Resume the subscription first.');
  return { type: WISHES.paymentMethod, details: {} };
}

export function refuseCanceled({ status }: Subscription): void {
  if (status === 'canceled') throw new DomainError('subscription_canceled', 'The subscription has ended. Buy a new one.');
}

export function refusePastDue({ status }: Subscription): void {
  if (status !== 'past_due') return;
  throw new DomainError('subscription_past_due', 'A payment is outstanding. Update the payment method first.');
}

/** One change at a time: the provider keeps no second one. */
export function refuseScheduled({ scheduledChange }: Subscription): void {
  if (!scheduledChange) return;
  const detail = `The subscription is going to ${scheduledChange.action}. Resume it first, then repeat.`;
  throw new DomainError('subscription_has_scheduled_change', detail, { scheduledChange });
}

export function refuseLocked(subscription: Subscription, now: Instant): void {
  if (isRenewing(subscription, now)) throw renewing('renews within half an hour');
}

export function renewing(why: string): DomainError {
  return new DomainError('subscription_renewing', `The subscription ${why} and cannot be changed now. Try again after that.`);
}

function alreadyScheduled({ scheduledChange }: Subscription): DomainError {
  return new DomainError('already_scheduled', `This is scheduled already, for ${scheduledChange!.effectiveAt}.`, {
    scheduledChange,
  });
}

export function invalid(pointer: string, detail: string): DomainError {
  return new DomainError('invalid_request', `The input is not valid: "${pointer.slice(1)}" ${detail}.`, {
    errors: [{ pointer, detail }],
  });
}

function parsed(time: string | null | undefined): Instant | null {
  return time ? parseInstant(time) : null;
}
