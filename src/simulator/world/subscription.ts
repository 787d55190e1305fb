import { addDurations } from './calendar';
import type { Subscription } from './entities';
import type { Transaction, TransactionItem } from './money-entities';
import { DAY, instantOf, microsOf, type Micros } from './time';
import { openTransaction } from './transactions';
import type { World } from './world';

/** Changes a subscription and announces it: the catch-all event first, then the one that names what happened. */
export function update(world: World, subscription: Subscription, change: Partial<Subscription>, named?: string): void {
  Object.assign(subscription, change, { updated_at: world.instant() });
  world.emit('subscription.updated', subscription);
  if (named) world.emitTwin(`subscription.${named}`, subscription);
  reschedule(world, subscription);
}

/** Puts down when time changes this subscription next. */
export function reschedule(world: World, subscription: Subscription): void {
  const at = nextMoment(world, subscription);
  const key = `subscription ${subscription.id}`;
  if (at === null) world.tables.agenda.delete(key);
  else world.tables.agenda.set(key, at);
}

function nextMoment(world: World, subscription: Subscription): Micros | null {
  const { status, scheduled_change: change } = subscription;
  const life = world.life(subscription);
  const changeAt = change ? microsOf(change.effective_at) : null;
  if (status === 'canceled') return null;
  if (status === 'paused') return changeAt;
  if (life.dunning && subscription.collection_mode === 'manual') return changeAt; // Paddle leaves unpaid invoices to the seller.
  if (life.dunning) return earliest(changeAt, nextDunning(world, life.dunning));
  return earliest(changeAt, life.nextBillAt);
}

function nextDunning(world: World, { since, retries }: { since: Micros; retries: number }): Micros {
  const { dunningRetryDays, dunningExhaustedDays } = world.assumptions;
  return since + (dunningRetryDays[retries] ?? dunningExhaustedDays) * DAY;
}

function earliest(a: Micros | null, b: Micros | null): Micros | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** Enters the period that is `cycle` periods after the anchor. */
export function enterPeriod(world: World, subscription: Subscription, anchor: Micros, cycle: number): Partial<Subscription> {
  const life = world.life(subscription);
  const [startsAt, endsAt] = [cycle, cycle + 1].map((count) => addDurations(anchor, subscription.billing_cycle, count)) as [
    Micros,
    Micros,
  ];
  Object.assign(life, { anchor, cycle, nextBillAt: endsAt });
  const previous = instantOf(startsAt);
  const next = instantOf(endsAt);
  return {
    current_billing_period: { starts_at: previous, ends_at: next },
    next_billed_at: next,
    items: subscription.items.map((item) => ({
      ...item,
      status: 'active',
      previously_billed_at: previous,
      next_billed_at: next,
      updated_at: world.instant(),
    })),
  };
}

/** Nothing will be billed: the period and every next bill go, unless Paddle is assumed to keep the period. */
export function endPeriod(world: World, subscription: Subscription, keepPeriod = false): Partial<Subscription> {
  world.life(subscription).nextBillAt = null;
  return {
    next_billed_at: null,
    current_billing_period: keepPeriod ? subscription.current_billing_period : null,
    items: subscription.items.map((item) => ({ ...item, next_billed_at: null, updated_at: world.instant() })),
  };
}

/** What this subscription is billed for each period, with what was carried over. */
export function recurringItems(world: World, subscription: Subscription): TransactionItem[] {
  const carried = world.life(subscription).carried.map(({ priceId, quantity, proration }): TransactionItem => ({
    price: world.find(world.tables.prices, priceId),
    quantity,
    proration,
  }));
  return [...subscription.items.map(({ price, quantity }) => ({ price, quantity, proration: null })), ...carried];
}

/** A transaction of this subscription, already billed, as renewals and changes are (REFERENCE 3.2). */
export function billSubscription(
  world: World,
  subscription: Subscription,
  origin: 'subscription_recurring' | 'subscription_update' | 'subscription_charge',
  items: TransactionItem[],
): Transaction {
  return openTransaction(world, {
    origin,
    status: 'billed',
    customerId: subscription.customer_id,
    addressId: subscription.address_id,
    businessId: subscription.business_id,
    currency: subscription.currency_code,
    items,
    discountId: origin === 'subscription_charge' ? null : discountNow(world, subscription),
    customData: subscription.custom_data,
    subscriptionId: subscription.id,
    period: subscription.current_billing_period,
    collectionMode: subscription.collection_mode,
    billingDetails: subscription.billing_details,
    useCredit: true,
  });
}

/** The discount as long as it runs. */
export function discountNow(world: World, { discount }: Subscription): string | null {
  if (!discount || (discount.starts_at !== null && discount.starts_at > world.instant())) return null;
  return discount.ends_at === null || discount.ends_at > world.instant() ? discount.id : null;
}

/** The unpaid transaction that dunning is about, if any. */
export function pastDueTransaction(world: World, subscription: Subscription): Transaction | null {
  const { dunning } = world.life(subscription);
  const transaction = dunning ? world.find(world.tables.transactions, dunning.transactionId) : null;
  return transaction?.status === 'past_due' ? transaction : null;
}
