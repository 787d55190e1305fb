import { snapshotOfTransaction } from '../../../test/support/facts';
import type { CatalogMentions, SubscriptionObserved, SubscriptionSnapshot, TransactionObserved } from '../../provider';
import { subscriptions, type SubscriptionRow } from './subscriptions';

const SNAPSHOT: SubscriptionSnapshot = {
  status: 'active',
  collectionMode: 'automatic',
  currency: 'USD',
  startedAt: '2026-01-01T00:00:00Z',
  nextBilledAt: null,
  pausedAt: null,
  canceledAt: null,
  currentPeriod: null,
  scheduledChange: null,
  items: [],
};

const NO_MENTIONS: CatalogMentions = { from: 'subscription', products: [], prices: [] };

function observed(second: number, status: string, customerId = 'ctm_1'): SubscriptionObserved {
  const occurredAt = `2026-01-01T00:00:0${second}.000000Z`;
  return {
    kind: 'subscription_observed',
    eventId: `evt_${second}`,
    occurredAt,
    watermark: occurredAt,
    customerId,
    claimedUserId: null,
    subscriptionId: 'sub_1',
    subscription: { ...SNAPSHOT, status },
    mentions: NO_MENTIONS,
  };
}

function paid(second: number, amount: string, capturedAt: string, transactionId = 'txn_1'): TransactionObserved {
  const occurredAt = `2026-01-01T00:00:0${second}.000000Z`;
  const payment = { amount, capturedAt, method: { type: 'card', brand: 'visa', last4: '4242' } };
  return {
    kind: 'transaction_observed',
    eventId: `evt_t${second}`,
    occurredAt,
    watermark: occurredAt,
    customerId: 'ctm_1',
    claimedUserId: null,
    subscriptionId: 'sub_1',
    transactionId,
    transaction: snapshotOfTransaction({ payment }),
    mentions: NO_MENTIONS,
  };
}

type SubscriptionFact = SubscriptionObserved | TransactionObserved;
const fold = (...facts: SubscriptionFact[]) =>
  facts.reduce<SubscriptionRow | null>((row, fact) => subscriptions.evolve(row, fact, 'sub_1'), null);

it('shows the newest snapshot, whole, whatever came last', () => {
  expect(fold(observed(5, 'paused', 'ctm_2'), observed(3, 'active'))).toMatchObject({
    snapshot: { status: 'paused' },
    customerId: 'ctm_2',
    watermark: '2026-01-01T00:00:05.000000Z',
  });
});

it('shows the last payment by when it was made, not by when we heard of it', () => {
  const row = fold(paid(9, '100', '2026-01-01T08:00:00.5Z', 'txn_1'), paid(8, '200', '2026-01-01T08:00:00.500001Z', 'txn_2'));
  expect(row!.lastPayment).toMatchObject({ total: { amount: '200', currency: 'USD' }, at: '2026-01-01T08:00:00.500001Z' });
});

it('keeps a payment that came before its subscription', () => {
  expect(fold(paid(1, '100', '2026-01-01T00:00:00Z'))).toMatchObject({
    snapshot: null,
    customerId: null,
    lastPayment: { total: { amount: '100' } },
  });
  expect(fold(paid(1, '100', '2026-01-01T00:00:00Z'), observed(2, 'active'))).toMatchObject({
    snapshot: { status: 'active' },
    lastPayment: { total: { amount: '100' } },
  });
});

it('counts nothing paid as no payment', () => {
  expect(fold(paid(1, '0', '2026-01-01T00:00:00Z'))).toBeNull();
  expect(
    fold(observed(1, 'active'), { ...paid(2, '100', '2026-01-01T00:00:00Z'), transaction: snapshotOfTransaction() })!.lastPayment,
  ).toBeNull();
  expect(fold({ ...paid(1, '1.5', '2026-01-01T00:00:00Z') })).toBeNull();
});

it('gives back the same row for news that are none', () => {
  const row = fold(observed(2, 'active'), paid(3, '100', '2026-01-01T00:00:00Z'));
  expect(subscriptions.evolve(row, observed(2, 'active'), 'sub_1')).toBe(row);
  expect(subscriptions.evolve(row, observed(1, 'trialing'), 'sub_1')).toBe(row);
  expect(subscriptions.evolve(row, paid(3, '100', '2026-01-01T00:00:00Z'), 'sub_1')).toBe(row);
});

it('takes no interest in a transaction without a subscription', () => {
  expect(subscriptions.keysOf({ ...paid(1, '1', '2026-01-01T00:00:00Z'), subscriptionId: null })).toEqual([]);
});
