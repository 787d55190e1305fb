import { addressIn, createAddress, createCustomer, customerByEmail } from './customers';
import { discountByCode, usableDiscount } from './discounts';
import type { Customer, Subscription } from './entities';
import type { Transaction } from './money-entities';
import type { Card } from './life';
import { becomeReady } from './new-transaction';
import { addPaymentMethod, announcePaymentMethod, collect, removePaymentMethod } from './payments';
import { currencyFor } from './pricing';
import { recover } from './renewals';
import { SimulatorError } from './simulator-error';
import { startsSubscription, startSubscription } from './start-subscription';
import { complete, isOpen, pay, priceItems } from './transactions';
import type { World } from './world';

/** What a person types into the checkout. */
export interface Buyer {
  email: string;
  name: string;
  country: string;
  postalCode: string | null;
}

export interface CheckoutResult {
  paid: boolean;
  subscription: Subscription | null;
}

/** Who buys, and where. Another email than the one it was opened for makes it another customer's (DESIGN 5). */
export function identify(world: World, transaction: Transaction, buyer: Buyer): void {
  refuseClosed(transaction);
  const customer = customerOf(world, transaction, buyer);
  const known = transaction.address_id ? world.tables.addresses.get(transaction.address_id) : undefined;
  const same = known?.customer_id === customer.id && known.country_code === buyer.country;
  const address =
    (same ? known : addressIn(world, customer.id, buyer.country)) ??
    createAddress(world, customer.id, { country_code: buyer.country, postal_code: buyer.postalCode });
  if (transaction.customer_id === customer.id && transaction.address_id === address.id) return;
  transaction.customer_id = customer.id;
  transaction.address_id = address.id;
  const prices = transaction.items.map(({ price }) => price);
  if (transaction.origin === 'web') transaction.currency_code = currencyFor(prices, buyer.country);
  transaction.details = priceItems(world, transaction, false);
  becomeReady(world, transaction);
}

function customerOf(world: World, transaction: Transaction, { email, name }: Buyer): Customer {
  const given = transaction.customer_id ? world.tables.customers.get(transaction.customer_id) : undefined;
  if (given?.email === email) return given;
  return customerByEmail(world, email) ?? createCustomer(world, { email, name });
}

/** The buyer types a discount code. */
export function applyCode(world: World, transaction: Transaction, code: string): void {
  refuseClosed(transaction);
  const discount = discountByCode(world, code);
  if (!discount?.enabled_for_checkout) {
    throw new SimulatorError('transaction_discount_not_found', 'That code is not known');
  }
  transaction.discount_id = usableDiscount(world, discount.id).id;
  transaction.details = priceItems(world, transaction, false);
  becomeReady(world, transaction);
}

/**
 * The buyer presses "Pay". Paid, a transaction with recurring items starts its subscription; one that a subscription waits
 * for settles it; one over a payment method replaces that method.
 */
export function payWith(world: World, transaction: Transaction, card: Card): CheckoutResult {
  refuseClosed(transaction);
  if (transaction.customer_id === null || transaction.address_id === null) {
    throw new SimulatorError('transaction_not_ready_cannot_process_payment', 'Who buys is not known yet');
  }
  const subscription = transaction.subscription_id ? world.find(world.tables.subscriptions, transaction.subscription_id) : null;
  const method = addPaymentMethod(world, transaction, card);
  const refusedCard = card.behaviour === 'declines' && BigInt(transaction.details.totals.balance) === 0n;
  if (refusedCard || !collect(world, transaction, method.id)) {
    world.tables.paymentMethods.delete(method.id);
    world.tables.cards.delete(method.id);
    return { paid: false, subscription };
  }
  announcePaymentMethod(world, method);
  if (subscription) {
    settle(world, transaction, subscription, method.id);
    return { paid: true, subscription };
  }
  pay(world, transaction);
  const started = startsSubscription(transaction) ? startSubscription(world, transaction, method.id) : null;
  complete(world, transaction);
  return { paid: true, subscription: started };
}

function settle(world: World, transaction: Transaction, subscription: Subscription, paymentMethodId: string): void {
  const life = world.life(subscription);
  const replaced = life.paymentMethodId;
  life.paymentMethodId = paymentMethodId;
  if (replaced) removePaymentMethod(world, replaced, 'replaced_by_newer_version');
  if (life.dunning?.transactionId === transaction.id) return recover(world, subscription, transaction);
  pay(world, transaction);
  complete(world, transaction);
}

/** An invoice is paid by wire transfer. */
export function payInvoice(world: World, transaction: Transaction): void {
  refuseClosed(transaction);
  if (transaction.status === 'draft') {
    throw new SimulatorError('transaction_not_ready_cannot_process_payment', 'Who buys is not known yet');
  }
  world.tables.agenda.delete(`invoice ${transaction.id}`);
  const subscription = transaction.subscription_id ? world.tables.subscriptions.get(transaction.subscription_id) : undefined;
  if (subscription && world.life(subscription).dunning?.transactionId === transaction.id) {
    return recover(world, subscription, transaction);
  }
  pay(world, transaction);
  complete(world, transaction);
}

function refuseClosed(transaction: Transaction): void {
  if (!isOpen(transaction)) throw new SimulatorError('transaction_immutable', `The transaction is ${transaction.status}`);
}
