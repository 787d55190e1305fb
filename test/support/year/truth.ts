import type { PaddleWorld, WorldSubscription, WorldTransaction } from './paddle-world';

/**
 * What Oarlock should answer for a subscription of the world. Written from Paddle's meaning, not from Oarlock's code.
 * @param now of Oarlock: what Paddle announced for a time that has passed is taken as done, should its webhook be late
 */
export function expectedSubscription(subscription: WorldSubscription, transactions: WorldTransaction[], now: string) {
  const { current_billing_period: period, scheduled_change: change } = subscription;
  return {
    id: subscription.id,
    status: subscription.status,
    access: accessTo(subscription, now),
    currency: subscription.currency_code,
    collectionMode: subscription.collection_mode,
    startedAt: subscription.started_at,
    nextBilledAt: subscription.next_billed_at,
    pausedAt: subscription.paused_at,
    canceledAt: subscription.canceled_at,
    currentPeriod: period && { startsAt: period.starts_at, endsAt: period.ends_at },
    scheduledChange: change && { action: change.action, effectiveAt: change.effective_at, resumeAt: change.resume_at },
    products: subscription.items.map(({ price, quantity }) => ({ id: price.product_id, priceId: price.id, quantity })),
    paid: lastPayment(transactions),
  };
}

function accessTo({ status, scheduled_change: change }: WorldSubscription, now: string): 'full' | 'none' {
  const over = change !== null && change.action !== 'resume' && change.effective_at <= now;
  return ['active', 'trialing', 'past_due'].includes(status) && !over ? 'full' : 'none';
}

function lastPayment(transactions: WorldTransaction[]): { amount: string; at: string } | null {
  const captured = transactions.flatMap(({ payments }) =>
    payments.flatMap(({ amount, captured_at: at }) => (at && amount !== '0' ? [{ amount, at }] : [])),
  );
  return captured.sort((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null;
}

/** Units of each product that a user may use in full, from all of their subscriptions: the best one counts, not the sum. */
export function expectedAccess(world: PaddleWorld, now: string): Map<string, Map<string, 'full' | 'none'>> {
  const access = new Map<string, Map<string, 'full' | 'none'>>();
  for (const subscription of world.subscriptions) {
    const user = subscription.custom_data?.user_id;
    if (!user) continue;
    const products = access.get(user) ?? new Map<string, 'full' | 'none'>();
    const gives = accessTo(subscription, now);
    for (const { price } of subscription.items)
      if (products.get(price.product_id) !== 'full') products.set(price.product_id, gives);
    access.set(user, products);
  }
  return access;
}

/** What the last snapshot of a transaction on the ledger has to say; adjusted totals change without an event of the transaction. */
export function expectedTransaction({ details, ...transaction }: WorldTransaction) {
  const { adjusted_totals: _, adjusted_payout_totals: __, ...money } = details;
  const { id, status, customer_id, subscription_id, currency_code, invoice_number, payments } = transaction;
  return { id, status, customer_id, subscription_id, currency_code, invoice_number, payments, money };
}
