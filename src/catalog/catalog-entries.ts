import type { PriceSnapshot, ProductSnapshot } from '../provider';
import { outranks, type CatalogRow, type KnownFrom } from './read-models/catalog';

/** A price as the provider has it, as far as we know. */
export interface CatalogPrice extends PriceSnapshot {
  knownFrom: KnownFrom;
  /** Whether everybody may buy it. */
  onSale: boolean;
}

/** A product as the provider has it, as far as we know, with all its prices. */
export interface CatalogProduct extends ProductSnapshot {
  /** `price`: nothing but a price of it was seen. */
  knownFrom: KnownFrom | 'price';
  onSale: boolean;
  prices: CatalogPrice[];
}

/** Every product of the rows with its prices, both by name. */
export function productsWithPrices(rows: CatalogRow[]): CatalogProduct[] {
  const seen = bestRows(rows);
  const products = new Map<string, CatalogProduct>();
  for (const { product, knownFrom } of seen) {
    if (product) products.set(product.id, { ...product, knownFrom, onSale: isOffered({ ...product, knownFrom }), prices: [] });
  }
  for (const { price, knownFrom } of seen) {
    if (!price) continue;
    const product = products.get(price.productId) ?? unseenProduct(price.productId);
    const onSale = isOffered({ ...price, knownFrom }) && [null, 'active'].includes(product.status);
    product.prices.push({ ...price, knownFrom, onSale });
    products.set(product.id, product);
  }
  for (const { prices } of products.values()) prices.sort(byName);
  return [...products.values()].sort(byName);
}

/**
 * Active, and of the catalog. What only a subscription shows may have been archived long ago: its buyer keeps it, but it is not
 * offered to others before the provider says so.
 */
function isOffered({ status, type, knownFrom }: Pick<CatalogPrice, 'status' | 'type' | 'knownFrom'>): boolean {
  return status === 'active' && type === 'standard' && knownFrom !== 'subscription';
}

/** What is sold to different customers is seen on different shards: the best of an id's rows counts. */
function bestRows(rows: CatalogRow[]): CatalogRow[] {
  const best = new Map<string, CatalogRow>();
  for (const row of rows) {
    const other = best.get(row.id);
    if (!other || outranks(row, other)) best.set(row.id, row);
  }
  return [...best.values()];
}

function unseenProduct(id: string): CatalogProduct {
  const nothing = { name: null, description: null, imageUrl: null, status: null, type: null };
  return { id, ...nothing, knownFrom: 'price', onSale: false, prices: [] };
}

/** Names need not differ, so the id settles it. */
function byName(a: { id: string; name: string | null }, b: { id: string; name: string | null }): number {
  const [nameA, nameB] = [a.name ?? '', b.name ?? ''];
  if (nameA === nameB) return a.id < b.id ? -1 : 1;
  return nameA < nameB ? -1 : 1;
}
