import type { CatalogPrice, CatalogProduct } from './catalog-entries';
import { ProductConfiguration, productSetting } from '../settings';
import { productList } from './product-list';

function product(id: string, change: Partial<CatalogProduct> = {}): CatalogProduct {
  const known = { description: null, imageUrl: null, status: 'active', type: 'standard' };
  return { id, name: `Product ${id}`, ...known, knownFrom: 'itself', onSale: true, prices: [], ...change };
}

function price(id: string, change: Partial<CatalogPrice> = {}): CatalogPrice {
  return {
    id,
    productId: 'pro_1',
    name: null,
    description: null,
    unitPrice: { amount: '100', currency: 'USD' },
    unitPriceOverrides: [],
    billingCycle: { interval: 'month', frequency: 1 },
    trialPeriod: null,
    quantity: { min: 1, max: 10 },
    status: 'active',
    type: 'standard',
    knownFrom: 'itself',
    onSale: true,
    ...change,
  };
}

const ordered = (...orders: [string, number | null, boolean?][]) =>
  new ProductConfiguration(
    orders.map(([productId, order, visible = true]) => productSetting({ productId, order, visible })),
    {},
  );
const listed = (configuration: ProductConfiguration) =>
  productList([product('a'), product('b'), product('c'), product('d')], configuration).map(({ id }) => id);

it('keeps the order by name where none is configured', () => expect(listed(ProductConfiguration.NONE)).toEqual([...'abcd']));

it('puts those with a place first, and those with the same place by name', () => {
  expect(listed(ordered(['d', 0], ['c', 2], ['b', 2], ['a', null]))).toEqual([...'dbca']);
  expect(listed(ordered(['c', 0]))).toEqual([...'cabd']);
});

it('leaves out what is hidden', () => expect(listed(ordered(['a', 1, false], ['b', 0, false]))).toEqual([...'cd']));

it('shows the name in the configuration, and the seats of each price', () => {
  const prices = [price('pri_1', { name: 'Monthly' }), price('pri_2')];
  const setting = productSetting({ productId: 'pro_1', prices: [{ priceId: 'pri_2', entities: 5 }] });
  const configuration = new ProductConfiguration([setting], { solo: 'pro_1' });
  expect(productList([product('pro_1', { name: null, prices })], configuration)).toEqual([
    {
      id: 'pro_1',
      ref: 'solo',
      name: 'pro_1',
      description: '',
      imageUrl: null,
      prices: [
        expect.objectContaining({ id: 'pri_1', name: 'Monthly', entities: null }),
        expect.objectContaining({ id: 'pri_2', name: 'pro_1', entities: 5 }),
      ],
    },
  ]);
});

it('leaves out a price that nobody can be shown', () => {
  const prices = [price('pri_1', { unitPrice: null }), price('pri_2', { quantity: null }), price('pri_3')];
  const [only] = productList([product('pro_1', { prices })], ProductConfiguration.NONE);
  expect(only!.prices.map(({ id }) => id)).toEqual(['pri_3']);
});
