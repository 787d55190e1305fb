import type { Subscription } from './entities';
import type { Transaction } from './money-entities';
import { addDurations } from './calendar';
import { collect } from './payments';
import { billSubscription, endPeriod, enterPeriod, pastDueTransaction, recurringItems, reschedule, update } from './subscription';
import { instantOf, type Micros } from './time';
import { announce, announceStatus, cancelTransaction, complete, numberInvoice, pay } from './transactions';
import type { World } from './world';

/** What time brings to a subscription at this moment: a scheduled change, the end of a trial, a renewal, a retry. */
export function timeIsUp(world: World, subscription: Subscription, at: Micros): void {
  const { scheduled_change: change } = subscription;
  if (change && change.effective_at <= instantOf(at)) return carryOut(world, subscription, change.action);
  if (world.life(subscription).dunning) return retry(world, subscription);
  renew(world, subscription);
}

function carryOut(world: World, subscription: Subscription, action: 'cancel' | 'pause' | 'resume'): void {
  if (action === 'cancel') cancelNow(world, subscription);
  else if (action === 'pause') pauseNow(world, subscription);
  else resumeNow(world, subscription, world.life(subscription).onResume);
}

/** Bills the next period. The first event says active with the new dates, before anything is paid (REFERENCE 3.3). */
export function renew(world: World, subscription: Subscription): void {
  const life = world.life(subscription);
  const wasTrial = subscription.status === 'trialing';
  const [anchor, cycle] = wasTrial ? [life.nextBillAt!, 0] : [life.anchor, life.cycle + 1];
  const dates = enterPeriod(world, subscription, anchor, cycle);
  if (wasTrial) closeTrial(dates, anchor);
  update(world, subscription, { ...dates, first_billed_at: subscription.first_billed_at ?? instantOf(anchor) });
  const paid = billPeriod(world, subscription);
  if (paid && wasTrial) update(world, subscription, { status: 'active' }, 'activated');
}

/** The real end of the trial stays on its items. */
export function closeTrial(dates: Partial<Subscription>, endedAt: Micros): void {
  for (const item of dates.items ?? []) {
    if (item.trial_dates) item.trial_dates = { ...item.trial_dates, ends_at: instantOf(endedAt) };
  }
}

/** @returns whether the period is paid; else the subscription is past due */
export function billPeriod(world: World, subscription: Subscription): boolean {
  const transaction = billSubscription(world, subscription, 'subscription_recurring', recurringItems(world, subscription));
  world.life(subscription).carried = [];
  announce(world, 'created', transaction);
  world.emitTwin('transaction.billed', transaction);
  if (subscription.collection_mode === 'manual') {
    sendInvoice(world, transaction);
    return true;
  }
  if (collect(world, transaction, world.life(subscription).paymentMethodId)) {
    pay(world, transaction);
    complete(world, transaction);
    return true;
  }
  fallPastDue(world, subscription, transaction);
  return false;
}

/** What was billed goes out with its number (REFERENCE 3.3). It is past due when its terms have elapsed. */
export function sendInvoice(world: World, transaction: Transaction): void {
  numberInvoice(world, transaction);
  world.emitTwin('transaction.updated', transaction);
  const terms = transaction.billing_details?.payment_terms ?? { interval: 'day', frequency: 30 };
  world.tables.agenda.set(`invoice ${transaction.id}`, addDurations(world.now, terms, 1));
}

export function fallPastDue(world: World, subscription: Subscription, transaction: Transaction): void {
  world.pass(1_000, 3_000);
  announceStatus(world, transaction, 'past_due');
  world.pass(500, 1_200);
  world.life(subscription).dunning = { transactionId: transaction.id, since: world.now, retries: 0 };
  update(world, subscription, { status: 'past_due' }, 'past_due');
}

/** Tries the payment again; after the last try the subscription ends or is paused. */
export function retry(world: World, subscription: Subscription): void {
  const life = world.life(subscription);
  const transaction = pastDueTransaction(world, subscription)!;
  if (subscription.collection_mode === 'automatic' && life.dunning!.retries >= world.assumptions.dunningRetryDays.length) {
    if (world.assumptions.dunningExhausted === 'cancel') cancelNow(world, subscription);
    else pauseNow(world, subscription);
    return;
  }
  life.dunning!.retries++;
  if (collect(world, transaction, life.paymentMethodId)) recover(world, subscription, transaction);
  else {
    announce(world, 'updated', transaction);
    reschedule(world, subscription);
  }
}

/** The outstanding transaction is paid: the subscription is active again. */
export function recover(world: World, subscription: Subscription, transaction: Transaction): void {
  pay(world, transaction);
  complete(world, transaction);
  world.life(subscription).dunning = null;
  update(world, subscription, { status: 'active' }, 'activated');
}

/** The seller gives up what is unpaid. A subscription that waited for it is active again: nothing is outstanding (assumed). */
export function giveUp(world: World, transaction: Transaction): void {
  cancelTransaction(world, transaction);
  const subscription = world.tables.subscriptions.get(transaction.subscription_id ?? '');
  if (!subscription || world.life(subscription).dunning?.transactionId !== transaction.id) return;
  world.life(subscription).dunning = null;
  update(world, subscription, { status: 'active' }, 'activated');
}

export function cancelNow(world: World, subscription: Subscription): void {
  const unpaid = pastDueTransaction(world, subscription);
  world.life(subscription).dunning = null;
  const ended = endPeriod(world, subscription);
  const change = { ...ended, status: 'canceled', scheduled_change: null, canceled_at: world.instant() } as const;
  update(world, subscription, change, 'canceled');
  if (unpaid) cancelTransaction(world, unpaid);
}

/** Renewals that are past due are canceled, so that resuming does not charge twice (REFERENCE 6, row 16). */
export function pauseNow(world: World, subscription: Subscription): void {
  const life = world.life(subscription);
  const unpaid = pastDueTransaction(world, subscription);
  const resumeAt = subscription.scheduled_change?.action === 'pause' ? subscription.scheduled_change.resume_at : null;
  life.dunning = null;
  life.interruptedUntil = subscription.status === 'active' ? life.nextBillAt : null;
  const ended = endPeriod(world, subscription, world.assumptions.periodWhilePaused === 'kept');
  const scheduled = resumeAt ? ({ action: 'resume', effective_at: resumeAt, resume_at: null } as const) : null;
  update(world, subscription, { ...ended, status: 'paused', scheduled_change: scheduled, paused_at: world.instant() }, 'paused');
  if (unpaid) cancelTransaction(world, unpaid);
}

/**
 * Ends a pause. Either the period that was interrupted goes on, without a charge, or a new one begins and is paid at once;
 * the events of the resumption come before that payment is known (REFERENCE 3.3).
 */
export function resumeNow(
  world: World,
  subscription: Subscription,
  onResume: 'start_new_billing_period' | 'continue_existing_billing_period',
): void {
  const life = world.life(subscription);
  const goesOn = onResume === 'continue_existing_billing_period' && (life.interruptedUntil ?? 0) > world.now;
  const base = { scheduled_change: null, paused_at: null } as const;
  if (goesOn) {
    const dates = enterPeriod(world, subscription, life.anchor, life.cycle);
    update(world, subscription, { ...dates, ...base, status: 'active' }, 'resumed');
    return;
  }
  const dates = enterPeriod(world, subscription, world.now, 0);
  const firstBilledAt = subscription.first_billed_at ?? world.instant();
  const change = { ...dates, ...base, first_billed_at: firstBilledAt, status: world.assumptions.statusAtResumed };
  update(world, subscription, change, 'resumed');
  if (billPeriod(world, subscription)) update(world, subscription, { status: 'active' }, 'activated');
}
