import { parseInstant } from '../platform/instant';
import { sumOf } from '../platform/money';
import type { AdjustmentObserved, AdjustmentSnapshot } from '../provider';

/** An adjustment as the provider last described it. */
export interface Adjustment extends AdjustmentSnapshot {
  id: string;
  /** Of the snapshot shown. */
  watermark: string;
  /** The first time that anything was heard of it; normalised, as `adjustedAt`. */
  firstSeenAt: string;
}

/**
 * Adds what a fact says of an adjustment. The newest snapshot of each counts, so the order of facts does not matter.
 * @param adjustments by id
 * @returns the same list where the fact is no news
 */
export function withAdjustment(adjustments: Adjustment[], fact: AdjustmentObserved): Adjustment[] {
  const known = adjustments.find(({ id }) => id === fact.adjustmentId);
  const isNewer = !known || fact.watermark > known.watermark;
  const isEarlier = !known || fact.occurredAt < known.firstSeenAt;
  if (!isNewer && !isEarlier) return adjustments;
  const firstSeenAt = isEarlier ? fact.occurredAt : known.firstSeenAt;
  const shown = isNewer ? { ...fact.adjustment, id: fact.adjustmentId, watermark: fact.watermark } : known;
  const others = adjustments.filter((other) => other !== known);
  return [...others, { ...shown, firstSeenAt }].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** When it was made: as it says, or, where it does not say, when it was first heard of. */
export function adjustedAt({ createdAt, firstSeenAt }: Adjustment): string {
  return (createdAt && parseInstant(createdAt)) ?? firstSeenAt;
}

/**
 * The refunds and chargebacks that gave money back and still do. What waits for approval, was rejected, or is a word that
 * nobody knows yet, gave nothing back; a chargeback that was undone did, and does no more. Its own status says so late, or
 * its reversal is heard of first: either is enough.
 */
export function inForce(adjustments: Adjustment[]): Adjustment[] {
  const approved = adjustments.filter(({ status }) => status === 'approved');
  const reversals = approved.filter(({ action }) => action === 'chargeback_reverse').map(adjustedAt);
  const isUndone = (chargeback: Adjustment) => reversals.some((at) => at >= adjustedAt(chargeback));
  return approved.filter((one) => one.action === 'refund' || (one.action === 'chargeback' && !isUndone(one)));
}

/** What went back to the buyer, in the lowest unit of the transaction's currency. */
export function moneyReturned(adjustments: Adjustment[]): string {
  return sumOf(inForce(adjustments).map(({ total }) => total ?? '0'));
}
