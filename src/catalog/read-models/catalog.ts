import type { Projection } from '../../projections';
import type {
  BillingFact,
  CatalogMentions,
  PriceObserved,
  PriceSnapshot,
  ProductObserved,
  ProductSnapshot,
  SubscriptionObserved,
  TransactionObserved,
} from '../../provider';

/** Where a product or price was seen: in an event or an answer of its own, or in something that was bought. */
export type KnownFrom = 'itself' | CatalogMentions['from'];

/** How good it is to have seen something there, then. */
export interface Evidence {
  knownFrom: KnownFrom;
  watermark: string;
}

/** A product or a price: one of the two is there. */
export interface CatalogRow extends Evidence {
  id: string;
  /** `standard`, `custom`, or one that is new. */
  type: string | null;
  product: ProductSnapshot | null;
  price: PriceSnapshot | null;
}

type CatalogFact = Extract<BillingFact, ProductObserved | PriceObserved | SubscriptionObserved | TransactionObserved>;

/** Products and prices as the provider has them: by their own events, and until those come, by what was bought. */
export const catalog: Projection<CatalogRow, CatalogFact> = {
  name: 'catalog',
  version: 1,
  table: {
    key: 'id',
    columns: { id: 'text', type: 'text', knownFrom: 'text', watermark: 'text', product: 'jsonb', price: 'jsonb' },
    indexes: [['type']],
  },
  handles: ['product_observed', 'price_observed', 'subscription_observed', 'transaction_observed'],
  keysOf: (fact) => {
    const { products, prices } = shownBy(fact);
    return [...new Set([...products, ...prices].map(({ id }) => id))];
  },
  evolve(row, fact, id) {
    const shown = shownBy(fact);
    const evidence: Evidence = { knownFrom: shown.from, watermark: fact.watermark };
    if (row && !outranks(evidence, row)) return row;
    const product = shown.products.find((one) => one.id === id) ?? null;
    const price = product ? null : (shown.prices.find((one) => one.id === id) ?? null);
    return { id, type: (product ?? price)?.type ?? null, ...evidence, product, price };
  },
};

/** Evidence of the better kind wins, whichever is newer: what an old subscription shows of a price may be years old. */
export function outranks(a: Evidence, b: Evidence): boolean {
  return a.knownFrom === b.knownFrom ? a.watermark > b.watermark : RANK[a.knownFrom] > RANK[b.knownFrom];
}

const RANK: Record<KnownFrom, number> = { subscription: 1, sale: 2, itself: 3 };

function shownBy(fact: CatalogFact): { from: KnownFrom; products: ProductSnapshot[]; prices: PriceSnapshot[] } {
  if (fact.kind === 'product_observed') return { from: 'itself', products: [fact.product], prices: [] };
  if (fact.kind === 'price_observed') return { from: 'itself', products: [], prices: [fact.price] };
  return fact.mentions;
}
