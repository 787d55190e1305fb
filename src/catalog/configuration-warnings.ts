import { pointerTo } from '../platform/problem-details';
import type { ProductRefs, ProductSetting } from '../settings';
import type { CatalogProduct } from './catalog-entries';

/** Something that was configured, and may be a mistake. */
export interface ConfigurationWarning {
  /** Into the body that configured it (RFC 6901). */
  pointer: string;
  detail: string;
}

const UNKNOWN = 'is not in the catalog; it counts as soon as it is';

/** The products and prices that the catalog does not know, or not so. They may come yet: webhooks take their time. */
export function warningsAboutProducts(products: ProductSetting[], catalog: CatalogProduct[]): ConfigurationWarning[] {
  const known = new Set(catalog.map(({ id }) => id));
  const productOf = new Map(catalog.flatMap(({ prices }) => prices).map(({ id, productId }) => [id, productId]));
  return products.flatMap(({ productId, prices }, index) => [
    ...(known.has(productId) ? [] : [{ pointer: pointerTo('products', index, 'productId'), detail: UNKNOWN }]),
    ...prices.flatMap(({ priceId }, place) => {
      const owner = productOf.get(priceId);
      if (owner === productId) return [];
      const detail = owner === undefined ? UNKNOWN : `is a price of ${owner}`;
      return { pointer: pointerTo('products', index, 'prices', place, 'priceId'), detail };
    }),
  ]);
}

/** The names of products that the catalog does not know. */
export function warningsAboutRefs(refs: ProductRefs, catalog: CatalogProduct[]): ConfigurationWarning[] {
  const known = new Set(catalog.map(({ id }) => id));
  const unknown = Object.entries(refs).filter(([, productId]) => !known.has(productId));
  return unknown.map(([ref]) => ({ pointer: pointerTo('refs', ref), detail: UNKNOWN }));
}
