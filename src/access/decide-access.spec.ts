import type { Instant } from '../platform/instant';
import { ProductConfiguration } from '../settings';
import type { Subscription } from '../subscriptions';
import { decideAccess, nextChangeAfter, noPurchase } from './decide-access';

const NOW = '2026-06-15T12:00:00.000000Z' as Instant;
const PLAIN = ProductConfiguration.NONE;
const JULY = '2026-07-01T00:00:00Z';

function item(productId: string, quantity = 1, status = 'active') {
  return {
    status,
    productId,
    productName: null,
    priceId: `pri_${productId}`,
    priceName: null,
    unitAmount: '100',
    quantity,
    recurring: true,
    trialEndsAt: null,
  };
}

function subscription(id: string, change: Partial<Subscription> = {}): Subscription {
  const nothing = {
    collectionMode: null,
    currency: null,
    startedAt: null,
    nextBilledAt: null,
    pausedAt: null,
    canceledAt: null,
    currentPeriod: null,
    lastPayment: null,
    pastDueSince: null,
  };
  return { id, customerId: 'ctm_1', status: 'active', scheduledChange: null, items: [item('pro_a')], ...nothing, ...change };
}

const cancelIn = (effectiveAt: string) => ({ action: 'cancel', effectiveAt, resumeAt: null });
const held = (subscriptions: Subscription[]) => ({ subscriptions, purchases: [], grants: [] });
const decide = (...subscriptions: Subscription[]) => decideAccess(held(subscriptions), PLAIN, NOW);

it('answers for every product of every item, not only the first', () => {
  const [a, b] = decide(subscription('sub_1', { items: [item('pro_b', 3), item('pro_a')] }));
  expect(a).toEqual({
    productId: 'pro_a',
    access: 'full',
    reason: 'subscription_active',
    source: { type: 'subscription', id: 'sub_1' },
    until: null,
    quantity: 1,
  });
  expect(b).toMatchObject({ productId: 'pro_b', quantity: 3 });
});

it('adds up two prices of one product', () => {
  expect(decide(subscription('sub_1', { items: [item('pro_a', 2), item('pro_a', 3)] }))).toMatchObject([{ quantity: 5 }]);
});

it('names a product that lapsed, and why', () => {
  expect(decide(subscription('sub_1', { status: 'canceled' }))).toMatchObject([
    { access: 'none', reason: 'subscription_canceled', source: { id: 'sub_1' } },
  ]);
});

it('gives nothing for an item that is inactive', () => {
  expect(decide(subscription('sub_1', { items: [item('pro_a', 1, 'inactive')] }))).toMatchObject([
    { access: 'none', quantity: 0 },
  ]);
});

it('knows nothing of a user without sources', () => {
  expect(decide()).toEqual([]);
  expect(noPurchase('pro_a')).toEqual({
    productId: 'pro_a',
    access: 'none',
    reason: 'no_purchase',
    source: null,
    until: null,
    quantity: 0,
  });
});

describe('the best source wins', () => {
  it.each<[string, Subscription, Subscription]>([
    ['access beats none', subscription('sub_2'), subscription('sub_1', { status: 'canceled' })],
    ['lasting beats ending', subscription('sub_2'), subscription('sub_1', { scheduledChange: cancelIn(JULY) })],
    [
      'later beats sooner',
      subscription('sub_2', { scheduledChange: cancelIn(JULY) }),
      subscription('sub_1', { scheduledChange: cancelIn('2026-06-20T00:00:00Z') }),
    ],
    ['active beats past due', subscription('sub_2'), subscription('sub_1', { status: 'past_due' })],
    ['active beats trialing', subscription('sub_2'), subscription('sub_1', { status: 'trialing' })],
    ['more units beat fewer', subscription('sub_2', { items: [item('pro_a', 9)] }), subscription('sub_1')],
    [
      'paused says more than canceled',
      subscription('sub_2', { status: 'paused' }),
      subscription('sub_1', { status: 'canceled' }),
    ],
    ['the id settles the rest', subscription('sub_1'), subscription('sub_2')],
  ])('%s, in either order', (_, better, worse) => {
    expect(decide(better, worse)).toMatchObject([{ source: { id: better.id } }]);
    expect(decide(worse, better)).toMatchObject([{ source: { id: better.id } }]);
  });
});

it('knows when the answer changes by itself', () => {
  const later = [
    subscription('sub_1', { scheduledChange: cancelIn(JULY) }),
    subscription('sub_2', { scheduledChange: cancelIn('2026-06-20T00:00:00Z') }),
  ];
  expect(nextChangeAfter(held(later), PLAIN, NOW)).toBe('2026-06-20T00:00:00.000000Z');
  expect(nextChangeAfter(held(later), PLAIN, '2026-06-20T00:00:00.000000Z' as Instant)).toBe('2026-07-01T00:00:00.000000Z');
  expect(nextChangeAfter(held([subscription('sub_1')]), PLAIN, NOW)).toBeNull();
  expect(nextChangeAfter(held([subscription('sub_1', { scheduledChange: cancelIn('someday') })]), PLAIN, NOW)).toBeNull();
});
