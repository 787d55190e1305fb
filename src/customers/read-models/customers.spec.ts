import { snapshotOfTransaction } from '../../../test/support/facts';
import type { CatalogMentions, CustomerFact } from '../../provider';
import { customers, type CustomerRow } from './customers';

const NO_MENTIONS: CatalogMentions = { from: 'sale', products: [], prices: [] };

function transaction(second: number, claimedUserId: string | null, eventId = `evt_${second}`): CustomerFact {
  const occurredAt = `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000Z`;
  return {
    kind: 'transaction_observed',
    eventId,
    occurredAt,
    watermark: `${occurredAt} ${eventId}`,
    customerId: 'ctm_1',
    claimedUserId,
    transactionId: 'txn_1',
    subscriptionId: null,
    transaction: snapshotOfTransaction({ status: 'ready' }),
    mentions: NO_MENTIONS,
  };
}

function customer(second: number, email: string): CustomerFact {
  const occurredAt = `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000Z`;
  return {
    kind: 'customer_observed',
    eventId: `evt_c${second}`,
    occurredAt,
    watermark: occurredAt,
    customerId: 'ctm_1',
    claimedUserId: null,
    email,
    name: null,
    locale: 'en',
    status: 'active',
  };
}

const fold = (...facts: CustomerFact[]) =>
  facts.reduce<CustomerRow | null>((row, fact) => customers.evolve(row, fact, 'ctm_1'), null)!;

it('knows a customer from the first mention, and describes it by its newest snapshot', () => {
  expect(fold(transaction(1, null))).toMatchObject({
    customerId: 'ctm_1',
    email: null,
    userId: null,
    claims: [],
    firstSeenAt: '2026-01-01T00:00:01.000000Z',
  });
  expect(fold(customer(5, 'new@example.com'), customer(3, 'old@example.com'), transaction(2, null))).toMatchObject({
    email: 'new@example.com',
    firstSeenAt: '2026-01-01T00:00:02.000000Z',
  });
});

it('links to the user of the first claim, whenever it arrives', () => {
  expect(fold(transaction(5, 'mallory'), transaction(2, 'alice'))).toMatchObject({
    userId: 'alice',
    claims: [
      { userId: 'alice', claimedAt: '2026-01-01T00:00:02.000000Z', eventId: 'evt_2' },
      { userId: 'mallory', claimedAt: '2026-01-01T00:00:05.000000Z', eventId: 'evt_5' },
    ],
  });
});

it('lets a later claim of another user change nothing but the list', () => {
  expect(fold(transaction(2, 'alice'), transaction(5, 'mallory'), transaction(6, 'mallory'))).toMatchObject({ userId: 'alice' });
});

it('settles claims of one moment by event id', () => {
  expect(fold(transaction(2, 'bob', 'evt_b'), transaction(2, 'alice', 'evt_a')).userId).toBe('alice');
});

it('keeps a bounded number of claims, the earliest ones', () => {
  const many = Array.from({ length: 40 }, (_, i) => transaction(59 - i, `user_${59 - i}`));
  const { claims, userId } = fold(...many);
  expect(claims).toHaveLength(20);
  expect([userId, claims.at(-1)!.userId]).toEqual(['user_20', 'user_39']);
});

it('gives back the same row for news that are none', () => {
  const row = fold(transaction(2, 'alice'), customer(3, 'a@example.com'));
  expect(customers.evolve(row, transaction(2, 'alice'), 'ctm_1')).toBe(row);
  expect(customers.evolve(row, customer(3, 'a@example.com'), 'ctm_1')).toBe(row);
});

it('says nothing of a draft that has no customer yet', () => {
  expect(customers.keysOf({ ...transaction(1, 'alice'), customerId: null } as CustomerFact)).toEqual([]);
});
