import { lineItem, snapshotOfAdjustment, snapshotOfTransaction } from '../../test/support/facts';
import type { AdjustmentSnapshot, TransactionObserved } from '../provider';
import type { LocatedFact } from './explain-access';
import { purchaseEvidence, type PurchaseFact } from './explain-purchase';

function located(second: number, eventType: string, fact: object): LocatedFact<PurchaseFact> {
  const occurredAt = `2026-01-01T00:00:0${second}.000000Z`;
  const about = { transactionId: 'txn_1', subscriptionId: null, customerId: 'ctm_1', claimedUserId: null };
  const known = { eventId: `evt_${second}`, occurredAt, watermark: occurredAt, ...about, ...fact } as PurchaseFact;
  return { ref: `1-${second}`, position: second, eventType, fact: known };
}

const sold = (second: number, status: string) =>
  located(second, `transaction.${status}`, {
    kind: 'transaction_observed',
    transaction: snapshotOfTransaction({
      status,
      lines: [lineItem({ quantity: 2 }), lineItem({ id: 'txnitm_2', productId: 'pro_2' })],
    }),
    mentions: { from: 'sale', products: [], prices: [] } satisfies TransactionObserved['mentions'],
  });

const adjusted = (second: number, given: Partial<AdjustmentSnapshot>) =>
  located(second, 'adjustment.updated', {
    kind: 'adjustment_observed',
    adjustmentId: 'adj_1',
    adjustment: snapshotOfAdjustment(given),
  });

it('names what gave, what waited and what took, in the order in which it happened', () => {
  const full = { type: 'full', total: '3000' };
  const story = [sold(1, 'paid'), sold(2, 'completed'), adjusted(3, { ...full, status: 'pending_approval' }), adjusted(4, full)];
  const told = [
    ['1-2', 'transaction.completed', 'the purchase was completed: it holds 2 × pro_1'],
    ['1-3', 'adjustment.updated', 'a refund of 3000 in the lowest unit of USD is pending_approval'],
    [
      '1-4',
      'adjustment.updated',
      'the refund of 3000 in the lowest unit of USD went from pending_approval to approved; pro_1 went from completed to refunded',
    ],
  ];
  const evidence = (facts: LocatedFact<PurchaseFact>[]) =>
    purchaseEvidence(facts, 'pro_1').map(({ ref, eventType, effect }) => [ref, eventType, effect]);
  expect(evidence(story)).toEqual(told);
  expect(evidence(story.toReversed())).toEqual(told);
  expect(evidence([...story, sold(5, 'completed')])).toEqual(told);
});

it('tells of a chargeback in words', () => {
  const evidence = purchaseEvidence(
    [sold(1, 'completed'), adjusted(2, { action: 'chargeback', total: null, items: [] })],
    'pro_2',
  );
  expect(evidence.at(-1)!.effect).toBe('a chargeback is approved; pro_2 went from completed to charged_back');
});
