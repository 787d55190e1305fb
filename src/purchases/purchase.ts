import type { LineItem } from '../provider';
import { inForce, moneyReturned, type Adjustment } from './adjustments';

/** A completed sale of things that are bought once, with what became of it since. What recurs is the subscription's affair. */
export interface Purchase {
  /** Of the transaction. */
  id: string;
  customerId: string | null;
  /** When it was billed, as the provider wrote it. */
  purchasedAt: string | null;
  currency: string | null;
  /** What was to be paid for the whole transaction, things that recur included; null where it does not say. */
  grandTotal: string | null;
  /** Only the things bought once. */
  lines: LineItem[];
  adjustments: Adjustment[];
}

export type PurchaseState = 'completed' | 'refunded' | 'charged_back';

/** One product of a purchase. */
export interface PurchasedProduct {
  productId: string;
  state: PurchaseState;
  /** Units that are still the buyer's. */
  quantity: number;
}

/**
 * What a purchase still gives, by product. Pure.
 *
 * A chargeback takes what it names, or everything where it names nothing; a refund takes an item only in full: said so, or
 * added up to the item's total, or to the whole transaction's. A refund of some of the price or of the tax takes nothing.
 */
export function productsOf(purchase: Purchase): PurchasedProduct[] {
  const products = new Map<string, PurchasedProduct>();
  for (const line of purchase.lines) {
    const state = lineStateOf(line, purchase);
    const known = products.get(line.productId) ?? { productId: line.productId, state, quantity: 0 };
    const quantity = known.quantity + (state === 'completed' ? line.quantity : 0);
    products.set(line.productId, { ...known, state: better(known.state, state), quantity });
  }
  return [...products.values()];
}

const STATES: PurchaseState[] = ['charged_back', 'refunded', 'completed'];

function better(a: PurchaseState, b: PurchaseState): PurchaseState {
  return STATES.indexOf(a) > STATES.indexOf(b) ? a : b;
}

/** What became of one line. Pure. */
export function lineStateOf(
  line: LineItem,
  { adjustments, grandTotal }: Pick<Purchase, 'adjustments' | 'grandTotal'>,
): PurchaseState {
  const holding = inForce(adjustments);
  if (holding.some((one) => one.action === 'chargeback' && concerns(one, line))) return 'charged_back';
  const isReturned = holding.some((one) => isFullOf(one, line)) || reaches(moneyReturned(adjustments), grandTotal);
  return isReturned || reaches(returnedOf(line, holding), line.total) ? 'refunded' : 'completed';
}

function concerns({ type, items }: Adjustment, line: LineItem): boolean {
  return type === 'full' || items.length === 0 || items.some(({ lineId }) => lineId === line.id);
}

function isFullOf({ type, items }: Adjustment, line: LineItem): boolean {
  return type === 'full' || items.some((item) => item.lineId === line.id && item.type === 'full');
}

function returnedOf(line: LineItem, holding: Adjustment[]): string {
  const items = holding.flatMap(({ items }) => items.filter(({ lineId }) => lineId === line.id));
  return items.reduce((sum, { total }) => sum + BigInt(total ?? '0'), 0n).toString();
}

/** Of nothing, nothing can be given back: such a thing is taken only where an adjustment says so in words. */
function reaches(returned: string, total: string | null): boolean {
  return total !== null && BigInt(total) > 0n && BigInt(returned) >= BigInt(total);
}
