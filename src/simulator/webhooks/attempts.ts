import type { Clock } from '../../platform/clock';
import { chanceOf } from '../world/random';
import type { Micros } from '../world/time';
import type { Destination } from './destination';
import { bodyOf, type Answer, type Notification } from './notification';
import { retryDelay, type RetrySchedule } from './retry-schedule';
import type { Sender } from './sender';
import { paddleSignature, type SignatureKind } from './signature';

const TIMED_OUT: Answer = { code: 0, contentType: null, body: 'TIMED_OUT' };

/** Makes attempts, and writes down what became of the notification. */
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
    this.record(notification, isIgnored(notification, attempt) ? TIMED_OUT : answer, at);
    return answer;
  }

  /** Writes down an attempt. */
  record(notification: Notification, answer: Answer, at: Micros): void {
    notification.attempts.push({ answer, at });
    const delay = isSuccess(answer) ? null : retryDelay(notification.attempts.length, this.settings.schedule);
    notification.dueAt = delay === null ? null : at + delay;
    notification.status = isSuccess(answer) ? 'delivered' : delay === null ? 'failed' : 'needs_retry';
  }

  /** It failed without having been sent. */
  drop(notification: Notification): void {
    notification.status = 'failed';
    notification.dueAt = null;
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

function kindOf({ id, faults }: Notification, attempt: number): SignatureKind {
  if (attempt === 1 && faults.includes('badSignature')) return 'wrong';
  if (!faults.includes('twoSignatures')) return 'good';
  return chanceOf(id, 'good signature first') < 0.5 ? 'two-good-first' : 'two-good-last';
}

/** Only an attempt that the consumer may accept is worth ignoring: the fault is that it has the event already. */
function isIgnored({ faults }: Notification, attempt: number): boolean {
  return faults.includes('slowConsumer') && attempt === (faults.includes('badSignature') ? 2 : 1);
}

function isSuccess({ code }: Answer): boolean {
  return code >= 200 && code <= 299;
}
