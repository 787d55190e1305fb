import type { Clock } from '../../../platform/clock';
import { instantFromMs, msOf, parseInstant, type Instant } from '../../../platform/instant';

/** Taken before a call is sent. */
export interface SendingMark {
  ourMs: number;
  /** Microseconds on the provider's clock that this call was certainly sent after. */
  afterUs: number;
}

/**
 * Tells when a call was sent, on the provider's clock.
 *
 * The `Date` of an answer is cut to seconds, so one answer tells how far our clock is off only to within a second and
 * the time that the call took. What several answers tell is taken together. Our clock is believed unless it is proven
 * wrong, and then corrected by no more than is proven: a machine that keeps time, as nearly all do, is right to the
 * millisecond, and the snapshot of an answer neither loses to older webhooks nor wins over newer ones.
 */
export class ProviderClock {
  /** What has to be added to our clock lies between these. */
  private offset: { fromMs: number; toMs: number } | null = null;
  private lastUs = 0;

  constructor(private readonly clock: Clock) {}

  /** @param known a time on the provider's clock that was told us already: RFC 3339 */
  mark(known?: string): SendingMark {
    const knownAt = parseInstant(known ?? '');
    return { ourMs: this.clock.nowMs(), afterUs: Math.max(this.lastUs, knownAt ? usOf(knownAt) : 0) };
  }

  /**
   * @param date the answer's `Date` header
   * @returns later than whatever we knew when the call was sent: other answers, and what the mark was given
   */
  sentAt(mark: SendingMark, date: string | undefined): Instant {
    this.learn(mark, date);
    const offsetMs = this.offset ? Math.min(Math.max(0, this.offset.fromMs), this.offset.toMs) : 0;
    const sentUs = Math.max((mark.ourMs + offsetMs) * 1000, mark.afterUs + 1);
    this.lastUs = Math.max(this.lastUs, sentUs);
    return instantFromUs(sentUs);
  }

  private learn(mark: SendingMark, date: string | undefined): void {
    const secondMs = Date.parse(date ?? '');
    if (Number.isNaN(secondMs)) return;
    const fromMs = secondMs - this.clock.nowMs();
    const toMs = secondMs + 999 - mark.ourMs;
    const both = this.offset && { fromMs: Math.max(this.offset.fromMs, fromMs), toMs: Math.min(this.offset.toMs, toMs) };
    // They contradict each other when one of the clocks was set: the newest knows.
    this.offset = both && both.fromMs <= both.toMs ? both : { fromMs, toMs };
  }
}

function usOf(instant: Instant): number {
  return msOf(instant) * 1000 + Number(instant.slice(-4, -1));
}

function instantFromUs(us: number): Instant {
  const millis = instantFromMs(Math.floor(us / 1000));
  return millis.replace('000Z', `${String(us % 1000).padStart(3, '0')}Z`) as Instant;
}
