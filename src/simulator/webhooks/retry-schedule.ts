import { MINUTE, type Micros } from '../world/time';

/** `live`: up to 60 attempts within three days; `sandbox`: three within a quarter of an hour. */
export type RetrySchedule = 'live' | 'sandbox';

const LIVE_ATTEMPTS = 60;
const SANDBOX_DELAYS: readonly Micros[] = [5 * MINUTE, 10 * MINUTE];

/**
 * How long Paddle waits after an attempt that failed, before the next.
 * @param attempts how many were made
 * @returns null when it gives up
 * Source: paddle-agent-skills, webhooks: `60 s x attempt^1.1`. The sixty attempts take 42 hours of the "about 3 days"
 * in the documentation: the formula itself stays within them, so nothing is cut here.
 */
export function retryDelay(attempts: number, schedule: RetrySchedule): Micros | null {
  if (schedule === 'sandbox') return SANDBOX_DELAYS[attempts - 1] ?? null;
  return attempts < LIVE_ATTEMPTS ? Math.round(MINUTE * attempts ** 1.1) : null;
}
