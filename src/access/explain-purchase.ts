import type { AdjustmentObserved, TransactionObserved } from '../provider';
import { productsOf, purchaseOf, purchases, type Adjustment, type PurchasedProduct, type PurchaseRow } from '../purchases';
import type { Evidence, LocatedFact } from './explain-access';

export type PurchaseFact = TransactionObserved | AdjustmentObserved;

/**
 * The events of a purchase, and of what became of it, that changed what it gives for one product, or wanted to, in the order in
 * which they happened. Pure.
 */
export function purchaseEvidence(located: LocatedFact<PurchaseFact>[], productId: string): Evidence[] {
  const inOrder = [...located].sort((a, b) => (a.fact.watermark < b.fact.watermark ? -1 : 1));
  let row: PurchaseRow | null = null;
  const evidence: Evidence[] = [];
  for (const { ref, position, eventType, fact } of inOrder) {
    const next: PurchaseRow | null = purchases.evolve(row, fact, fact.transactionId);
    const effects = effectsOf(row, next, fact, productId);
    row = next;
    if (effects.length === 0) continue;
    evidence.push({ ref, position, eventId: fact.eventId, eventType, occurredAt: fact.occurredAt, effect: effects.join('; ') });
  }
  return evidence;
}

function effectsOf(before: PurchaseRow | null, after: PurchaseRow | null, fact: PurchaseFact, productId: string): string[] {
  const [had, has] = [productIn(before, productId), productIn(after, productId)];
  if (fact.kind === 'transaction_observed') {
    return has && !had ? [`the purchase was completed: it holds ${has.quantity} × ${productId}`] : [];
  }
  return [statusEffect(before, fact), stateEffect(had, has)].filter((effect) => effect !== null);
}

function statusEffect(before: PurchaseRow | null, { adjustmentId, adjustment }: AdjustmentObserved): string | null {
  const known = before?.adjustments.find(({ id }) => id === adjustmentId);
  if (known?.status === adjustment.status) return null;
  const what = wordsOf(adjustment);
  return known ? `the ${what} went from ${known.status} to ${adjustment.status}` : `a ${what} is ${adjustment.status}`;
}

function wordsOf({ action, total, currency }: Pick<Adjustment, 'action' | 'total' | 'currency'>): string {
  const words = action.replaceAll('_', ' ');
  return total && currency ? `${words} of ${total} in the lowest unit of ${currency}` : words;
}

function stateEffect(had: PurchasedProduct | null, has: PurchasedProduct | null): string | null {
  if (!had || !has) return null;
  if (had.state !== has.state) return `${has.productId} went from ${had.state} to ${has.state}`;
  return had.quantity === has.quantity ? null : `${has.productId} went from ${had.quantity} to ${has.quantity}`;
}

function productIn(row: PurchaseRow | null, productId: string): PurchasedProduct | null {
  const purchase = row && purchaseOf(row);
  return (purchase && productsOf(purchase).find((product) => product.productId === productId)) ?? null;
}
