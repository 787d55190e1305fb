import type { Priority } from '../../provider-answer';
import type { ProviderError } from '../../provider-error';

export interface RetryOptions {
  /** Attempts in all. */
  attempts: Record<Priority, number>;
  firstDelayMs: number;
  maxDelayMs: number;
  /** Who waits longer than that, the pauses that the provider asks for included, is told instead. */
  patienceMs: Record<Priority, number>;
}

export interface FailedAttempt {
  error: ProviderError;
  /** 1, 2, 3, … */
  attempt: number;
  /** Whether asking again cannot change anything. */
  repeatable: boolean;
  priority: Priority;
  elapsedMs: number;
  /** From 0 to 1. */
  random: number;
}

/**
 * How long to wait before asking again; null: do not. A change whose outcome is unknown is never asked for again,
 * since Paddle has no idempotency keys and a second charge is real money.
 */
export function retryDelayMs(failed: FailedAttempt, options: RetryOptions): number | null {
  const { error, attempt, repeatable, priority, elapsedMs, random } = failed;
  const worthIt = error.failure === 'rate_limited' ? error.status === 429 : repeatable && isPassing(error);
  if (!worthIt || attempt >= options.attempts[priority]) return null;
  const backoffMs = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** (attempt - 1));
  const jittered = backoffMs / 2 + (backoffMs / 2) * random;
  const delayMs = error.retryAfterSeconds === null ? jittered : error.retryAfterSeconds * 1000 + options.firstDelayMs * random;
  return elapsedMs + delayMs > options.patienceMs[priority] ? null : delayMs;
}

function isPassing({ failure, status }: ProviderError): boolean {
  // Some page in front of Paddle. Neither a redirect nor an answer that is too large will be another one next time.
  if (failure === 'unreadable') return status !== null && status < 300;
  return failure === 'failed' || failure === 'unreachable' || failure === 'timed_out';
}

const MAX_RETRY_AFTER_SECONDS = 86_400;

/** Reads a `Retry-After` header: seconds, or an HTTP date, which is compared with the answer's own `Date`. */
export function retryAfterSeconds(header: string | undefined, date: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), MAX_RETRY_AFTER_SECONDS);
  const untilMs = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(untilMs)) return null;
  const answeredMs = Date.parse(date ?? '');
  const seconds = Math.ceil((untilMs - (Number.isNaN(answeredMs) ? nowMs : answeredMs)) / 1000);
  return Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS);
}
