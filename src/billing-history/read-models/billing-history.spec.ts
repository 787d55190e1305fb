import { snapshotOfAdjustment, snapshotOfTransaction } from '../../../test/support/facts';
import type {
  AdjustmentObserved,
  AdjustmentSnapshot,
  CatalogMentions,
  TransactionObserved,
  TransactionSnapshot,
} from '../../provider';
import { billingHistory, type BillingHistoryRow } from './billing-history';

type HistoryFact = TransactionObserved | AdjustmentObserved;

function observed(second: number) {
  const occurredAt = `2026-03-01T00:00:0${second}.000000Z`;
  return { eventId: `evt_${second}`, occurredAt, watermark: `${occurredAt} 60 evt_${second}`, claimedUserId: null };
}

function transaction(second: number, given: Partial<TransactionSnapshot>, of: Partial<TransactionObserved> = {}): HistoryFact {
  const about = { transactionId: 'txn_1', customerId: 'ctm_1', subscriptionId: 'sub_1' };
  const mentions: CatalogMentions = { from: 'sale', products: [], prices: [] };
  const snapshot = snapshotOfTransaction(given);
  return { kind: 'transaction_observed', ...observed(second), ...about, transaction: snapshot, mentions, ...of };
}

function adjustment(second: number, id: string, given: Partial<AdjustmentSnapshot> = {}): HistoryFact {
  const about = { adjustmentId: id, transactionId: 'txn_1', customerId: 'ctm_1', subscriptionId: 'sub_1' };
  return { kind: 'adjustment_observed', ...observed(second), ...about, adjustment: snapshotOfAdjustment(given) };
}

const fold = (...facts: HistoryFact[]) =>
  facts.reduce<BillingHistoryRow | null>((row, fact) => billingHistory.evolve(row, fact, 'txn_1'), null)!;

/** Every order of so few facts. */
function ordersOf<Fact>(facts: Fact[]): Fact[][] {
  if (facts.length === 0) return [[]];
  return facts.flatMap((fact, index) => ordersOf(facts.filter((_, other) => other !== index)).map((rest) => [fact, ...rest]));
}

it('is the newest snapshot and every adjustment, in whatever order they come', () => {
  const facts = [
    transaction(1, { status: 'ready', billedAt: null }, { subscriptionId: null }),
    transaction(3, { status: 'completed', invoiceNumber: '325-1' }),
    transaction(2, { status: 'paid' }, { subscriptionId: null }),
    adjustment(5, 'adj_1', { status: 'approved' }),
    adjustment(4, 'adj_1', { status: 'pending_approval' }),
  ];
  const completed = facts[1] as TransactionObserved;
  for (const order of ordersOf(facts)) {
    expect(fold(...order)).toEqual({
      transactionId: 'txn_1',
      customerId: 'ctm_1',
      subscriptionId: 'sub_1',
      snapshot: completed.transaction,
      watermark: completed.watermark,
      adjustments: [
        {
          ...snapshotOfAdjustment({ status: 'approved' }),
          id: 'adj_1',
          watermark: facts[3]!.watermark,
          firstSeenAt: facts[4]!.occurredAt,
        },
      ],
      orderedAt: '2026-01-01T00:00:00.000000Z',
    });
  }
});

it.each([
  ['draft', null, false],
  ['draft', '2026-01-01T00:00:00Z', false],
  ['ready', null, false],
  ['billed', '2026-01-01T00:00:00Z', true],
  ['past_due', '2026-01-01T00:00:00Z', true],
  ['paid', '2026-01-01T00:00:00Z', true],
  ['paid', null, true],
  ['completed', '2026-01-01T00:00:00Z', true],
  ['canceled', null, false],
  ['canceled', '2026-01-01T00:00:00Z', true],
  ['moored', null, false],
  ['moored', '2026-01-01T00:00:00Z', true],
])('one that is %s and was billed at %s has a place: %s', (status, billedAt, listed) => {
  expect(fold(transaction(1, { status, billedAt })).orderedAt !== null).toBe(listed);
});

it('stands where it was billed, else where it was made, else where it was first heard of', () => {
  const placeOf = (billedAt: string | null, createdAt: string | null) =>
    fold(transaction(1, { status: 'paid', billedAt, createdAt })).orderedAt;
  expect(placeOf('2026-01-02T02:00:00.5+02:00', '2026-01-01T00:00:00Z')).toBe('2026-01-02T00:00:00.500000Z');
  expect(placeOf(null, '2026-01-01T00:00:00Z')).toBe('2026-01-01T00:00:00.000000Z');
  expect(placeOf('some day', 'once')).toBe('2026-03-01T00:00:01.000000Z');
});

it('belongs to whoever the newest snapshot says', () => {
  const unknown = transaction(1, { status: 'draft' }, { customerId: null });
  expect(fold(unknown)).toMatchObject({ customerId: null, orderedAt: null });
  expect(fold(transaction(2, {}), unknown)).toMatchObject({ customerId: 'ctm_1' });
});

it('keeps an adjustment of a transaction that nobody has told of yet, and shows nothing', () => {
  expect(fold(adjustment(4, 'adj_1'))).toMatchObject({
    customerId: null,
    snapshot: null,
    orderedAt: null,
    adjustments: [{ id: 'adj_1' }],
  });
});

it('gives back the same row for news that are none', () => {
  const row = fold(transaction(3, {}), adjustment(4, 'adj_1'));
  for (const old of [transaction(3, {}), transaction(2, { status: 'paid' }), adjustment(4, 'adj_1')]) {
    expect(billingHistory.evolve(row, old, 'txn_1')).toBe(row);
  }
});
