import type { PriceSnapshot, ProductSnapshot } from '../provider';
import { productsWithPrices } from './catalog-entries';
import type { CatalogRow } from './read-models/catalog';

function product(
  id: string,
  name: string,
  change: Partial<ProductSnapshot> = {},
  evidence: Partial<CatalogRow> = {},
): CatalogRow {
  const snapshot = { id, name, description: null, imageUrl: null, status: 'active', type: 'standard', ...change };
  return { id, type: snapshot.type, knownFrom: 'itself', watermark: '1', product: snapshot, price: null, ...evidence };
}

function price(
  id: string,
  productId: string,
  change: Partial<PriceSnapshot> = {},
  evidence: Partial<CatalogRow> = {},
): CatalogRow {
  const snapshot: PriceSnapshot = {
    id,
    productId,
    name: 'Monthly',
    description: null,
    unitPrice: null,
    unitPriceOverrides: [],
    billingCycle: null,
    trialPeriod: null,
    quantity: null,
    status: 'active',
    type: 'standard',
    ...change,
  };
  return { id, type: snapshot.type, knownFrom: 'itself', watermark: '1', product: null, price: snapshot, ...evidence };
}

const outline = (...rows: CatalogRow[]) => productsWithPrices(rows).map(({ id, prices }) => [id, ...prices.map((one) => one.id)]);

it('puts prices with their products, both by name and then by id', () => {
  expect(
    outline(
      price('pri_3', 'pro_1', { name: 'Yearly' }),
      price('pri_2', 'pro_1'),
      price('pri_1', 'pro_1'),
      product('pro_3', 'Solo'),
      product('pro_2', 'Team'),
      product('pro_1', 'Solo'),
    ),
  ).toEqual([['pro_1', 'pri_1', 'pri_2', 'pri_3'], ['pro_3'], ['pro_2']]);
});

it('keeps a price whose product was never seen', () => {
  expect(productsWithPrices([price('pri_1', 'pro_1')])).toMatchObject([
    { id: 'pro_1', name: null, knownFrom: 'price', onSale: false, prices: [{ id: 'pri_1', onSale: true }] },
  ]);
});

it('shows the best of what several shards have seen', () => {
  const rows = [
    price('pri_1', 'pro_1', { name: 'sold' }, { knownFrom: 'sale', watermark: '9' }),
    price('pri_1', 'pro_1', { name: 'own' }, { watermark: '2' }),
    price('pri_1', 'pro_1', { name: 'older' }, { watermark: '1' }),
  ];
  for (const some of [rows, rows.toReversed()]) {
    expect(productsWithPrices(some)[0]!.prices.map(({ name }) => name)).toEqual(['own']);
  }
});

it.each<[string, boolean, Partial<PriceSnapshot>, Partial<CatalogRow>]>([
  ['is active', true, {}, {}],
  ['is archived', false, { status: 'archived' }, {}],
  ['has a status that nobody knows yet', false, { status: 'moored' }, {}],
  ['was made for one sale', false, { type: 'custom' }, {}],
  ['was sold', true, {}, { knownFrom: 'sale' }],
  ['is known from a subscription alone', false, {}, { knownFrom: 'subscription' }],
  ['is known from an old snapshot', false, { status: null, type: null }, { knownFrom: 'sale' }],
])('says of a price that %s whether it is on sale: %s', (_, wanted, change, evidence) => {
  const products = productsWithPrices([product('pro_1', 'Solo'), price('pri_1', 'pro_1', change, evidence)]);
  expect(products[0]!.prices[0]!.onSale).toBe(wanted);
});

it('has nothing of an archived product on sale', () => {
  const [archived] = productsWithPrices([product('pro_1', 'Solo', { status: 'archived' }), price('pri_1', 'pro_1')]);
  expect([archived!.onSale, archived!.prices[0]!.onSale]).toEqual([false, false]);
});
