import { DomainError } from '../platform/domain-error';
import type { ProblemCode } from '../platform/problem-details';
import type { ProviderError, Refusal } from '../provider';

/** The provider's refusals in words that a user understands, and what to do. Those that are missing stay the provider's. */
const WORDS: Partial<Record<Refusal, [ProblemCode, string]>> = {
  changed_meanwhile: ['version_conflict', 'The subscription is being changed by somebody else. Look at it again, then repeat.'],
  renewal_under_way: [
    'subscription_renewing',
    'The subscription is about to renew and cannot be changed now. Try again in half an hour.',
  ],
  scheduled_change_pending: [
    'subscription_has_scheduled_change',
    'A change is scheduled already. Resume the subscription first, then repeat.',
  ],
  subscription_canceled: ['subscription_canceled', 'The subscription has ended. Buy a new one.'],
  subscription_not_active: ['subscription_not_active', 'The subscription is not active. Resume it first.'],
  subscription_not_paused: ['subscription_not_paused', 'The subscription is not paused, so there is nothing to resume.'],
  subscription_past_due: ['subscription_past_due', 'A payment is outstanding. Update the payment method first.'],
  subscription_trialing: ['subscription_trialing', 'This cannot be changed during the trial. Wait until it ends.'],
  items_not_valid: ['price_not_switchable', 'The subscription cannot have these items together.'],
  unpaid_transaction: ['subscription_past_due', 'A payment is outstanding. Pay it first.'],
  payment_declined: [
    'payment_declined',
    'The payment was declined, so nothing was changed. Update the payment method and try again.',
  ],
  payment_method_missing: ['payment_method_missing', 'There is no payment method. Add one first.'],
  charge_limit_reached: ['charge_limit_reached', 'The subscription was changed too often. Try again later.'],
  refund_pending: ['refund_pending', 'A refund of this subscription is being looked at. Wait until it is decided.'],
};

/** The error that the user gets: ours where we have words for it, with the provider's code, detail and request id alongside. */
export function refusalOf(error: ProviderError): DomainError {
  const words = error.refusal ? WORDS[error.refusal] : undefined;
  return words ? new DomainError(words[0], words[1], error.extensions, { cause: error }) : error;
}
