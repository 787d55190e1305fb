import type { BillingDetails, CustomData, Subscription } from './entities';
import type { TransactionItem } from './money-entities';
import { chargeNow, checkChargeLimits } from './immediate-charge';
import { planChange, type PlannedChange, type ProrationMode } from './plan-change';
import { requestedItems, type PriceReference } from './requested-items';
import { SimulatorError } from './simulator-error';
import { enterPeriod, update } from './subscription';
import { refuseCanceled, refuseLocked, RENEWAL_LOCK, withScheduled } from './subscription-commands';
import { runOf } from './start-subscription';
import { instantOf, microsOf } from './time';
import type { World } from './world';

export type OnPaymentFailure = 'prevent_change' | 'apply_change';

/** The body of `PATCH /subscriptions/{id}` (REFERENCE 4.2). */
export interface SubscriptionRequest {
  customer_id?: string;
  address_id?: string;
  business_id?: string | null;
  currency_code?: string;
  next_billed_at?: string;
  discount?: { id: string; effective_from: 'immediately' | 'next_billing_period' } | null;
  collection_mode?: 'automatic' | 'manual';
  billing_details?: BillingDetails | null;
  /** Only null is good. */
  scheduled_change?: object | null;
  items?: PriceReference[];
  custom_data?: CustomData;
  proration_billing_mode?: ProrationMode;
  on_payment_failure?: OnPaymentFailure;
}

const CODES = {
  notFound: 'not_found',
  duplicate: 'subscription_duplicate_price_ids',
  quantity: 'subscription_quantity_not_valid',
  quantityMissing: 'subscription_quantity_missing_for_new_items',
};

export function updateSubscription(world: World, subscription: Subscription, request: SubscriptionRequest): void {
  const plan = checkedChange(world, subscription, request);
  const change = plan ? applyItems(world, subscription, plan, request) : {};
  Object.assign(change, otherFields(world, subscription, request));
  if (request.next_billed_at !== undefined) {
    Object.assign(change, moveNextBill(world, { ...subscription, ...change }, request.next_billed_at));
  }
  Object.assign(change, scheduledFields(world, subscription, { ...subscription, ...change }, request));
  if (Object.keys(change).length > 0) update(world, subscription, change);
}

/** A scheduled change goes when it is taken back, and moves with the end of the period that it waits for. */
function scheduledFields(
  world: World,
  subscription: Subscription,
  changed: Subscription,
  { scheduled_change: wanted }: SubscriptionRequest,
): Partial<Subscription> {
  const { scheduled_change: scheduled } = subscription;
  if (!scheduled) return {};
  if (wanted === null) return withScheduled(world, changed, null);
  const moved = changed.current_billing_period?.ends_at !== subscription.current_billing_period?.ends_at;
  if (!moved || scheduled.action === 'resume') return {};
  return withScheduled(world, changed, { ...scheduled, effective_at: instantOf(world.life(subscription).nextBillAt!) });
}

/** Refuses what Paddle refuses, and says what a change of items would do; null when the items stay. */
export function checkedChange(
  world: World,
  subscription: Subscription,
  request: SubscriptionRequest,
  preview = false,
): PlannedChange | null {
  refuseCanceled(subscription, 'subscription_update_when_canceled');
  if (request.scheduled_change) {
    throw new SimulatorError('subscription_scheduled_change_invalid_update', 'A scheduled change can only be removed, by null');
  }
  refuseLocked(world, subscription);
  checkNamed(world, subscription, request);
  const bills = request.items !== undefined || request.next_billed_at !== undefined;
  if (bills) refuseBillingChange(world, subscription, request);
  if (request.next_billed_at && microsOf(request.next_billed_at) - world.now < RENEWAL_LOCK) {
    throw new SimulatorError('subscription_next_billed_at_too_soon', 'The next bill must be 30 minutes ahead');
  }
  if (!request.items) return null;
  const kept = new Map(subscription.items.map(({ price, quantity }) => [price.id, quantity]));
  const wanted = requestedItems(world, request.items, { codes: CODES, kept, preview });
  const moment = { now: world.now, endsAt: world.life(subscription).nextBillAt };
  return planChange(subscription, wanted, request.proration_billing_mode!, moment);
}

function refuseBillingChange(world: World, subscription: Subscription, request: SubscriptionRequest): void {
  const { proration_billing_mode: mode } = request;
  if (!mode) {
    const detail = 'proration_billing_mode is needed when items or next_billed_at change';
    throw new SimulatorError('subscription_items_update_missing_proration_billing_mode', detail);
  }
  if (subscription.status === 'past_due') {
    throw new SimulatorError('subscription_update_when_past_due', 'The subscription is past due');
  }
  if (subscription.status === 'trialing') refuseInTrial(world, request, mode);
  if (subscription.status === 'paused') refuseWhilePaused(request, mode);
  const leavesScheduled = subscription.scheduled_change && request.scheduled_change === undefined;
  if (leavesScheduled && mode.endsWith('next_billing_period')) {
    const detail = `The subscription is going to ${subscription.scheduled_change!.action}: there may be no next bill`;
    throw new SimulatorError('subscription_invalid_billing_mode_for_scheduled_change', detail);
  }
  if (hasPendingRefund(world, subscription)) {
    throw new SimulatorError('subscription_outstanding_pending_refund', 'A refund awaits approval');
  }
}

/** Whatever the body names has to exist, and belong together, before anything is charged. */
function checkNamed(world: World, subscription: Subscription, request: SubscriptionRequest): void {
  if (request.discount) world.find(world.tables.discounts, request.discount.id);
  const customerId = request.customer_id ?? subscription.customer_id;
  world.find(world.tables.customers, customerId);
  const address = world.find(world.tables.addresses, request.address_id ?? subscription.address_id);
  const businessId = request.business_id === undefined ? subscription.business_id : request.business_id;
  const business = businessId === null ? null : world.find(world.tables.businesses, businessId);
  if (address.customer_id === customerId && (business?.customer_id ?? customerId) === customerId) return;
  const detail = 'The address or the business is another customer’s';
  throw new SimulatorError('subscription_update_causing_customer_mismatch_not_allowed', detail);
}

/** The end of a trial can move; whether its items can change, sources disagree about (`itemsInTrial`). */
function refuseInTrial(world: World, { items }: SubscriptionRequest, mode: ProrationMode): void {
  if (items && world.assumptions.itemsInTrial === 'refused') {
    throw new SimulatorError('subscription_update_when_trialing', 'Items cannot change during a trial');
  }
  if (mode !== 'do_not_bill') {
    throw new SimulatorError('subscription_trialing_items_update_invalid_options', 'During a trial: do_not_bill');
  }
}

function refuseWhilePaused(request: SubscriptionRequest, mode: ProrationMode): void {
  if (request.next_billed_at !== undefined) {
    throw new SimulatorError('subscription_only_update_items_on_paused_subscription', 'Only items can change while paused');
  }
  if (mode !== 'do_not_bill') {
    throw new SimulatorError('subscription_incorrect_proration_on_paused_subscription', 'While paused: do_not_bill');
  }
}

function hasPendingRefund(world: World, { id }: Subscription): boolean {
  for (const { subscription_id, status } of world.tables.adjustments.values()) {
    if (subscription_id === id && status === 'pending_approval') return true;
  }
  return false;
}

/** Charges first, where the mode says so, and changes then: the transaction's events come before the subscription's. */
function applyItems(
  world: World,
  subscription: Subscription,
  plan: PlannedChange,
  request: SubscriptionRequest,
): Partial<Subscription> {
  const life = world.life(subscription);
  const immediate = request.proration_billing_mode!.endsWith('immediately');
  if (immediate && plan.lines.length > 0) {
    checkChargeLimits(world, subscription);
    chargeNow(world, subscription, 'subscription_update', plan.lines, request.on_payment_failure ?? 'prevent_change');
  } else {
    life.carried.push(...plan.lines.map(carried));
  }
  const change = { items: plan.items, billing_cycle: plan.billingCycle };
  if (plan.newAnchor === null || subscription.status !== 'active') return change;
  return { ...change, ...enterPeriod(world, { ...subscription, ...change }, plan.newAnchor, 0) };
}

function carried({ price, quantity, proration }: TransactionItem) {
  return { priceId: price.id, quantity, proration };
}

function otherFields(world: World, subscription: Subscription, request: SubscriptionRequest): Partial<Subscription> {
  const change: Partial<Subscription> = {};
  if (request.customer_id !== undefined) moveToCustomer(world, subscription, request.customer_id);
  for (const key of [
    'customer_id',
    'address_id',
    'business_id',
    'currency_code',
    'collection_mode',
    'billing_details',
    'custom_data',
  ] as const) {
    if (request[key] !== undefined) Object.assign(change, { [key]: request[key] });
  }
  if (request.discount !== undefined) {
    change.discount = request.discount && newDiscount(world, subscription, request.discount);
  }
  return change;
}

function newDiscount(
  world: World,
  subscription: Subscription,
  { id, effective_from: from }: NonNullable<SubscriptionRequest['discount']>,
): Subscription['discount'] {
  const { nextBillAt } = world.life(subscription);
  const startsAt = from === 'next_billing_period' && nextBillAt !== null ? nextBillAt : world.now;
  return runOf(world.find(world.tables.discounts, id), subscription.billing_cycle, startsAt);
}

/** Periods are counted from the new date. */
function moveNextBill(world: World, subscription: Subscription, time: string): Partial<Subscription> {
  const at = microsOf(time);
  Object.assign(world.life(subscription), { nextBillAt: at, anchor: at, cycle: -1 });
  const ends = instantOf(at);
  const period = subscription.current_billing_period;
  return {
    next_billed_at: ends,
    current_billing_period: period && { ...period, ends_at: ends },
    items: subscription.items.map((item) => {
      const trial = subscription.status === 'trialing' && item.trial_dates;
      return { ...item, next_billed_at: ends, trial_dates: trial ? { ...trial, ends_at: ends } : item.trial_dates };
    }),
  };
}

/** Another customer: the payment method is not theirs (REFERENCE 3.3). */
function moveToCustomer(world: World, subscription: Subscription, customerId: string): void {
  if (customerId !== subscription.customer_id) world.life(subscription).paymentMethodId = null;
}
