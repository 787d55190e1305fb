import { customPrice, customProduct, type NewPrice, type NewProduct } from './catalog';
import type { Price, Product } from './entities';
import { SimulatorError } from './simulator-error';
import type { World } from './world';

/** How a request names a price: from the catalog, or described on the spot. */
export type PriceReference = { price_id: string; quantity?: number | undefined } | DescribedPrice;

interface DescribedPrice {
  price: NewPrice & ({ product_id: string } | { product: NewProduct });
  quantity?: number | undefined;
}

/** Whose codes refuse a bad item: Paddle names them after what is asked for. */
export interface ItemCodes {
  notFound: string;
  duplicate: string;
  quantity: string;
  quantityMissing: string;
}

export interface RequestedItem {
  price: Price;
  product: Product;
  quantity: number;
}

export interface RequestOptions {
  codes: ItemCodes;
  /** Quantities of what is there already, by price: those need not be repeated. */
  kept?: ReadonlyMap<string, number>;
  /** A preview leaves nothing behind, no price either that it describes. */
  preview?: boolean;
}

/**
 * Finds the prices that a request names, and makes those that it describes.
 * @throws SimulatorError with one of the codes given
 */
export function requestedItems(world: World, references: PriceReference[], options: RequestOptions): RequestedItem[] {
  const { codes, kept, preview = false } = options;
  const named = references.flatMap((one) => ('price_id' in one ? one.price_id : []));
  if (new Set(named).size < named.length) throw new SimulatorError(codes.duplicate, 'A price is on the list twice');
  return references.map((reference) => {
    const { price, product } =
      'price_id' in reference ? known(world, reference.price_id, codes) : described(world, reference, preview);
    const quantity = reference.quantity ?? kept?.get(price.id);
    if (quantity === undefined) throw new SimulatorError(codes.quantityMissing, `How many of ${price.id}?`);
    const { minimum, maximum } = price.quantity;
    if (quantity < minimum || quantity > maximum) {
      throw new SimulatorError(codes.quantity, `The quantity of ${price.id} must be from ${minimum} to ${maximum}`);
    }
    return { price, product, quantity };
  });
}

function known(world: World, id: string, codes: ItemCodes): Omit<RequestedItem, 'quantity'> {
  const price = world.tables.prices.get(id);
  if (!price) throw new SimulatorError(codes.notFound, `There is no price ${id}`);
  if (price.status === 'archived') throw new SimulatorError('entity_archived', `The price ${id} is archived`);
  return { price, product: world.find(world.tables.products, price.product_id) };
}

function described(world: World, { price: input }: DescribedPrice, preview: boolean): Omit<RequestedItem, 'quantity'> {
  const product =
    'product' in input ? customProduct(world, input.product, !preview) : world.find(world.tables.products, input.product_id);
  return { product, price: customPrice(world, product.id, input, !preview) };
}
