import type { CatalogMentions, PriceObserved, ProductObserved } from '../billing-facts';
import { mentionsOfSubscription, mentionsOfTransaction } from './translate-catalog';
import { translate } from './translate';

const PRODUCT = {
  id: 'pro_1',
  name: 'AeroEdit',
  type: 'standard',
  description: 'Everything',
  image_url: 'https://example.com/p.png',
  custom_data: { user_id: 'user_1' },
  status: 'active',
};
const PRICE = {
  id: 'pri_1',
  product_id: 'pro_1',
  name: 'Monthly (per seat)',
  description: 'internal',
  type: 'standard',
  status: 'active',
  quantity: { minimum: 1, maximum: 100 },
  unit_price: { amount: '500', currency_code: 'USD' },
  trial_period: { interval: 'day', frequency: 14, requires_payment_method: true },
  billing_cycle: { interval: 'month', frequency: 1 },
  unit_price_overrides: [{ unit_price: { amount: '700', currency_code: 'EUR' }, country_codes: ['IE', 'FR'] }],
};
const NOTHING = {
  name: null,
  description: null,
  unitPrice: null,
  unitPriceOverrides: [],
  billingCycle: null,
  trialPeriod: null,
  quantity: null,
  status: null,
  type: null,
};

function factOf(type: string, data: unknown, eventId = 'evt_1') {
  return translate({ eventId, type, occurredAt: '2026-01-01T00:00:00Z', content: () => ({ data }) }, 'user_id');
}

it('reads a product', () => {
  expect(factOf('product.updated', PRODUCT)).toEqual({
    kind: 'product_observed',
    eventId: 'evt_1',
    occurredAt: '2026-01-01T00:00:00.000000Z',
    watermark: expect.stringMatching(/^2026-01-01T00:00:00.000000Z .* evt_1$/),
    product: {
      id: 'pro_1',
      name: 'AeroEdit',
      description: 'Everything',
      imageUrl: 'https://example.com/p.png',
      status: 'active',
      type: 'standard',
    },
  });
});

it('reads a price', () => {
  expect((factOf('price.imported', PRICE) as PriceObserved).price).toEqual({
    id: 'pri_1',
    productId: 'pro_1',
    name: 'Monthly (per seat)',
    description: 'internal',
    unitPrice: { amount: '500', currency: 'USD' },
    unitPriceOverrides: [{ countryCodes: ['IE', 'FR'], unitPrice: { amount: '700', currency: 'EUR' } }],
    billingCycle: { interval: 'month', frequency: 1 },
    trialPeriod: { interval: 'day', frequency: 14 },
    quantity: { min: 1, max: 100 },
    status: 'active',
    type: 'standard',
  });
});

it.each([
  ['nothing but the ids', {}],
  ['everything null', Object.fromEntries(Object.keys(PRICE).map((key) => [key, null]))],
  ['everything of another type', Object.fromEntries(Object.keys(PRICE).map((key) => [key, 7]))],
  [
    'values that are none',
    {
      name: '',
      unit_price: { amount: '1.5', currency_code: 'USD' },
      unit_price_overrides: [null, {}, { unit_price: {} }],
      billing_cycle: { interval: 'month', frequency: '1' },
      quantity: { minimum: 1 },
    },
  ],
])('never throws at a price with %s', (_, data) => {
  const ids = { id: 'pri_1', product_id: 'pro_1' };
  expect((factOf('price.updated', { ...data, ...ids }) as PriceObserved).price).toEqual({
    id: 'pri_1',
    productId: 'pro_1',
    ...NOTHING,
  });
});

it('keeps statuses, types and intervals that nobody knows yet', () => {
  const cycle = { interval: 'tide', frequency: 2 };
  expect(factOf('price.updated', { ...PRICE, status: 'moored', type: 'rented', billing_cycle: cycle })).toMatchObject({
    price: { status: 'moored', type: 'rented', billingCycle: cycle },
  });
  expect(factOf('product.updated', { ...PRODUCT, status: 'moored' })).toMatchObject({ product: { status: 'moored' } });
});

it('has nothing to say of a price without its product, or of things without an id', () => {
  expect(factOf('price.updated', { id: 'pri_1' })).toBeNull();
  expect(factOf('price.updated', { product_id: 'pro_1' })).toBeNull();
  expect(factOf('product.updated', { name: 'x' })).toBeNull();
});

it('puts what is archived and comes back in the order of its events, ties too', () => {
  const at = (type: string, status: string, eventId: string) =>
    (factOf(type, { ...PRODUCT, status }, eventId) as ProductObserved).watermark;
  expect(at('product.updated', 'archived', 'evt_a') > at('product.created', 'active', 'evt_b')).toBe(true);
  expect(at('product.updated', 'active', 'evt_b') > at('product.updated', 'archived', 'evt_a')).toBe(true);
});

describe('what stands in something else', () => {
  const idsOf = ({ products, prices }: CatalogMentions) => [products.map(({ id }) => id), prices.map(({ id }) => id)];

  it('is read from the items of a subscription', () => {
    const mentions = mentionsOfSubscription({
      items: [{ price: PRICE, product: PRODUCT }, { price: { ...PRICE, id: 'pri_2' } }],
    });
    expect([mentions.from, ...idsOf(mentions)]).toEqual(['subscription', ['pro_1'], ['pri_1', 'pri_2']]);
  });

  it('is read from the items and the lines of a transaction', () => {
    const lines = [{ product: { ...PRODUCT, id: 'pro_2' } }, { product: PRODUCT }];
    const mentions = mentionsOfTransaction({ items: [{ price: PRICE }], details: { line_items: lines } });
    expect(idsOf(mentions)).toEqual([['pro_2', 'pro_1'], ['pri_1']]);
  });

  it.each([
    ['web', 'sale'],
    ['api', 'sale'],
    ['subscription_recurring', 'subscription'],
    ['subscription_update', 'subscription'],
    ['subscription_charge', 'subscription'],
    ['tide', 'subscription'],
    [undefined, 'subscription'],
  ])('of a transaction of origin %s is from a %s', (origin, from) => {
    expect(mentionsOfTransaction({ origin }).from).toBe(from);
  });

  it('may be old, odd or not there', () => {
    const old = { id: 'pri_1', product_id: 'pro_1', unit_price: { amount: '100', currency_code: 'USD' } };
    expect(mentionsOfSubscription({ items: [null, 1, {}, { price: {}, product: [] }, { price: old }] })).toEqual({
      from: 'subscription',
      products: [],
      prices: [{ id: 'pri_1', productId: 'pro_1', ...NOTHING, unitPrice: { amount: '100', currency: 'USD' } }],
    });
    for (const data of [{}, { items: null, details: null }, { items: 'none', details: { line_items: 7 } }]) {
      expect(mentionsOfTransaction(data)).toEqual({ from: 'subscription', products: [], prices: [] });
    }
  });
});
