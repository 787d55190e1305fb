import type { RetryOptions } from './retries';
import type { Priority } from '../../provider-answer';

export interface TimeLimits {
  /** Until the answer begins, and between its parts. */
  headersMs: number;
  /** From the first try to connect to the end of the answer. */
  totalMs: number;
}

/** How patient the client is. */
export interface ClientSettings {
  connectMs: number;
  ordinary: TimeLimits;
  /** For calls in which Paddle may try a payment before it answers. */
  payment: TimeLimits;
  maxAnswerBytes: number;
  /** Paddle counts requests over a minute. */
  windowMs: number;
  /** Of every window, the part that background work leaves for users. */
  keptForUsers: number;
  /** How long a call may wait for its turn. */
  maxWaitMs: Record<Priority, number>;
  retries: RetryOptions;
  circuit: { failures: number; openMs: number };
  closeGraceMs: number;
}

/** An installation says how long it waits for an answer to begin; the end of it and payments get more. */
export function settingsFor(timeoutMs: number): ClientSettings {
  const limits = (headersMs: number): TimeLimits => ({ headersMs, totalMs: headersMs + 10_000 });
  return { ...CLIENT_SETTINGS, ordinary: limits(timeoutMs), payment: limits(timeoutMs * 4) };
}

export const CLIENT_SETTINGS: ClientSettings = {
  connectMs: 5_000,
  ordinary: { headersMs: 20_000, totalMs: 30_000 },
  payment: { headersMs: 80_000, totalMs: 90_000 },
  maxAnswerBytes: 64 * 1024 * 1024,
  windowMs: 60_000,
  keptForUsers: 0.25,
  maxWaitMs: { user: 10_000, background: 10 * 60_000 },
  retries: {
    attempts: { user: 3, background: 6 },
    firstDelayMs: 250,
    maxDelayMs: 10_000,
    patienceMs: { user: 20_000, background: 5 * 60_000 },
  },
  circuit: { failures: 5, openMs: 10_000 },
  closeGraceMs: 5_000,
};
