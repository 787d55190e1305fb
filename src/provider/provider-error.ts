import { DomainError } from '../platform/domain-error';

/** Why a call to the provider failed. */
export type ProviderFailure =
  /** It answered no: `refusal` says why. */
  | 'refused'
  /** It wants fewer calls. */
  | 'rate_limited'
  /** It failed: a server error. */
  | 'failed'
  /** It answered something that cannot be read. */
  | 'unreadable'
  /** There was no connection, or it broke. */
  | 'unreachable'
  | 'timed_out'
  /** It failed so often that it is not even asked. */
  | 'circuit_open'
  /** Too many calls of ours wait already. */
  | 'busy'
  /** The caller gave up. */
  | 'cancelled';

/** Why the provider said no, in our words. `other`: a reason that we have no word for; the provider's own is there too. */
export type Refusal =
  | 'not_found'
  | 'changed_meanwhile'
  | 'renewal_under_way'
  | 'scheduled_change_pending'
  | 'subscription_canceled'
  | 'subscription_not_active'
  | 'subscription_not_paused'
  | 'subscription_past_due'
  | 'subscription_trialing'
  | 'items_not_valid'
  | 'unpaid_transaction'
  | 'payment_declined'
  | 'payment_method_missing'
  | 'charge_limit_reached'
  | 'discount_not_valid'
  | 'refund_pending'
  | 'already_refunded'
  | 'invoice_not_available'
  | 'credentials_not_accepted'
  | 'permission_missing'
  | 'other';

export interface ProviderErrorDetails {
  failure: ProviderFailure;
  /** `unknown`: the change may have been made. Read the provider's state before anything is asked again. */
  outcome: 'not_done' | 'unknown';
  refusal?: Refusal | null;
  /** Of HTTP, where there was an answer. */
  status?: number | null;
  /** The provider's own code, words and id of the call. */
  providerCode?: string | null;
  providerDetail?: string | null;
  requestId?: string | null;
  retryAfterSeconds?: number | null;
  fieldErrors?: { field: string; message: string }[];
}

/** A call to the provider failed. Holds no credentials and nothing of an answer but what the provider says of the failure. */
export class ProviderError extends DomainError {
  readonly failure: ProviderFailure;
  readonly outcome: 'not_done' | 'unknown';
  readonly refusal: Refusal | null;
  readonly status: number | null;
  readonly providerCode: string | null;
  readonly providerDetail: string | null;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly fieldErrors: { field: string; message: string }[];

  constructor(details: ProviderErrorDetails, options?: ErrorOptions) {
    super(isAnswer(details.failure) ? 'provider_error' : 'provider_unavailable', sentence(details), extensions(details), options);
    this.name = 'ProviderError';
    this.failure = details.failure;
    this.outcome = details.outcome;
    this.refusal = details.refusal ?? null;
    this.status = details.status ?? null;
    this.providerCode = details.providerCode ?? null;
    this.providerDetail = details.providerDetail ?? null;
    this.requestId = details.requestId ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.fieldErrors = details.fieldErrors ?? [];
  }
}

function isAnswer(failure: ProviderFailure): boolean {
  return failure === 'refused' || failure === 'failed' || failure === 'unreadable';
}

const SENTENCES: Record<ProviderFailure, string> = {
  refused: 'The billing provider refused',
  rate_limited: 'The billing provider wants fewer calls for now',
  failed: 'The billing provider failed',
  unreadable: 'The billing provider gave an answer that cannot be read',
  unreachable: 'The billing provider cannot be reached',
  timed_out: 'The billing provider did not answer in time',
  circuit_open: 'The billing provider has failed several times and is left alone for a moment',
  busy: 'Too many calls to the billing provider are waiting',
  cancelled: 'The call to the billing provider was given up',
};

function sentence({ failure, outcome, providerDetail }: ProviderErrorDetails): string {
  const what = providerDetail ? `${SENTENCES[failure]}: ${providerDetail}` : SENTENCES[failure];
  return outcome === 'unknown' ? `${what.replace(/\.$/, '')}. The change may have been made.` : what.replace(/\.?$/, '.');
}

function extensions(details: ProviderErrorDetails): Record<string, unknown> {
  const { status, providerCode, providerDetail, requestId, retryAfterSeconds, outcome } = details;
  const provider = { status, code: providerCode, detail: providerDetail, requestId };
  const known = Object.fromEntries(Object.entries(provider).filter(([, value]) => value !== undefined && value !== null));
  return {
    outcome,
    ...(Object.keys(known).length > 0 && { provider: known }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
  };
}
