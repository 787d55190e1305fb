import { changePrice, changeProduct, createPrice, createProduct, type NewPrice, type NewProduct } from '../world/catalog';
import { createDiscount, type NewDiscount } from '../world/discounts';
import type { Discount, Price, Product } from '../world/entities';
import type { World } from '../world/world';
import type { Listing } from './listing';
import type { Asked, Routes } from './request';
import { DISCOUNT_CREATE, NO_BODY, PRICE_CREATE, PRICE_UPDATE, PRODUCT_CREATE, PRODUCT_UPDATE } from './schemas';

const PRODUCTS: Listing<Product> = {
  perPage: [50, 200],
  filters: {
    id: ({ id }) => id,
    status: ({ status }) => status,
    tax_category: (one) => one.tax_category,
    type: ({ type }) => type,
  },
  defaults: { status: 'active' },
  order: {
    id: ({ id }) => id,
    created_at: ({ created_at: at }) => at,
    updated_at: ({ updated_at: at }) => at,
    name: ({ name }) => name,
    status: ({ status }) => status,
    description: ({ description }) => description ?? '',
    tax_category: (one) => one.tax_category,
  },
  others: ['include'],
};

const PRICES: Listing<Price> = {
  perPage: [50, 200],
  filters: {
    id: ({ id }) => id,
    product_id: ({ product_id: id }) => id,
    recurring: ({ billing_cycle: cycle }) => cycle !== null,
    status: ({ status }) => status,
    type: ({ type }) => type,
  },
  defaults: { status: 'active' },
  order: {
    id: ({ id }) => id,
    product_id: ({ product_id: id }) => id,
    status: ({ status }) => status,
    'unit_price.amount': ({ unit_price: { amount } }) => amount.padStart(20, '0'),
  },
  others: ['include'],
};

const DISCOUNTS: Listing<Discount> = {
  perPage: [50, 200],
  filters: { id: ({ id }) => id, code: ({ code }) => code, status: ({ status }) => status, mode: ({ mode }) => mode },
  defaults: { status: 'active', mode: 'standard' },
  order: { id: ({ id }) => id, created_at: ({ created_at: at }) => at },
};

export function catalogRoutes(routes: Routes): void {
  routes.list('GET /products', PRODUCTS, (world) => world.tables.products.values(), withPrices);
  routes.on('GET /products/:id', NO_BODY, (world, asked: Asked) => withPrices(world, productOf(world, asked), asked));
  routes.on<NewProduct>('POST /products', PRODUCT_CREATE, (world, { body }) => createProduct(world, body), 201);
  routes.on<Partial<Product>>('PATCH /products/:id', PRODUCT_UPDATE, (world, asked) =>
    changeProduct(world, productOf(world, asked), asked.body),
  );
  routes.list('GET /prices', PRICES, (world) => world.tables.prices.values(), withProduct);
  routes.on('GET /prices/:id', NO_BODY, (world, asked: Asked) => withProduct(world, priceOf(world, asked), asked));
  routes.on<NewPrice & { product_id: string }>(
    'POST /prices',
    PRICE_CREATE,
    (world, { body: { product_id: productId, ...price } }) =>
      createPrice(world, world.find(world.tables.products, productId).id, price),
    201,
  );
  routes.on<Partial<Price>>('PATCH /prices/:id', PRICE_UPDATE, (world, asked) =>
    changePrice(world, priceOf(world, asked), asked.body),
  );
  routes.list('GET /discounts', DISCOUNTS, (world) => world.tables.discounts.values(), withUses);
  routes.on('GET /discounts/:id', NO_BODY, (world, { params }: Asked) =>
    withUses(world, world.find(world.tables.discounts, params.id!)),
  );
  routes.on<NewDiscount>('POST /discounts', DISCOUNT_CREATE, (world, { body }) => createDiscount(world, body), 201);
}

function productOf(world: World, { params }: { params: Record<string, string> }): Product {
  return world.find(world.tables.products, params.id!);
}

function priceOf(world: World, { params }: { params: Record<string, string> }): Price {
  return world.find(world.tables.prices, params.id!);
}

function withPrices(world: World, product: Product, { query }: Asked) {
  if (!query.include?.split(',').includes('prices')) return product;
  const prices = [...world.tables.prices.values()].filter(
    ({ product_id: of, status }) => of === product.id && status === 'active',
  );
  return { ...product, prices };
}

function withProduct(world: World, price: Price, { query }: Asked) {
  return query.include?.split(',').includes('product')
    ? { ...price, product: world.tables.products.get(price.product_id) }
    : price;
}

/** Only the API says how often a discount was used (REFERENCE 2.8). */
function withUses(world: World, discount: Discount) {
  const uses = [...world.tables.transactions.values()].filter(
    ({ discount_id: id, status }) => id === discount.id && status === 'completed',
  );
  return { ...discount, times_used: uses.length };
}
