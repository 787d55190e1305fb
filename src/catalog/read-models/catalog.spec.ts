import { snapshotOfTransaction } from '../../../test/support/facts';
import fc from 'fast-check';
import type { PriceObserved, PriceSnapshot, ProductSnapshot, SubscriptionObserved, TransactionObserved } from '../../provider';
import { catalog, type CatalogRow } from './catalog';

type CatalogFact = Parameters<typeof catalog.evolve>[1];

const PRODUCT: ProductSnapshot = {
  id: 'pro_1',
  name: 'Solo',
  description: null,
  imageUrl: null,
  status: 'active',
  type: 'standard',
};
const PRICE: PriceSnapshot = {
  id: 'pri_1',
  productId: 'pro_1',
  name: 'Monthly',
  description: null,
  unitPrice: { amount: '100', currency: 'USD' },
  unitPriceOverrides: [],
  billingCycle: { interval: 'month', frequency: 1 },
  trialPeriod: null,
  quantity: { min: 1, max: 10 },
  status: 'active',
  type: 'standard',
};

function seen(second: number) {
  const watermark = `2026-01-01T00:00:0${second}.000000Z`;
  return { eventId: `evt_${second}`, occurredAt: watermark, watermark };
}

function own(second: number, amount: string): PriceObserved {
  return { kind: 'price_observed', ...seen(second), price: priced(amount) };
}

function sold(second: number, ...prices: PriceSnapshot[]): TransactionObserved {
  const nobody = { customerId: null, claimedUserId: null, subscriptionId: null };
  return {
    kind: 'transaction_observed',
    ...seen(second),
    ...nobody,
    transactionId: 'txn_1',
    transaction: snapshotOfTransaction(),
    mentions: { from: 'sale', products: [PRODUCT], prices },
  };
}

function renewed(second: number, ...prices: PriceSnapshot[]): TransactionObserved {
  return { ...sold(second), mentions: { from: 'subscription', products: [], prices } };
}

function priced(amount: string): PriceSnapshot {
  return { ...PRICE, unitPrice: { amount, currency: 'USD' } };
}

const fold = (key: string, ...facts: CatalogFact[]) =>
  facts.reduce<CatalogRow | null>((row, fact) => catalog.evolve(row, fact, key), null)!;
const shown = (...facts: CatalogFact[]) => {
  const { price, knownFrom } = fold('pri_1', ...facts);
  return [price!.unitPrice!.amount, knownFrom];
};

it.each<[string, CatalogFact[], [string, string]]>([
  ['the newest of its own events', [own(5, '500'), own(3, '300')], ['500', 'itself']],
  ['its own event, though it was sold otherwise since', [own(1, '100'), sold(9, priced('900'))], ['100', 'itself']],
  ['its own event, though that came last', [sold(9, priced('900')), own(1, '100')], ['100', 'itself']],
  ['the newest sale, until there is an own event', [sold(5, priced('500')), sold(3, priced('300'))], ['500', 'sale']],
  [
    'a sale, though a subscription shows it otherwise since',
    [sold(1, priced('100')), renewed(9, priced('900'))],
    ['100', 'sale'],
  ],
  ['the newest of what subscriptions show', [renewed(3, priced('300')), renewed(5, priced('500'))], ['500', 'subscription']],
])('shows %s', (_, facts, wanted) => {
  expect(shown(...facts)).toEqual(wanted);
  expect(shown(...facts.toReversed())).toEqual(wanted);
});

it('has a row for each product and each price that a fact shows', () => {
  const fact = sold(1, PRICE, { ...PRICE, id: 'pri_2' }, PRICE);
  expect(catalog.keysOf(fact)).toEqual(['pro_1', 'pri_1', 'pri_2']);
  expect(fold('pro_1', fact)).toEqual({
    id: 'pro_1',
    type: 'standard',
    knownFrom: 'sale',
    watermark: '2026-01-01T00:00:01.000000Z',
    product: PRODUCT,
    price: null,
  });
  expect(fold('pri_2', fact)).toMatchObject({ id: 'pri_2', product: null, price: { id: 'pri_2' } });
});

it('takes the first of two that one event shows of the same id', () => {
  expect(shown(sold(1, priced('100'), priced('200')))).toEqual(['100', 'sale']);
});

it('reads subscriptions and own events of products', () => {
  const mentions = { from: 'subscription' as const, products: [], prices: [PRICE] };
  const subscription = { ...seen(1), kind: 'subscription_observed', mentions } as unknown as SubscriptionObserved;
  expect(fold('pri_1', subscription)).toMatchObject({ knownFrom: 'subscription', price: PRICE });
  const product = { kind: 'product_observed' as const, ...seen(1), product: { ...PRODUCT, type: 'custom' } };
  expect(catalog.keysOf(product)).toEqual(['pro_1']);
  expect(fold('pro_1', product)).toMatchObject({ knownFrom: 'itself', type: 'custom' });
});

it('gives back the same row for news that are none', () => {
  const row = fold('pri_1', own(3, '300'));
  for (const fact of [own(3, '300'), own(1, '100'), sold(9, PRICE), renewed(9, PRICE)]) {
    expect(catalog.evolve(row, fact, 'pri_1')).toBe(row);
  }
});

it('gives the same row for any order and repetition of the same facts', () => {
  const fact = fc.tuple(fc.constantFrom('own', 'sold', 'renewed'), fc.integer({ min: 0, max: 9 })).map(([kind, second]) => {
    const amount = `${second}${kind.length}`;
    if (kind === 'own') return own(second, amount);
    return kind === 'sold' ? sold(second, priced(amount)) : renewed(second, priced(amount));
  });
  // One event says one thing: its watermark holds its id.
  const facts = fc.uniqueArray(fact, { minLength: 1, selector: (one) => one.watermark });
  const deliveries = facts.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
  );
  fc.assert(fc.property(deliveries, ([all, delivered]) => expect(fold('pri_1', ...delivered)).toEqual(fold('pri_1', ...all))));
});
