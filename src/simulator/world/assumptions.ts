/**
 * What nobody outside Paddle knows for certain (REFERENCE 7). Each is set to the reading that asks most of whoever
 * integrates with it, and can be changed at run time by `POST /_control/assumptions`.
 */
export interface Assumptions {
  /** `next_billed_at` while a cancel or pause is scheduled. */
  nextBilledAtWhileScheduled: 'null' | 'kept';
  /** `current_billing_period` while paused. */
  periodWhilePaused: 'null' | 'kept';
  /** The status that `subscription.resumed` shows, before the payment is known. */
  statusAtResumed: 'active' | 'paused';
  /** Whether a refund or chargeback sends `transaction.updated` too. */
  adjustmentUpdatesTransaction: boolean;
  /** What a chargeback does to the subscription. */
  chargebackOnSubscription: 'nothing' | 'cancel';
  /** Whether the items of a trial can be changed (with `do_not_bill`). */
  itemsInTrial: 'refused' | 'allowed';
  /** What follows when every retry of a renewal has failed. */
  dunningExhausted: 'cancel' | 'pause';
  /** Days after the failed renewal on which the payment is tried again. */
  dunningRetryDays: number[];
  dunningExhaustedDays: number;
  /** Who decides on a refund: the sandbox approves by itself, every ten minutes. */
  refundApproval: 'every_ten_minutes' | 'by_hand';
  /** Prices of `tax_mode: account_setting`. */
  accountTaxMode: 'external' | 'internal';
  /** How often a card that works is declined all the same, from 0 to 1. */
  declineRate: number;
}

export const ASSUMPTIONS: Assumptions = {
  nextBilledAtWhileScheduled: 'null',
  periodWhilePaused: 'null',
  statusAtResumed: 'active',
  adjustmentUpdatesTransaction: false,
  chargebackOnSubscription: 'nothing',
  itemsInTrial: 'refused',
  dunningExhausted: 'cancel',
  dunningRetryDays: [3, 7, 14, 21],
  dunningExhaustedDays: 30,
  refundApproval: 'every_ten_minutes',
  accountTaxMode: 'external',
  declineRate: 0,
};
