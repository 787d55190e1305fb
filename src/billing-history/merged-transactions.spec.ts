import { snapshotOfAdjustment, snapshotOfTransaction } from '../../test/support/facts';
import type { Adjustment } from '../purchases';
import { mergedTransactions } from './merged-transactions';
import type { BillingHistoryRow } from './read-models/billing-history';

function row(customerId: string, watermark: string | null, adjustments: Adjustment[] = []): BillingHistoryRow {
  const snapshot = watermark === null ? null : snapshotOfTransaction({ invoiceNumber: watermark });
  const orderedAt = watermark === null ? null : '2026-01-01T00:00:00.000000Z';
  return { transactionId: 'txn_1', customerId, subscriptionId: null, snapshot, watermark, adjustments, orderedAt };
}

function adjustment(id: string, watermark: string, firstSeenAt: string): Adjustment {
  return { ...snapshotOfAdjustment({ reason: watermark }), id, watermark, firstSeenAt };
}

const merged = (...rows: BillingHistoryRow[]) => mergedTransactions(rows).get('txn_1');

it('takes the newest snapshot with its customer, whichever shard is read first', () => {
  for (const rows of [
    [row('ctm_a', '1'), row('ctm_b', '2'), row('ctm_c', null)],
    [row('ctm_c', null), row('ctm_b', '2'), row('ctm_a', '1')],
  ]) {
    expect(merged(...rows)).toEqual(row('ctm_b', '2'));
  }
});

it('gathers what became of it from all, the newest of each', () => {
  const one = row('ctm_a', '1', [adjustment('adj_1', '1', '4'), adjustment('adj_2', '1', '1')]);
  const two = row('ctm_b', '2', [adjustment('adj_1', '2', '5'), adjustment('adj_3', '1', '1')]);
  const all = [adjustment('adj_1', '2', '4'), adjustment('adj_2', '1', '1'), adjustment('adj_3', '1', '1')];
  const byId = (a: Adjustment, b: Adjustment) => (a.id < b.id ? -1 : 1);
  for (const rows of [
    [one, two],
    [two, one],
  ])
    expect(merged(...rows)!.adjustments.sort(byId)).toEqual(all);
});

it('leaves single rows as they are', () => {
  const single = row('ctm_a', '1', [adjustment('adj_1', '1', '1')]);
  expect(merged(single)).toBe(single);
});
