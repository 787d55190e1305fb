import type { ScheduledChange, Subscription } from './entities';
import type { Transaction } from './money-entities';
import { instantOf, microsOf, MINUTE } from './time';
import { billPeriod, cancelNow, closeTrial, pauseNow, resumeNow } from './renewals';
import { SimulatorError } from './simulator-error';
import { enterPeriod, pastDueTransaction, update } from './subscription';
import { announce, openTransaction } from './transactions';
import type { World } from './world';

export type EffectiveFrom = 'next_billing_period' | 'immediately';
export type OnResume = 'start_new_billing_period' | 'continue_existing_billing_period';

/** Nothing may change shortly before a renewal (REFERENCE 6, row 17). */
export const RENEWAL_LOCK = 30 * MINUTE;

export function cancel(world: World, subscription: Subscription, effectiveFrom: EffectiveFrom | null): void {
  refuseCanceled(subscription);
  const now = effectiveFrom === 'immediately' || (effectiveFrom === null && subscription.status === 'paused');
  if (subscription.scheduled_change && !now) refusePending(subscription);
  refuseLocked(world, subscription);
  if (now) return cancelNow(world, subscription);
  if (subscription.status === 'paused' || subscription.status === 'past_due') refuseInactive(subscription);
  schedule(world, subscription, { action: 'cancel', effective_at: periodEnd(world, subscription), resume_at: null });
}

export interface PauseOptions {
  effectiveFrom: EffectiveFrom | null;
  resumeAt: string | null;
  onResume: OnResume | null;
}

export function pause(world: World, subscription: Subscription, { effectiveFrom, resumeAt, onResume }: PauseOptions): void {
  refuseCanceled(subscription);
  if (subscription.status === 'paused') {
    throw new SimulatorError('subscription_cannot_be_paused', 'The subscription is paused already');
  }
  if (subscription.scheduled_change) refusePending(subscription);
  refuseLocked(world, subscription);
  refuseWithoutPaymentMethod(world, subscription, 'subscription_pausing_not_allowed_for_cardless_trial');
  const resumesAt = resumeAt === null ? null : instantOf(microsOf(resumeAt));
  const effectiveAt = effectiveFrom === 'immediately' ? world.instant() : periodEnd(world, subscription);
  if (resumesAt !== null && resumesAt <= effectiveAt) {
    throw tooEarly('resume_at', 'must be later than the pause takes effect');
  }
  if (effectiveFrom !== 'immediately' && subscription.status === 'past_due') refuseInactive(subscription);
  world.life(subscription).onResume = onResume ?? 'start_new_billing_period';
  if (effectiveFrom !== 'immediately') {
    return schedule(world, subscription, { action: 'pause', effective_at: effectiveAt, resume_at: resumesAt });
  }
  pauseNow(world, subscription);
  if (resumesAt) schedule(world, subscription, { action: 'resume', effective_at: resumesAt, resume_at: null });
}

/** Paused: resumes. Running with a pause to come: sets when that pause ends. */
export function resume(world: World, subscription: Subscription, effectiveFrom: string, onResume: OnResume | null): void {
  refuseCanceled(subscription);
  const { scheduled_change: change } = subscription;
  if (subscription.status !== 'paused') {
    if (change?.action !== 'pause') throw new SimulatorError('subscription_must_be_paused', 'The subscription is not paused');
    const at = effectiveFrom === 'immediately' ? null : instantOf(microsOf(effectiveFrom));
    if (at !== null && at <= change.effective_at) throw tooEarly('effective_from', 'must be later than the pause takes effect');
    if (onResume) world.life(subscription).onResume = onResume;
    return schedule(world, subscription, at ? { ...change, resume_at: at } : null);
  }
  if (world.life(subscription).paymentMethodId === null && subscription.collection_mode === 'automatic') {
    throw new SimulatorError('subscription_missing_payment_method_cannot_resume', 'There is no payment method');
  }
  const how = onResume ?? 'start_new_billing_period';
  if (effectiveFrom !== 'immediately') {
    world.life(subscription).onResume = how;
    return schedule(world, subscription, { action: 'resume', effective_at: later(world, effectiveFrom), resume_at: null });
  }
  if (how === 'continue_existing_billing_period' && (world.life(subscription).interruptedUntil ?? 0) <= world.now) {
    throw new SimulatorError(
      'subscription_continuing_existing_billing_period_not_allowed',
      'The period that was interrupted has ended',
    );
  }
  resumeNow(world, subscription, how);
}

function later(world: World, time: string): string {
  const at = instantOf(microsOf(time));
  if (at > world.instant()) return at;
  throw tooEarly('effective_from', 'must lie in the future');
}

function tooEarly(field: string, message: string): SimulatorError {
  return new SimulatorError('invalid_field', 'Request does not pass validation', [{ field, message }]);
}

/** Ends a trial at once and bills the first period. */
export function activate(world: World, subscription: Subscription): void {
  if (subscription.status !== 'trialing') {
    throw new SimulatorError('subscription_cannot_activate', 'The subscription is not trialing');
  }
  if (subscription.collection_mode === 'manual') {
    throw new SimulatorError('subscription_manual_collection_mode_activation_not_allowed', 'Invoices cannot be activated');
  }
  if (subscription.scheduled_change) refusePending(subscription);
  refuseLocked(world, subscription);
  refuseWithoutPaymentMethod(world, subscription, 'subscription_missing_payment_method_cannot_activate');
  const dates = enterPeriod(world, subscription, world.now, 0);
  closeTrial(dates, world.now);
  update(world, subscription, { ...dates, first_billed_at: world.instant() });
  if (billPeriod(world, subscription)) update(world, subscription, { status: 'active' }, 'activated');
}

export function removeScheduledChange(world: World, subscription: Subscription): void {
  refuseCanceled(subscription);
  if (subscription.scheduled_change) schedule(world, subscription, null);
}

/** The transaction with which the buyer replaces the card: what is unpaid, or one over nothing. */
export function paymentMethodTransaction(world: World, subscription: Subscription): Transaction {
  refuseCanceled(subscription);
  const unpaid = pastDueTransaction(world, subscription);
  if (unpaid) return unpaid;
  if (subscription.collection_mode === 'manual') {
    throw new SimulatorError('subscription_not_automatic_collection', 'Invoices are not paid by card');
  }
  const transaction = openTransaction(world, {
    origin: 'subscription_payment_method_change',
    status: 'ready',
    customerId: subscription.customer_id,
    addressId: subscription.address_id,
    businessId: subscription.business_id,
    currency: subscription.currency_code,
    items: subscription.items.map(({ price, quantity }) => ({ price, quantity, proration: null })),
    discountId: null,
    customData: subscription.custom_data,
    subscriptionId: subscription.id,
    period: null,
  });
  announce(world, 'created', transaction);
  world.emitTwin('transaction.ready', transaction);
  return transaction;
}

export function schedule(world: World, subscription: Subscription, change: ScheduledChange | null): void {
  update(world, subscription, withScheduled(world, subscription, change));
}

/** What Paddle will do later is shown at once; what that hides is assumed (`nextBilledAtWhileScheduled`). */
export function withScheduled(
  world: World,
  subscription: Subscription,
  change: ScheduledChange | null,
): Pick<Subscription, 'scheduled_change' | 'next_billed_at' | 'items'> {
  const { nextBillAt } = world.life(subscription);
  const ends = change !== null && change.action !== 'resume' && world.assumptions.nextBilledAtWhileScheduled === 'null';
  const next = ends || nextBillAt === null ? null : instantOf(nextBillAt);
  const items = subscription.items.map((item) => ({ ...item, next_billed_at: next }));
  return { scheduled_change: change, next_billed_at: next, items };
}

function periodEnd(world: World, subscription: Subscription): string {
  const { nextBillAt } = world.life(subscription);
  return nextBillAt === null ? world.instant() : instantOf(nextBillAt);
}

export function refuseCanceled({ status }: Subscription, code = 'subscription_is_canceled_action_invalid'): void {
  if (status === 'canceled') throw new SimulatorError(code, 'The subscription is canceled');
}

function refusePending({ scheduled_change: change }: Subscription): never {
  throw new SimulatorError('subscription_locked_pending_changes', `The subscription is going to ${change!.action}`);
}

function refuseInactive({ status }: Subscription): never {
  throw new SimulatorError(
    'subscription_is_inactive_action_invalid',
    `The subscription is ${status}: only "immediately" is possible`,
  );
}

export function refuseLocked(world: World, subscription: Subscription): void {
  const { nextBillAt, dunning } = world.life(subscription);
  if (nextBillAt !== null && !dunning && nextBillAt - world.now < RENEWAL_LOCK) {
    throw new SimulatorError('subscription_locked_renewal', 'The subscription renews within 30 minutes');
  }
}

function refuseWithoutPaymentMethod(world: World, subscription: Subscription, code: string): void {
  const cardless = subscription.status === 'trialing' && world.life(subscription).paymentMethodId === null;
  if (cardless) throw new SimulatorError(code, 'The trial has no payment method yet');
}
