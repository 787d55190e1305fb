import type { Subscription } from './entities';
import type { Transaction, TransactionItem } from './money-entities';
import { collect } from './payments';
import { requestedItems, type PriceReference, type RequestedItem } from './requested-items';
import { SimulatorError } from './simulator-error';
import { billSubscription } from './subscription';
import { refuseCanceled, refuseLocked } from './subscription-commands';
import { DAY, HOUR } from './time';
import { announce, announceStatus, cancelTransaction, complete, pay } from './transactions';
import type { World } from './world';

const CHARGES_AN_HOUR = 20;
const CHARGES_A_DAY = 100;

/** @throws SimulatorError when a subscription was charged too often (REFERENCE 4.1) */
export function checkChargeLimits(world: World, subscription: Subscription): void {
  const life = world.life(subscription);
  life.immediateCharges = life.immediateCharges.filter((at) => at > world.now - DAY);
  if (life.immediateCharges.filter((at) => at > world.now - HOUR).length >= CHARGES_AN_HOUR) {
    throw new SimulatorError('subscription_immediate_charge_hour_limit_exceeded', '20 charges within an hour');
  }
  if (life.immediateCharges.length >= CHARGES_A_DAY) {
    throw new SimulatorError('subscription_immediate_charge_24_hour_limit_exceeded', '100 charges within a day');
  }
  life.immediateCharges.push(world.now);
}

/**
 * Bills items of a subscription at once. Declined, the bill is canceled and nothing changes, or, with `apply_change`,
 * it stays past due; the subscription itself does not enter dunning for it (REFERENCE 4.2).
 * @throws SimulatorError `subscription_payment_declined`
 */
export function chargeNow(
  world: World,
  subscription: Subscription,
  origin: 'subscription_update' | 'subscription_charge',
  items: TransactionItem[],
  onFailure: 'prevent_change' | 'apply_change',
): Transaction {
  const { paymentMethodId } = world.life(subscription);
  if (paymentMethodId === null && subscription.collection_mode === 'automatic') {
    throw new SimulatorError('subscription_missing_payment_method_cannot_update', 'There is no payment method');
  }
  const transaction = billSubscription(world, subscription, origin, items);
  announce(world, 'created', transaction);
  world.emitTwin('transaction.billed', transaction);
  if (collect(world, transaction, paymentMethodId)) {
    pay(world, transaction);
    complete(world, transaction);
    return transaction;
  }
  if (onFailure === 'prevent_change') {
    cancelTransaction(world, transaction);
    throw new SimulatorError('subscription_payment_declined', 'The payment was declined; nothing has changed');
  }
  announceStatus(world, transaction, 'past_due');
  return transaction;
}

/** The body of `POST /subscriptions/{id}/charge`. */
export interface ChargeRequest {
  effective_from: 'immediately' | 'next_billing_period';
  items: PriceReference[];
  on_payment_failure?: 'prevent_change' | 'apply_change';
}

const CODES = {
  notFound: 'not_found',
  duplicate: 'subscription_charge_duplicate_price_ids',
  quantity: 'subscription_quantity_not_valid',
  quantityMissing: 'subscription_quantity_missing_for_new_items',
};

export function checkedCharge(
  world: World,
  subscription: Subscription,
  request: ChargeRequest,
  preview: boolean,
): RequestedItem[] {
  refuseCanceled(subscription);
  if (subscription.status !== 'active' && subscription.status !== 'trialing') {
    throw new SimulatorError('subscription_not_active', `The subscription is ${subscription.status}`);
  }
  refuseLocked(world, subscription);
  const items = requestedItems(world, request.items, { codes: CODES, preview });
  if (items.some(({ price }) => price.billing_cycle)) {
    throw new SimulatorError('subscription_new_items_not_valid', 'Only one-time prices can be charged');
  }
  return items;
}

/** A one-time charge; for the next period it goes on the bill of the renewal, and no event tells of it until then. */
export function charge(world: World, subscription: Subscription, request: ChargeRequest): void {
  const items = checkedCharge(world, subscription, request, false);
  if (request.effective_from === 'next_billing_period') {
    const carried = items.map(({ price, quantity }) => ({ priceId: price.id, quantity, proration: null }));
    world.life(subscription).carried.push(...carried);
    return;
  }
  checkChargeLimits(world, subscription);
  const lines = items.map(({ price, quantity }) => ({ price, quantity, proration: null }));
  chargeNow(world, subscription, 'subscription_charge', lines, request.on_payment_failure ?? 'prevent_change');
}
