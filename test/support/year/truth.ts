import type { PaddleWorld, WorldAdjustment, WorldSubscription, WorldTransaction } from './paddle-world';

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

type Level = 'full' | 'none';

/** What each user may use, of all that they ever had: a subscription, or something bought once, that has not been given back. */
export function expectedAccess(world: PaddleWorld, now: string): Map<string, Map<string, Level>> {
  const access = new Map<string, Map<string, Level>>();
  const give = (user: string | undefined, productId: string, level: Level) => {
    if (!user) return;
    const products = access.get(user) ?? new Map<string, Level>();
    if (products.get(productId) !== 'full') products.set(productId, level);
    access.set(user, products);
  };
  for (const subscription of world.subscriptions) {
    const level = accessTo(subscription, now);
    for (const { price } of subscription.items) give(subscription.custom_data?.user_id, price.product_id, level);
  }
  for (const sale of world.transactions.filter(({ status }) => status === 'completed')) {
    const adjustments = world.adjustments.filter((one) => one.transaction_id === sale.id && one.status === 'approved');
    for (const { id, price_id: priceId, totals } of sale.details.line_items) {
      const { price } = sale.items.find((item) => item.price.id === priceId)!;
      if (price.billing_cycle !== null) continue;
      give(sale.custom_data?.user_id, price.product_id, isGivenBack(sale, id, totals.total, adjustments) ? 'none' : 'full');
    }
  }
  return access;
}

/** Refunded in full, by the item or by the whole sale, or charged back. */
function isGivenBack(sale: WorldTransaction, lineId: string, lineTotal: string, adjustments: WorldAdjustment[]): boolean {
  const money = adjustments.filter(({ action }) => action === 'refund' || action === 'chargeback');
  const ofLine = money.flatMap(({ items }) => items.filter((item) => item.item_id === lineId));
  const sum = (parts: { totals: { total: string } }[]) => parts.reduce((total, part) => total + Number(part.totals.total), 0);
  return (
    money.some(({ action, items }) => action === 'chargeback' && items.some((item) => item.item_id === lineId)) ||
    ofLine.some(({ type }) => type === 'full') ||
    (ofLine.length > 0 && sum(ofLine) >= Number(lineTotal)) ||
    (money.length > 0 && sum(money) >= Number(sale.details.totals.grand_total))
  );
}

/** One line of the books. */
export interface Booked {
  id: string;
  status: string;
  currency: string;
  total: string;
  refunded: string;
}

/** What a user was charged, and what went back, from what was billed on: of every customer that the user bought as. */
export function expectedHistory({ transactions, adjustments }: PaddleWorld, user: string): Booked[] {
  const customers = new Set(transactions.filter((one) => one.custom_data?.user_id === user).map((one) => one.customer_id));
  const billed = ({ status, billed_at: at }: WorldTransaction) =>
    at !== null || ['billed', 'past_due', 'paid', 'completed'].includes(status);
  return transactions
    .filter((one) => one.customer_id !== null && customers.has(one.customer_id) && billed(one))
    .map(({ id, status, currency_code: currency, details }) => {
      const back = adjustments.filter((one) => one.transaction_id === id && one.status === 'approved');
      const money = back.filter(({ action }) => action === 'refund' || action === 'chargeback');
      const refunded = money.reduce((sum, { totals }) => sum + BigInt(totals.total), 0n).toString();
      return { id, status, currency, total: details.totals.total, refunded };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What is left in the books, in the lowest unit of each currency. */
export function balances(books: Booked[]): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const { status, currency, total, refunded } of books) {
    if (status === 'completed') sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(total) - BigInt(refunded));
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => [currency, sum.toString()]));
}

/** What the last snapshot of a transaction on the ledger has to say; adjusted totals change without an event of the transaction. */
export function expectedTransaction({ details, ...transaction }: WorldTransaction) {
  const { adjusted_totals: _, adjusted_payout_totals: __, ...money } = details;
  const { id, status, customer_id, subscription_id, currency_code, invoice_number, payments } = transaction;
  return { id, status, customer_id, subscription_id, currency_code, invoice_number, payments, money };
}
