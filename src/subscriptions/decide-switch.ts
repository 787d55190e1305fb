import { DomainError } from '../platform/domain-error';
import { parseInstant, type Instant } from '../platform/instant';
import type { EffectiveFrom, OrderedItem, ProrationBillingMode } from '../provider';
import {
  invalid,
  refuseCanceled,
  refuseLocked,
  refusePastDue,
  refuseScheduled,
  renewing,
  WISHES,
  type Decidable,
  type Decision,
} from './decide-command';
import { itemsOf, sameItems, switchAt } from './scheduled-switch';
import type { Subscription } from './subscription';

/** What of the catalog a switch is decided with. */
export interface SwitchablePrice {
  id: string;
  productId: string;
  recurring: boolean;
  /** Sold now, and to everybody. */
  offered: boolean;
  /** Subscribers may switch to it, as far as the configuration says. */
  switchable: boolean;
  billingCycle: { interval: string; frequency: number } | null;
  quantity: { min: number; max: number };
}

export interface WantedSwitch {
  /** One price: takes the place of the plan. */
  priceId?: string;
  quantity?: number;
  /** Or everything that the subscription shall have. */
  items?: { priceId: string; quantity?: number }[];
  prorationBillingMode?: ProrationBillingMode;
  onPaymentFailure?: 'prevent_change' | 'apply_change';
  effectiveFrom?: EffectiveFrom;
}

type Prices = ReadonlyMap<string, SwitchablePrice>;

/**
 * Changes plan, seats or addons, now or when the next period begins.
 * @param prices the catalog of the subscription's environment
 */
export function decideSwitch(state: Decidable, wanted: WantedSwitch, prices: Prices): Decision & { dueAt: string | null } {
  const { subscription, now } = state;
  refuseCanceled(subscription);
  refusePastDue(subscription);
  if (subscription.status === 'paused') {
    throw new DomainError('subscription_paused', 'The subscription is paused. Resume it first, then switch.');
  }
  refuseScheduled(subscription);
  refuseLocked(subscription, now);
  const items = wantedItems(subscription, wanted, prices);
  if (sameItems(items, itemsOf(subscription))) {
    throw new DomainError('same_plan', 'The subscription has exactly these items already.');
  }
  if (wanted.effectiveFrom === 'next_billing_period') return later(state, items);
  const trialing = subscription.status === 'trialing';
  const prorationBillingMode = wanted.prorationBillingMode ?? (trialing ? 'do_not_bill' : 'prorated_immediately');
  const onPaymentFailure = wanted.onPaymentFailure ?? 'prevent_change';
  return { type: WISHES.switch, details: { items, prorationBillingMode, onPaymentFailure }, dueAt: null };
}

function later({ subscription, scheduled, now }: Decidable, items: OrderedItem[]): Decision & { dueAt: string | null } {
  const dueAt = switchAt(subscription);
  if (scheduled) {
    throw new DomainError(
      'already_scheduled',
      'Another switch is scheduled already. Resume the subscription first, then repeat.',
    );
  }
  if (dueAt === null) {
    throw new DomainError('subscription_not_active', 'The subscription has no next billing period.');
  }
  // The renewal has begun and has not been heard of: the change would be made at once, and nobody would pay for it.
  if (isOver(subscription.nextBilledAt, now)) throw renewing('is being renewed');
  const details = { items, basedOn: itemsOf(subscription), effectiveAt: subscription.nextBilledAt };
  return { type: WISHES.switchLater, details, dueAt };
}

function isOver(time: string | null, now: Instant): boolean {
  return ((time && parseInstant(time)) ?? '') <= now;
}

/** The full list that is asked for, checked against the catalog. */
export function wantedItems(subscription: Subscription, wanted: WantedSwitch, prices: Prices): OrderedItem[] {
  const named = wanted.items ? listed(subscription, wanted.items) : replaced(subscription, wanted, prices);
  const seen = new Set<string>();
  for (const [index, { priceId, quantity }] of named.entries()) {
    const pointer = wanted.items ? `/items/${index}` : '';
    if (seen.has(priceId)) throw invalid(`${pointer}/priceId`, 'is on the list twice');
    seen.add(priceId);
    check(subscription, prices.get(priceId), { priceId, quantity }, pointer);
  }
  refuseMixedCycles(named, subscription, prices);
  return named;
}

/** An item that is there already keeps its quantity unless another is named. */
function listed({ items }: Subscription, wanted: { priceId: string; quantity?: number }[]): OrderedItem[] {
  if (wanted.length === 0) throw invalid('/items', 'must name an item');
  const current = new Map(items.map(({ priceId, quantity }) => [priceId, quantity]));
  return wanted.map(({ priceId, quantity }) => ({ priceId, quantity: quantity ?? current.get(priceId) ?? 1 }));
}

/**
 * One price takes the place of the item of its product, else of the plan, which is the first item. With a plan of another
 * billing cycle addons move to the price that their product has for it; an addon never moves the plan.
 */
function replaced({ items }: Subscription, { priceId, quantity }: WantedSwitch, prices: Prices): OrderedItem[] {
  if (!priceId) throw invalid('/priceId', 'is needed, or else items');
  const price = prices.get(priceId);
  const place =
    items.find((item) => item.priceId === priceId) ?? items.find((item) => item.productId === price?.productId) ?? items[0];
  if (!place) return [{ priceId, quantity: quantity ?? 1 }];
  const sameProduct = place.productId === price?.productId;
  const kept = quantity ?? (sameProduct || fits(price, place.quantity) ? place.quantity : 1);
  return items.map((item) => {
    if (item === place) return { priceId, quantity: kept };
    const stays = place !== items[0];
    return { priceId: stays ? item.priceId : inCycleOf(price, item.priceId, prices), quantity: item.quantity };
  });
}

function fits(price: SwitchablePrice | undefined, quantity: number): boolean {
  return price !== undefined && quantity >= price.quantity.min && quantity <= price.quantity.max;
}

/** An addon cannot have another billing cycle than the plan: its product's price with the same cycle takes over, where there is just one. */
function inCycleOf(plan: SwitchablePrice | undefined, addonId: string, prices: Prices): string {
  const addon = prices.get(addonId);
  if (!plan || !addon || sameCycle(plan, addon)) return addonId;
  const siblings = [...prices.values()].filter(
    (one) => one.productId === addon.productId && one.offered && one.switchable && sameCycle(one, plan),
  );
  return siblings.length === 1 ? siblings[0]!.id : addonId;
}

function sameCycle(a: SwitchablePrice, b: SwitchablePrice): boolean {
  return a.billingCycle?.interval === b.billingCycle?.interval && a.billingCycle?.frequency === b.billingCycle?.frequency;
}

/** A price that the subscription has already may stay, though it is not sold any more. */
function check(subscription: Subscription, price: SwitchablePrice | undefined, item: OrderedItem, pointer: string): void {
  const current = subscription.items.find(({ priceId }) => priceId === item.priceId);
  if (current?.quantity === item.quantity) return;
  if (!price?.recurring || !(current || (price.offered && price.switchable))) {
    const detail = `One cannot switch to ${item.priceId}: it ${whyNot(price)}.`;
    throw new DomainError('price_not_switchable', detail, { priceId: item.priceId });
  }
  if (!fits(price, item.quantity)) {
    throw invalid(`${pointer}/quantity`, `of ${item.priceId} must be from ${price.quantity.min} to ${price.quantity.max}`);
  }
}

function whyNot(price: SwitchablePrice | undefined): string {
  if (!price) return 'is not known here';
  if (!price.recurring) return 'is bought once, not subscribed to';
  return price.offered ? 'is not offered to those who subscribe already' : 'is not sold any more';
}

function refuseMixedCycles(items: OrderedItem[], subscription: Subscription, prices: Prices): void {
  const known = items.flatMap(({ priceId }) => prices.get(priceId) ?? []);
  const [first] = known;
  const other = known.find((price) => !sameCycle(price, first!));
  if (!other) return;
  const detail = `All items need the same billing cycle; ${other.id} has another than ${first!.id}. Name all items.`;
  throw new DomainError('price_not_switchable', detail, { priceId: other.id, subscriptionId: subscription.id });
}
