import type { Clock } from '../../platform/clock';
import { chanceOf } from '../world/random';
import type { Micros } from '../world/time';
import type { Destination } from './destination';
import { bodyOf, type Answer, type Notification } from './notification';
import { retryDelay, type RetrySchedule } from './retry-schedule';
import type { Sender } from './sender';
import { paddleSignature, type SignatureKind } from './signature';

const TIMED_OUT: Answer = { code: 0, contentType: null, body: 'TIMED_OUT' };

/** Makes one attempt and writes down what became of the notification. */
export class Attempts {
  constructor(
    private readonly sender: Sender,
    private readonly clock: Clock,
    private readonly settings: { schedule: RetrySchedule; retrySignature: 'renewed' | 'kept' },
    private readonly stopped: AbortSignal,
  ) {}

  /**
   * @param at the virtual time that it is made at
   * @returns what the destination answered; null when the simulator was stopped meanwhile, and the attempt did not count
   */
  async make(notification: Notification, destination: Destination, at: Micros): Promise<Answer | null> {
    const attempt = notification.attempts.length + 1;
    const answer = await this.send(notification, destination, kindOf(notification, attempt));
    if (this.stopped.aborted) return null;
    record(notification, { ...(isIgnored(notification, attempt) ? TIMED_OUT : answer), at }, this.settings.schedule);
    return answer;
  }

  /** The second of a duplicate: Paddle does not know that it sent it, so nothing is written down. */
  async makeCopy(notification: Notification, destination: Destination): Promise<void> {
    await this.send(notification, destination, 'good');
  }

  private send(notification: Notification, destination: Destination, kind: SignatureKind): Promise<Answer> {
    const body = Buffer.from(bodyOf(notification));
    const now = this.clock.nowSeconds();
    notification.signedTs ??= now;
    const ts = this.settings.retrySignature === 'kept' ? notification.signedTs : now;
    return this.sender.post(destination.destination, body, paddleSignature(body, destination.endpoint_secret_key, ts, kind));
  }
}

/** A consumer that is down or starting, not one that refuses. */
export function isUnreachable({ code }: Answer): boolean {
  return code === 0 || code >= 500;
}

function kindOf({ id, faults }: Notification, attempt: number): SignatureKind {
  if (attempt === 1 && faults.includes('badSignature')) return 'wrong';
  if (!faults.includes('twoSignatures')) return 'good';
  return chanceOf(id, 'good signature first') < 0.5 ? 'two-good-first' : 'two-good-last';
}

/** Only an attempt that the consumer may accept is worth ignoring: the fault is that it has the event already. */
function isIgnored({ faults }: Notification, attempt: number): boolean {
  return faults.includes('slowConsumer') && attempt === (faults.includes('badSignature') ? 2 : 1);
}

function record(notification: Notification, attempt: Answer & { at: Micros }, schedule: RetrySchedule): void {
  notification.attempts.push(attempt);
  const delay = isSuccess(attempt) ? null : retryDelay(notification.attempts.length, schedule);
  notification.dueAt = delay === null ? null : attempt.at + delay;
  notification.status = isSuccess(attempt) ? 'delivered' : delay === null ? 'failed' : 'needs_retry';
}

function isSuccess({ code }: Answer): boolean {
  return code >= 200 && code <= 299;
}
