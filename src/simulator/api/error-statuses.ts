/** HTTP status of each error code (REFERENCE 4); those that are not named here answer 400. */
const STATUSES: Record<string, number> = {
  not_found: 404,
  forbidden: 403,
  invalid_token: 403,
  authentication_malformed: 403,
  authentication_missing: 403,
  conflict: 409,
  concurrent_modification: 409,
  customer_already_exists: 409,
  subscription_locked_renewal: 409,
  subscription_locked_processing: 409,
  subscription_next_billed_at_too_soon: 409,
  subscription_outstanding_transaction: 409,
  subscription_locked_consent_review_period: 409,
  too_many_requests: 429,
  subscription_immediate_charge_hour_limit_exceeded: 429,
  subscription_immediate_charge_24_hour_limit_exceeded: 429,
  method_not_allowed: 405,
  request_body_too_large: 413,
  unsupported_media_type: 415,
  internal_error: 500,
  bad_gateway: 502,
  service_unavailable: 503,
};

export function statusOf(code: string): number {
  return STATUSES[code] ?? 400;
}

export function typeOf(code: string): 'request_error' | 'api_error' {
  return statusOf(code) >= 500 || code === 'too_many_requests' ? 'api_error' : 'request_error';
}
