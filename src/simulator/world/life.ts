import type { Proration } from './entities';
import type { CardDetails } from './money-entities';
import type { Micros } from './time';

/** What Paddle knows of a subscription and does not show. */
export interface Life {
  /** Periods are counted from here, so that a subscription of the 31st finds its day again after February. */
  anchor: Micros;
  /** How many periods after the anchor the current one begins. */
  cycle: number;
  /** When the next period is billed, also while `next_billed_at` hides it. */
  nextBillAt: Micros | null;
  paymentMethodId: string | null;
  dunning: { transactionId: string; since: Micros; retries: number } | null;
  /** Goes on the bill of the next renewal. */
  carried: CarriedLine[];
  onResume: 'start_new_billing_period' | 'continue_existing_billing_period';
  /** Until when the period runs that a pause interrupted. */
  interruptedUntil: Micros | null;
  /** When items were charged at once: Paddle allows 20 an hour and 100 a day. */
  immediateCharges: Micros[];
}

export interface CarriedLine {
  priceId: string;
  quantity: number;
  proration: Proration | null;
}

/** A card behind a payment method. */
export interface Card {
  details: CardDetails;
  behaviour: CardBehaviour;
}

/** `declines_later`: the first payment goes through, those after it do not. */
export type CardBehaviour = 'pays' | 'declines' | 'declines_later';

/** One of many who live in the world without being told to: what they do depends on the seed alone. */
export interface Person {
  userId: string;
  email: string;
  country: string;
  /** So many things they have done. */
  deeds: number;
}
