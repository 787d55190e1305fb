import { ProviderError, type ProviderErrorDetails, type ProviderFailure, type Refusal } from '../../provider-error';
import { listOf, objectOf, textOf, type Json } from '../json-fields';
import { isServerFailure, type HttpAnswer } from './http-connection';
import { retryAfterSeconds } from './retries';

const MAX_DETAIL_LENGTH = 500;

export interface ErrorContext {
  /** Whether the call was to change anything. */
  changes: boolean;
  nowMs: number;
  /** Takes the key out of words that are not ours. */
  scrub: (text: string) => string;
}

/** What an answer that is no success says (REFERENCE 4.1), as our error. */
export function errorOf(answer: HttpAnswer, json: Json | null, { changes, nowMs, scrub }: ErrorContext): ProviderError {
  const { status, headers } = answer;
  const words = (value: unknown) => scrub(textOf(value) ?? '').slice(0, MAX_DETAIL_LENGTH);
  const error = objectOf(json?.error);
  const code = textOf(error?.code);
  const failure = failureOf(status, code);
  const notDone = failure === 'refused' || failure === 'rate_limited' || !changes;
  const details: ProviderErrorDetails = {
    failure,
    outcome: notDone ? 'not_done' : 'unknown',
    refusal: failure === 'refused' ? refusalOf(code) : null,
    status,
    providerCode: code,
    providerDetail: words(error?.detail) || null,
    requestId: requestIdOf(answer, json),
    retryAfterSeconds: retryAfterSeconds(textOf(headers['retry-after']) ?? undefined, textOf(headers.date) ?? undefined, nowMs),
    fieldErrors: listOf(error?.errors).map(({ field, message }) => ({ field: words(field), message: words(message) })),
  };
  return new ProviderError(details);
}

/** A success without the content that it must have. A change that was asked for so has probably been made. */
export function unreadable(answer: HttpAnswer, json: Json | null, changes: boolean): ProviderError {
  const outcome = changes ? 'unknown' : 'not_done';
  return new ProviderError({ failure: 'unreadable', outcome, status: answer.status, requestId: requestIdOf(answer, json) });
}

export function requestIdOf({ headers }: HttpAnswer, json: Json | null): string | null {
  return textOf(objectOf(json?.meta)?.request_id) ?? textOf(headers['request-id']);
}

function failureOf(status: number, code: string | null): ProviderFailure {
  // Redirects included: they are never followed, since they would carry the key away.
  if (status < 400) return 'unreadable';
  if (isServerFailure(status)) return 'failed';
  // Paddle's limits of one subscription's charges last for hours: they are an answer, not a reason to come back soon.
  return status === 429 && !code?.startsWith('subscription_') ? 'rate_limited' : 'refused';
}

function refusalOf(code: string | null): Refusal {
  return REFUSALS[code ?? ''] ?? 'other';
}

const REFUSALS: Partial<Record<string, Refusal>> = {
  not_found: 'not_found',
  conflict: 'changed_meanwhile',
  concurrent_modification: 'changed_meanwhile',
  subscription_locked_renewal: 'renewal_under_way',
  subscription_locked_processing: 'renewal_under_way',
  subscription_locked_pending_changes: 'scheduled_change_pending',
  subscription_invalid_billing_mode_for_scheduled_change: 'scheduled_change_pending',
  subscription_update_when_canceled: 'subscription_canceled',
  subscription_is_canceled_action_invalid: 'subscription_canceled',
  subscription_is_inactive_action_invalid: 'subscription_not_active',
  subscription_not_active: 'subscription_not_active',
  subscription_must_be_paused: 'subscription_not_paused',
  subscription_update_when_past_due: 'subscription_past_due',
  subscription_continuing_existing_billing_period_not_allowed_subscription_past_due: 'subscription_past_due',
  subscription_update_when_trialing: 'subscription_trialing',
  subscription_trialing_items_update_invalid_options: 'subscription_trialing',
  subscription_duplicate_price_ids: 'items_not_valid',
  subscription_all_items_removed: 'items_not_valid',
  subscription_no_recurring_items_remain: 'items_not_valid',
  subscription_new_items_not_valid: 'items_not_valid',
  subscription_quantity_not_valid: 'items_not_valid',
  subscription_maximum_number_of_line_items_reached: 'items_not_valid',
  transaction_item_quantity_out_of_range: 'items_not_valid',
  transaction_price_not_found: 'items_not_valid',
  transaction_price_different_billing_cycle: 'items_not_valid',
  transaction_duplicate_price_ids: 'items_not_valid',
  subscription_outstanding_transaction: 'unpaid_transaction',
  subscription_payment_declined: 'payment_declined',
  subscription_missing_payment_method_cannot_update: 'payment_method_missing',
  subscription_missing_payment_method_cannot_activate: 'payment_method_missing',
  subscription_missing_payment_method_cannot_resume: 'payment_method_missing',
  subscription_immediate_charge_hour_limit_exceeded: 'charge_limit_reached',
  subscription_immediate_charge_24_hour_limit_exceeded: 'charge_limit_reached',
  transaction_discount_not_eligible: 'discount_not_valid',
  transaction_discount_not_found: 'discount_not_valid',
  transaction_invalid_discount_currency: 'discount_not_valid',
  subscription_outstanding_pending_refund: 'refund_pending',
  adjustment_pending_refund_request: 'refund_pending',
  adjustment_transaction_item_has_already_been_fully_adjusted: 'already_refunded',
  adjustment_transaction_item_over_adjustment: 'already_refunded',
  adjustment_amount_above_remaining_allowed: 'already_refunded',
  adjustment_total_amount_above_remaining_allowed: 'already_refunded',
  transaction_invoice_not_available: 'invoice_not_available',
  transaction_invoice_not_ready: 'invoice_not_available',
  authentication_missing: 'credentials_not_accepted',
  authentication_malformed: 'credentials_not_accepted',
  invalid_token: 'credentials_not_accepted',
  forbidden: 'permission_missing',
};
