import type { CustomData, Price, Product } from './entities';
import type { World } from './world';

export interface NewProduct {
  /** For what has to have the same id each time; requests do not name it. */
  id?: string;
  name: string;
  tax_category: string;
  description?: string | null;
  image_url?: string | null;
  custom_data?: CustomData;
}

export interface NewPrice {
  id?: string;
  description: string;
  unit_price: Price['unit_price'];
  name?: string | null;
  billing_cycle?: Price['billing_cycle'];
  trial_period?: { interval: 'day' | 'week' | 'month' | 'year'; frequency: number; requires_payment_method?: boolean } | null;
  tax_mode?: Price['tax_mode'];
  unit_price_overrides?: Price['unit_price_overrides'];
  quantity?: Price['quantity'];
  custom_data?: CustomData;
}

/** `custom`: made on the way by a transaction or an update, and not part of the catalog. */
export function createProduct(world: World, input: NewProduct, type: Product['type'] = 'standard'): Product {
  const product = describedProduct(world, input, type);
  world.tables.products.set(product.id, product);
  world.emit('product.created', product);
  return product;
}

function describedProduct(world: World, input: NewProduct, type: Product['type']): Product {
  return {
    id: input.id ?? world.id('pro'),
    name: input.name,
    tax_category: input.tax_category,
    type,
    description: input.description ?? null,
    image_url: input.image_url ?? null,
    custom_data: input.custom_data ?? null,
    status: 'active',
    import_meta: null,
    created_at: world.instant(),
    updated_at: world.instant(),
  };
}

export function createPrice(world: World, productId: string, input: NewPrice, type: Price['type'] = 'standard'): Price {
  const price = describedPrice(world, productId, input, type);
  world.tables.prices.set(price.id, price);
  world.emit('price.created', price);
  return price;
}

function describedPrice(world: World, productId: string, input: NewPrice, type: Price['type']): Price {
  const { trial_period: trial } = input;
  return {
    id: input.id ?? world.id('pri'),
    product_id: productId,
    type,
    description: input.description,
    name: input.name ?? null,
    billing_cycle: input.billing_cycle ?? null,
    trial_period: trial ? { ...trial, requires_payment_method: trial.requires_payment_method ?? true } : null,
    tax_mode: input.tax_mode ?? 'account_setting',
    unit_price: input.unit_price,
    unit_price_overrides: input.unit_price_overrides ?? [],
    custom_data: input.custom_data ?? null,
    status: 'active',
    quantity: input.quantity ?? { minimum: 1, maximum: 100 },
    import_meta: null,
    created_at: world.instant(),
    updated_at: world.instant(),
  };
}

export function changeProduct(world: World, product: Product, change: Partial<Product>): Product {
  const changed = { ...product, ...change, updated_at: world.instant() };
  world.tables.products.set(product.id, changed);
  world.emit('product.updated', changed);
  return changed;
}

export function changePrice(world: World, price: Price, change: Partial<Price>): Price {
  const changed = { ...price, ...change, updated_at: world.instant() };
  world.tables.prices.set(price.id, changed);
  world.emit('price.updated', changed);
  return changed;
}

/** A product that is described on the spot; `register` says whether it is to stay. */
export function customProduct(world: World, input: NewProduct, register: boolean): Product {
  return register ? createProduct(world, input, 'custom') : describedProduct(world, input, 'custom');
}

export function customPrice(world: World, productId: string, input: NewPrice, register: boolean): Price {
  return register ? createPrice(world, productId, input, 'custom') : describedPrice(world, productId, input, 'custom');
}
