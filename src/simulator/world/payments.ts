import type { CardDetails, Payment, PaymentMethod, Transaction } from './money-entities';
import type { Card, CardBehaviour } from './life';
import { dueOf } from './transactions';
import type { World } from './world';

/** Paddle's test cards (its documentation, "Test cards"); any other number pays. */
const TEST_CARDS: Record<string, { type: string; behaviour: CardBehaviour }> = {
  '4242424242424242': { type: 'visa', behaviour: 'pays' },
  '5555555555554444': { type: 'mastercard', behaviour: 'pays' },
  '4000000000000002': { type: 'visa', behaviour: 'declines' },
  '4000002760003184': { type: 'visa', behaviour: 'declines_later' },
};

export const GOOD_CARD = '4242424242424242';
export const DECLINED_CARD = '4000000000000002';
export const LATER_DECLINED_CARD = '4000002760003184';

export function cardOf(number: string, holder: string): Card {
  const digits = number.replaceAll(/\D/g, '');
  const known = TEST_CARDS[digits] ?? { type: 'visa', behaviour: 'pays' as const };
  const details: CardDetails = {
    type: known.type,
    last4: digits.slice(-4).padStart(4, '0'),
    expiry_month: 11,
    expiry_year: 2031,
    cardholder_name: holder,
  };
  return { details, behaviour: known.behaviour };
}

export function addPaymentMethod(
  world: World,
  owner: Pick<Transaction, 'customer_id' | 'address_id'>,
  card: Card,
): PaymentMethod {
  const at = world.instant();
  const method: PaymentMethod = {
    id: world.id('paymtd'),
    customer_id: owner.customer_id!,
    address_id: owner.address_id!,
    type: 'card',
    origin: 'subscription',
    saved_at: at,
    updated_at: at,
  };
  world.tables.paymentMethods.set(method.id, method);
  world.tables.cards.set(method.id, { ...card });
  return method;
}

export function announcePaymentMethod(world: World, method: PaymentMethod): void {
  world.emit('payment_method.saved', method);
}

export function removePaymentMethod(world: World, id: string, reason: 'replaced_by_newer_version' | 'api'): void {
  const method = world.find(world.tables.paymentMethods, id);
  world.tables.paymentMethods.delete(id);
  world.tables.cards.delete(id);
  for (const life of world.tables.lives.values()) if (life.paymentMethodId === id) life.paymentMethodId = null;
  world.emit('payment_method.deleted', method, { updated_at: world.instant(), deletion_reason: reason });
}

/**
 * Tries to collect what is due. Nothing due needs no payment.
 * @returns whether it went through; the attempt is noted on the transaction either way
 */
export function collect(world: World, transaction: Transaction, paymentMethodId: string | null): boolean {
  if (dueOf(transaction) === 0n) return true;
  const card = paymentMethodId ? world.tables.cards.get(paymentMethodId) : undefined;
  const createdAt = world.instant();
  world.pass(300, 3_000);
  const captured = card !== undefined && goesThrough(world, card);
  const attempt = world.random.uuid();
  const payment: Payment = {
    payment_attempt_id: attempt,
    stored_payment_method_id: world.random.uuid(),
    payment_method_id: paymentMethodId,
    amount: transaction.details.totals.balance,
    status: captured ? 'captured' : 'error',
    error_code: captured ? null : 'declined',
    method_details: {
      type: card ? 'card' : 'unknown',
      card: card?.details ?? null,
      underlying_details: null,
      south_korea_local_card: null,
    },
    created_at: createdAt,
    captured_at: captured ? world.instant() : null,
  };
  transaction.payments = [payment, ...transaction.payments];
  if (!captured) world.emit('transaction.payment_failed', transaction);
  return captured;
}

function goesThrough(world: World, card: Card): boolean {
  const unlucky = world.assumptions.declineRate > 0 && world.random.next() < world.assumptions.declineRate;
  if (card.behaviour === 'declines' || unlucky) return false;
  if (card.behaviour === 'declines_later') card.behaviour = 'declines';
  return true;
}
