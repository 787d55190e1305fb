import { snapshotOfAdjustment } from '../../test/support/facts';
import type { AdjustmentObserved, AdjustmentSnapshot } from '../provider';
import { adjustedAt, inForce, moneyReturned, withAdjustment, type Adjustment } from './adjustments';

function heard(second: number, id: string, given: Partial<AdjustmentSnapshot> = {}): AdjustmentObserved {
  const occurredAt = `2026-02-01T00:00:0${second}.000000Z`;
  const about = { adjustmentId: id, transactionId: 'txn_1', subscriptionId: null, customerId: 'ctm_1', claimedUserId: null };
  const fact = { kind: 'adjustment_observed', eventId: `evt_${second}`, occurredAt, watermark: occurredAt } as const;
  return { ...fact, ...about, adjustment: snapshotOfAdjustment(given) };
}

const fold = (...facts: AdjustmentObserved[]) => facts.reduce<Adjustment[]>(withAdjustment, []);

it('shows the newest snapshot of each, whatever came last, and is not moved by old news', () => {
  const known = fold(
    heard(2, 'adj_b', { status: 'approved' }),
    heard(1, 'adj_b', { status: 'pending_approval' }),
    heard(3, 'adj_a'),
  );
  expect(known.map(({ id, status, firstSeenAt }) => [id, status, firstSeenAt])).toEqual([
    ['adj_a', 'approved', '2026-02-01T00:00:03.000000Z'],
    ['adj_b', 'approved', '2026-02-01T00:00:01.000000Z'],
  ]);
  expect(withAdjustment(known, heard(2, 'adj_b'))).toBe(known);
});

it('dates what has no time of its own by the first that was heard of it', () => {
  const known = fold(heard(4, 'adj_a', { createdAt: null }), heard(2, 'adj_a', { createdAt: null }));
  expect(adjustedAt(known[0]!)).toBe('2026-02-01T00:00:02.000000Z');
  expect(adjustedAt(fold(heard(4, 'adj_a', { createdAt: '2026-01-02T00:00:00.1234567Z' }))[0]!)).toBe(
    '2026-01-02T00:00:00.123456Z',
  );
});

it.each([
  ['pending_approval', '0'],
  ['approved', '1000'],
  ['rejected', '0'],
  ['reversed', '0'],
  ['mulled', '0'],
])('of a refund that is %s %s went back', (status, returned) => {
  expect(moneyReturned(fold(heard(1, 'adj_a', { status })))).toBe(returned);
});

it.each(['credit', 'credit_reverse', 'chargeback_warning', 'chargeback_warning_reverse', 'chargeback_reverse', 'barter'])(
  'nothing went back by a %s',
  (action) => {
    expect(inForce(fold(heard(1, 'adj_a', { action })))).toEqual([]);
  },
);

const chargeback = (createdAt: string | null, status = 'approved') => ({ action: 'chargeback', createdAt, status });
const reversal = (createdAt: string | null, status = 'approved') => ({ action: 'chargeback_reverse', createdAt, status });

it('counts a chargeback until it is undone, whichever of the two news of that comes first', () => {
  const first = heard(1, 'adj_a', chargeback('2026-02-01T00:00:00Z'));
  expect(moneyReturned(fold(first))).toBe('1000');
  expect(moneyReturned(fold(first, heard(2, 'adj_b', reversal('2026-02-02T00:00:00Z'))))).toBe('0');
  expect(moneyReturned(fold(first, heard(2, 'adj_a', chargeback('2026-02-01T00:00:00Z', 'reversed'))))).toBe('0');
  expect(moneyReturned(fold(first, heard(2, 'adj_b', reversal('2026-02-02T00:00:00Z', 'pending_approval'))))).toBe('1000');
});

it('counts a second chargeback after the first was undone', () => {
  const dispute = [heard(1, 'adj_a', chargeback('2026-02-01T00:00:00Z')), heard(2, 'adj_b', reversal('2026-02-02T00:00:00Z'))];
  expect(moneyReturned(fold(...dispute, heard(3, 'adj_c', chargeback('2026-02-03T00:00:00Z'))))).toBe('1000');
  const undated = [heard(1, 'adj_a', chargeback(null)), heard(2, 'adj_b', reversal(null)), heard(3, 'adj_c', chargeback(null))];
  expect(moneyReturned(fold(...undated))).toBe('1000');
  expect(moneyReturned(fold(...undated.slice(0, 2)))).toBe('0');
});

it('adds up to the unit, beyond what a float can hold', () => {
  const total = '9007199254740993';
  expect(moneyReturned(fold(heard(1, 'adj_a', { total }), heard(2, 'adj_b', { total })))).toBe('18014398509481986');
});
