import { lineItem, snapshotOfAdjustment, snapshotOfTransaction } from '../../../test/support/facts';
import type { AdjustmentObserved, CatalogMentions, TransactionObserved, TransactionSnapshot } from '../../provider';
import { purchases, type PurchaseRow } from './purchases';

const ONCE = lineItem();
const MONTHLY = lineItem({ id: 'txnitm_2', priceId: 'pri_2', recurring: true });

function seen(second: number) {
  const occurredAt = `2026-01-01T00:00:0${second}.000000Z`;
  return { eventId: `evt_${second}`, occurredAt, watermark: occurredAt, customerId: 'ctm_1', claimedUserId: null };
}

function sold(
  second: number,
  given: Partial<TransactionSnapshot> = {},
  subscriptionId: string | null = null,
): TransactionObserved {
  const transaction = snapshotOfTransaction({ lines: [ONCE], ...given });
  const mentions: CatalogMentions = { from: 'sale', products: [], prices: [] };
  return { kind: 'transaction_observed', ...seen(second), transactionId: 'txn_1', subscriptionId, transaction, mentions };
}

function refunded(second: number): AdjustmentObserved {
  const about = { adjustmentId: 'adj_1', transactionId: 'txn_1', subscriptionId: null };
  return { kind: 'adjustment_observed', ...seen(second), ...about, adjustment: snapshotOfAdjustment() };
}

const fold = (...facts: (TransactionObserved | AdjustmentObserved)[]) =>
  facts.reduce<PurchaseRow | null>(
    (row, fact) => purchases.keysOf(fact).reduce<PurchaseRow | null>((_, key) => purchases.evolve(row, fact, key), row),
    null,
  );

it('keeps of a mixed sale what is bought once', () => {
  expect(fold(sold(1, { lines: [ONCE, MONTHLY] }, 'sub_1'))).toMatchObject({ customerId: 'ctm_1', sale: { lines: [ONCE] } });
});

it.each(['draft', 'ready', 'billed', 'paid', 'past_due', 'canceled', 'moored'])(
  'is not interested in a sale that is %s',
  (status) => {
    expect(fold(sold(1, { status }))).toBeNull();
  },
);

it('is not interested in what only recurs', () => {
  expect(fold(sold(1, { lines: [MONTHLY] }, 'sub_1'))).toBeNull();
});

it('takes an old price that does not say whether it recurs for one that does not, unless it made a subscription', () => {
  const unsaid = lineItem({ recurring: null });
  expect(fold(sold(1, { lines: [unsaid] }))).toMatchObject({ sale: { lines: [unsaid] } });
  expect(fold(sold(1, { lines: [unsaid] }, 'sub_1'))).toBeNull();
});

it('waits with an adjustment for its sale, and shows nobody the wait', () => {
  expect(fold(refunded(2))).toMatchObject({ customerId: null, sale: null, adjustments: [{ id: 'adj_1' }] });
  expect(fold(refunded(2), sold(1))).toEqual(fold(sold(1), refunded(2)));
  expect(fold(refunded(2), sold(1))).toMatchObject({ customerId: 'ctm_1', adjustments: [{ id: 'adj_1' }] });
});

it('shows the newest, and gives back the same row for news that are none', () => {
  const row = fold(sold(2, { invoiceNumber: '1' }), sold(1, { lines: [lineItem({ quantity: 9 })] }), refunded(3));
  expect(row!.sale!.lines).toEqual([ONCE]);
  for (const old of [sold(2), sold(1), refunded(3)]) expect(purchases.evolve(row, old, 'txn_1')).toBe(row);
});
