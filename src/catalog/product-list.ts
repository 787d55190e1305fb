import type { Money } from '../platform/money';
import type { ProductConfiguration } from '../settings';
import type { CatalogPrice, CatalogProduct } from './catalog-entries';

/** A product as buyers see it. */
export interface OfferedProduct extends Pick<CatalogProduct, 'id' | 'imageUrl'> {
  ref: string | null;
  name: string;
  description: string;
  prices: OfferedPrice[];
}

export interface OfferedPrice extends Pick<CatalogPrice, 'id' | 'billingCycle' | 'trialPeriod'> {
  name: string;
  unitPrice: Money;
  quantity: { min: number; max: number };
  entities: number | null;
}

/**
 * What buyers are shown of what is on sale: hidden products are left out, the others are in the configured order.
 * @param onSale by name
 */
export function productList(onSale: CatalogProduct[], configuration: ProductConfiguration): OfferedProduct[] {
  const place = ({ id }: CatalogProduct) => configuration.of(id).order ?? Infinity;
  return onSale
    .filter(({ id }) => configuration.of(id).visible)
    .sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
    .map((product) => toProduct(product, configuration));
}

function toProduct(product: CatalogProduct, configuration: ProductConfiguration): OfferedProduct {
  const { id, imageUrl } = product;
  const name = product.name ?? id;
  const prices = product.prices.flatMap((price) => toPrice(price, name, configuration) ?? []);
  return { id, ref: configuration.refOf(id), name, description: product.description ?? '', imageUrl, prices };
}

/** A price without an amount or a quantity is none that a buyer can be shown. */
function toPrice(price: CatalogPrice, productName: string, configuration: ProductConfiguration): OfferedPrice | null {
  const { id, name, unitPrice, billingCycle, trialPeriod, quantity } = price;
  if (!unitPrice || !quantity) return null;
  const { entities } = configuration.ofPrice(id);
  return { id, name: name ?? productName, unitPrice, billingCycle, trialPeriod, quantity, entities };
}
