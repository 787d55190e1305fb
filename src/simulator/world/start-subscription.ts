import { addDurations } from './calendar';
import type { Discount, Duration, Subscription, SubscriptionItem } from './entities';
import type { Transaction } from './money-entities';
import type { Life } from './life';
import { enterPeriod, reschedule } from './subscription';
import { instantOf, type Micros } from './time';
import type { World } from './world';

/** Whether paying this transaction starts a subscription: it holds recurring items and belongs to none yet. */
export function startsSubscription({ items, subscription_id: subscriptionId, origin }: Transaction): boolean {
  return subscriptionId === null && (origin === 'web' || origin === 'api') && items.some(({ price }) => price.billing_cycle);
}

/** Starts the subscription of a paid (or, for invoices, billed) transaction, trialing where its prices have a trial. */
export function startSubscription(world: World, transaction: Transaction, paymentMethodId: string | null): Subscription {
  const recurring = transaction.items.filter(({ price }) => price.billing_cycle);
  const cycle = recurring[0]!.price.billing_cycle!;
  const trial = recurring.find(({ price }) => price.trial_period)?.price.trial_period ?? null;
  const startedAt = world.now;
  const trialEndsAt = trial ? addDurations(startedAt, trial, 1) : null;
  const id = world.id('sub');
  world.tables.lives.set(id, newLife(startedAt, paymentMethodId));
  const subscription: Subscription = {
    id,
    status: trial ? 'trialing' : 'active',
    customer_id: transaction.customer_id!,
    address_id: transaction.address_id!,
    business_id: transaction.business_id,
    currency_code: transaction.currency_code,
    created_at: instantOf(startedAt).replace(/\d{3}Z$/, 'Z'),
    updated_at: world.instant(),
    started_at: world.instant(),
    first_billed_at: trial ? null : world.instant(),
    next_billed_at: null,
    paused_at: null,
    canceled_at: null,
    discount: discountOf(world, transaction),
    collection_mode: transaction.collection_mode,
    billing_details: transaction.billing_details,
    current_billing_period: null,
    billing_cycle: cycle,
    scheduled_change: null,
    custom_data: transaction.custom_data,
    import_meta: null,
    consent_requirements: [],
    items: recurring.map(({ price, quantity }): SubscriptionItem => ({
      status: 'active',
      quantity,
      recurring: true,
      created_at: world.instant(),
      updated_at: world.instant(),
      previously_billed_at: null,
      next_billed_at: null,
      trial_dates: null,
      price,
      product: world.find(world.tables.products, price.product_id),
    })),
  };
  world.tables.subscriptions.set(id, subscription);
  if (trialEndsAt === null) Object.assign(subscription, enterPeriod(world, subscription, startedAt, 0));
  else enterTrial(world, subscription, startedAt, trialEndsAt);
  transaction.subscription_id = id;
  transaction.billing_period = subscription.current_billing_period;
  world.emit('subscription.created', subscription, { transaction_id: transaction.id });
  world.emitTwin(trial ? 'subscription.trialing' : 'subscription.activated', subscription);
  reschedule(world, subscription);
  return subscription;
}

function enterTrial(world: World, subscription: Subscription, startedAt: Micros, endsAt: Micros): void {
  const dates = { starts_at: instantOf(startedAt), ends_at: instantOf(endsAt) };
  world.life(subscription).nextBillAt = endsAt;
  subscription.current_billing_period = dates;
  subscription.next_billed_at = dates.ends_at;
  for (const item of subscription.items) {
    Object.assign(item, { status: 'trialing', trial_dates: dates, next_billed_at: dates.ends_at });
  }
}

function newLife(anchor: Micros, paymentMethodId: string | null): Life {
  return {
    anchor,
    cycle: 0,
    nextBillAt: null,
    paymentMethodId,
    dunning: null,
    carried: [],
    onResume: 'start_new_billing_period',
    interruptedUntil: null,
    immediateCharges: [],
  };
}

/** A discount goes on with the subscription when it recurs, for as many periods as it says. */
function discountOf(world: World, transaction: Transaction): Subscription['discount'] {
  const discount = transaction.discount_id ? world.tables.discounts.get(transaction.discount_id) : undefined;
  if (!discount?.recur) return null;
  const cycle = transaction.items.find(({ price }) => price.billing_cycle)!.price.billing_cycle!;
  return runOf(discount, cycle, world.now);
}

/** From when to when a discount holds: once, for some periods, or for good. */
export function runOf(discount: Discount, cycle: Duration, startsAt: Micros): NonNullable<Subscription['discount']> {
  const intervals = discount.recur ? discount.maximum_recurring_intervals : 1;
  const endsAt = intervals === null ? null : instantOf(addDurations(startsAt, cycle, intervals));
  return { id: discount.id, starts_at: instantOf(startsAt), ends_at: endsAt };
}
