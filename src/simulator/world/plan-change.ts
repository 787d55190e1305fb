import { addDurations, sameDuration } from './calendar';
import type { Duration, Period, Subscription, SubscriptionItem } from './entities';
import type { TransactionItem } from './money-entities';
import type { RequestedItem } from './requested-items';
import { SimulatorError } from './simulator-error';
import { instantOf, microsOf, MINUTE, type Micros } from './time';

export type ProrationMode =
  'prorated_immediately' | 'prorated_next_billing_period' | 'full_immediately' | 'full_next_billing_period' | 'do_not_bill';

/** What a change of items does: how the subscription looks after it, and what it costs. */
export interface PlannedChange {
  items: SubscriptionItem[];
  billingCycle: Duration;
  /** Only when the billing cycle changes: the new period begins now. */
  newAnchor: Micros | null;
  /** Charges, and credits with a negative quantity. */
  lines: TransactionItem[];
}

interface Moment {
  now: Micros;
  /** When the current period ends. */
  endsAt: Micros | null;
}

/** Compares the wanted items with those there are. Pure; nothing is charged here. */
export function planChange(
  subscription: Subscription,
  wanted: RequestedItem[],
  mode: ProrationMode,
  { now, endsAt }: Moment,
): PlannedChange {
  const recurring = wanted.filter(({ price }) => price.billing_cycle);
  checkWanted(wanted, recurring);
  const billingCycle = recurring[0]!.price.billing_cycle!;
  const cycleChanges = !sameDuration(billingCycle, subscription.billing_cycle);
  const newAnchor = cycleChanges && subscription.status !== 'trialing' ? now : null;
  const current = subscription.current_billing_period;
  const rest: Period = { starts_at: instantOf(now), ends_at: instantOf(endsAt ?? now) };
  const rate = current && endsAt !== null ? remainingRate(current, now, endsAt) : '0';
  const prorated = mode.startsWith('prorated');
  const lineOf = (item: { price: TransactionItem['price'] }, quantity: number, full: boolean): TransactionItem => ({
    price: item.price,
    quantity,
    proration: prorated && !full ? { rate, billing_period: rest } : null,
  });
  const lines =
    mode === 'do_not_bill' || subscription.status === 'trialing'
      ? []
      : differences(subscription.items, recurring, cycleChanges).map(({ item, quantity }) =>
          lineOf(item, quantity, cycleChanges && quantity > 0),
        );
  return { items: newItems(subscription, recurring, now), billingCycle, newAnchor, lines };
}

function checkWanted(wanted: RequestedItem[], recurring: RequestedItem[]): void {
  if (wanted.length === 0) throw new SimulatorError('subscription_all_items_removed', 'A subscription needs an item');
  if (recurring.length === 0) throw new SimulatorError('subscription_no_recurring_items_remain', 'A recurring item must remain');
  const [first] = recurring;
  const mixed = recurring.some(({ price }) => !sameDuration(price.billing_cycle!, first!.price.billing_cycle!));
  if (mixed || recurring.length < wanted.length) {
    throw new SimulatorError('subscription_new_items_not_valid', 'All items must recur in the same billing cycle');
  }
}

/** What comes and what goes. A new billing cycle replaces everything. */
function differences(before: SubscriptionItem[], after: RequestedItem[], replaceAll: boolean) {
  const old = new Map(before.map((item) => [item.price.id, item]));
  const wanted = new Map(after.map((item) => [item.price.id, item]));
  const removed = before.flatMap((item) => {
    const quantity = (replaceAll ? 0 : (wanted.get(item.price.id)?.quantity ?? 0)) - item.quantity;
    return quantity < 0 ? [{ item, quantity }] : [];
  });
  const added = after.flatMap((item) => {
    const quantity = item.quantity - (replaceAll ? 0 : (old.get(item.price.id)?.quantity ?? 0));
    return quantity > 0 ? [{ item, quantity }] : [];
  });
  return [...added, ...removed];
}

/** How much of the period is left, to the minute (REFERENCE 4.2). */
function remainingRate({ starts_at: startsAt }: Period, now: Micros, endsAt: Micros): string {
  const whole = Math.round((endsAt - microsOf(startsAt)) / MINUTE);
  const left = Math.max(0, Math.floor((endsAt - now) / MINUTE));
  return whole === 0 ? '0' : (Math.min(left, whole) / whole).toFixed(5);
}

/** An item that stays keeps the price it was bought at; a new one takes today's. */
function newItems(subscription: Subscription, wanted: RequestedItem[], now: Micros): SubscriptionItem[] {
  const old = new Map(subscription.items.map((item) => [item.price.id, item]));
  const [model] = subscription.items;
  return wanted.map(({ price, product, quantity }): SubscriptionItem => {
    const kept = old.get(price.id);
    if (kept) return kept.quantity === quantity ? kept : { ...kept, quantity, updated_at: instantOf(now) };
    return {
      status: subscription.status === 'trialing' ? 'trialing' : 'active',
      quantity,
      recurring: true,
      created_at: instantOf(now),
      updated_at: instantOf(now),
      previously_billed_at: subscription.status === 'active' ? instantOf(now) : null,
      next_billed_at: model?.next_billed_at ?? null,
      trial_dates: subscription.status === 'trialing' ? (model?.trial_dates ?? null) : null,
      price,
      product,
    };
  });
}

/** The period that a change of the billing cycle begins. */
export function newPeriod({ newAnchor, billingCycle }: PlannedChange): Period | null {
  if (newAnchor === null) return null;
  return { starts_at: instantOf(newAnchor), ends_at: instantOf(addDurations(newAnchor, billingCycle, 1)) };
}
