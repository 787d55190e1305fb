/**
 * Every error that an answer can carry: its stable `code`, HTTP status and title.
 * No other file knows a status code. Each `type` is served at `/problems/{code}`.
 */
export const PROBLEMS = {
  invalid_request: { status: 422, title: 'The request is malformed or makes no sense' },
  unauthenticated: { status: 401, title: 'A valid access token is needed' },
  forbidden: { status: 403, title: 'The token does not carry the role that this needs' },
  not_found: { status: 404, title: 'There is no such thing, or it is not yours' },
  invalid_signature: { status: 401, title: 'The webhook signature does not verify' },
  malformed_webhook: { status: 400, title: 'The webhook is signed, but is not an event' },
  payload_too_large: { status: 413, title: 'The body is larger than the limit' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used for another request' },
  idempotency_key_in_use: { status: 409, title: 'The first request with this idempotency key is still under way' },
  version_conflict: { status: 409, title: 'Somebody else changed this first' },
  rebuild_in_progress: { status: 409, title: 'A rebuild of this projection is under way' },
  rebuild_not_ready: { status: 409, title: 'The rebuild is not ready to go live' },
  rebuild_not_running: { status: 409, title: 'The rebuild has ended' },
  newer_version_live: { status: 409, title: 'A newer version of the projection is live' },
  no_previous_build: { status: 409, title: 'There is nothing to go back to' },
  subscription_canceled: { status: 409, title: 'The subscription has ended' },
  subscription_has_scheduled_change: { status: 409, title: 'A change of the subscription is scheduled already' },
  subscription_past_due: { status: 409, title: 'A payment for the subscription is outstanding' },
  subscription_paused: { status: 409, title: 'The subscription is paused' },
  subscription_not_paused: { status: 409, title: 'The subscription is not paused' },
  subscription_not_active: { status: 409, title: 'The subscription is not active' },
  subscription_trialing: { status: 409, title: 'This cannot be changed during the trial' },
  subscription_renewing: { status: 409, title: 'The subscription is about to renew' },
  nothing_to_resume: { status: 409, title: 'There is nothing to resume' },
  already_scheduled: { status: 409, title: 'This is scheduled already' },
  same_plan: { status: 409, title: 'The subscription has these items already' },
  price_not_switchable: { status: 409, title: 'The subscription cannot have this price' },
  payment_declined: { status: 409, title: 'The payment was declined' },
  payment_method_missing: { status: 409, title: 'There is no payment method' },
  charge_limit_reached: { status: 409, title: 'The subscription was changed too often' },
  refund_pending: { status: 409, title: 'A refund is being looked at' },
  command_in_progress: { status: 409, title: 'Another change is under way' },
  price_not_available: { status: 409, title: 'The price cannot be bought' },
  no_billing_account: { status: 409, title: 'There is nothing to manage yet' },
  invoice_not_available: { status: 409, title: 'There is no invoice for this' },
  device_limit_reached: { status: 409, title: 'Device limit reached' },
  device_churn_limit: { status: 409, title: 'Too many new devices in too short a time' },
  not_configured: { status: 501, title: 'This installation is not set up for it' },
  no_entitlement: { status: 403, title: 'Nothing grants seats of this product now' },
  no_seats_available: { status: 409, title: 'There are not as many seats left' },
  seats_in_use: { status: 409, title: 'More seats are used than would be left' },
  license_released: { status: 409, title: 'The license was released' },
  entity_has_license: { status: 409, title: 'The entity has a license already' },
  read_model_behind: { status: 503, title: 'The read model has not reached the position asked for' },
  provider_error: { status: 502, title: 'The billing provider refused or failed' },
  provider_unavailable: { status: 503, title: 'The billing provider cannot be reached right now' },
  not_implemented: { status: 501, title: 'This provider is not implemented' },
  service_unavailable: { status: 503, title: 'The service cannot answer right now' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing wrong with the input. `pointer` is a JSON Pointer (RFC 6901) into the body, or `/name` of a query parameter. */
export interface InputError {
  pointer: string;
  detail: string;
}

/** The JSON Pointer to a member, by the names and places on the way to it. */
export function pointerTo(...way: (string | number)[]): string {
  return way.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** An `application/problem+json` document (RFC 9457). */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  instance: string;
  errors?: InputError[];
  [extension: string]: unknown;
}

/** Refusals that are worth asking again soon, and in how many seconds; the answer then carries `Retry-After`. */
export function retryAfterSeconds(code: ProblemCode): number | null {
  const passes = code === 'command_in_progress' || code === 'idempotency_key_in_use';
  return passes || PROBLEMS[code].status === 503 ? 1 : null;
}

export function problemDetails(
  code: ProblemCode,
  detail: string,
  instance: string,
  extensions: Record<string, unknown> = {},
): ProblemDetails {
  const { status, title } = PROBLEMS[code];
  return { ...extensions, type: `/problems/${code.replaceAll('_', '-')}`, title, status, code, detail, instance };
}
