import type { Clock } from '../../platform/clock';
import { Random } from '../world/random';
import { MINUTE, type Micros } from '../world/time';
import type { WorldEvent } from '../world/world-event';
import { Attempts } from './attempts';
import type { Destinations } from './destinations';
import { Lane } from './lane';
import { isPending, type Notification } from './notification';
import type { Notifications } from './notifications';
import { pauseUntil, type Pause } from './pause';
import type { RetrySchedule } from './retry-schedule';
import { Sender } from './sender';

export interface DeliverySettings {
  schedule: RetrySchedule;
  /** Whether a retry is signed with a new `ts`. Sources disagree about Paddle, so a consumer is tested with both. */
  retrySignature: 'renewed' | 'kept';
  /** How long a consumer may take to answer, in real time. */
  responseTimeoutMs: number;
  /** Requests in flight to one destination; with 1 they go in order. */
  concurrency: number;
  /** How the rounds of {@link Deliveries.settle} are paced; a test turns this clock as well. */
  pause: Pause;
}

/** What came to an end while deliveries were settled. */
export interface Settled {
  delivered: number;
  failed: number;
}

/** Sends what happened to whoever subscribed, and again until it is accepted or given up. */
export class Deliveries {
  /** Destinations that are sent nothing for now. What happens is noted for them. */
  readonly held = new Set<string>();
  private readonly lanes = new Map<string, Lane>();
  private readonly stopping = new AbortController();
  private readonly settings: DeliverySettings;
  private readonly sender: Sender;
  private readonly attempts: Attempts;

  constructor(
    private readonly destinations: Destinations,
    private readonly notifications: Notifications,
    clock: Clock,
    settings: Partial<DeliverySettings>,
  ) {
    this.settings = {
      schedule: settings.schedule ?? 'live',
      retrySignature: settings.retrySignature ?? 'renewed',
      responseTimeoutMs: settings.responseTimeoutMs ?? 5_000,
      concurrency: settings.concurrency ?? 16,
      pause: settings.pause ?? pauseUntil(this.stopping.signal),
    };
    this.sender = new Sender(this.settings.responseTimeoutMs);
    this.attempts = new Attempts(this.sender, clock, this.settings, this.stopping.signal);
  }

  /** Queues one notification for each event and each active destination that subscribed to it. Sends nothing yet. */
  publish(events: Iterable<WorldEvent>): void {
    for (const event of events) {
      for (const destination of this.destinations.receiving(event.type)) {
        const notification = this.notifications.ofEvent(event, destination);
        this.queue(notification);
        this.queueCopy(notification);
      }
    }
  }

  /**
   * Queues the event of a notification once more, under a new one.
   * @returns the new notification
   * @throws SimulatorError `not_found`, `notification_replay_invalid_origin_type`, `notification_cannot_replay`
   */
  replay(id: string, now: Micros): Notification {
    const notification = this.notifications.replay(id, now);
    this.queue(notification);
    return notification;
  }

  /** While the clock follows real time: one attempt of everything that is due. Calls may overlap. */
  async deliverDue(now: Micros): Promise<void> {
    await Promise.all(this.open().map((lane) => lane.deliverDue(now)));
    this.notifications.prune(now);
  }

  /**
   * When the clock jumps: attempts everything, then what failed in the order of the schedule, until each was delivered or
   * given up, also those whose next attempt lies beyond `until`. Virtual waiting is not waited for.
   * What waits for an inactive destination goes on waiting.
   */
  async settle(until: Micros): Promise<Settled> {
    const lanes = this.open();
    const before = totalOf(lanes);
    await Promise.all(lanes.map((lane) => lane.settle()));
    this.notifications.prune(until);
    const after = totalOf(lanes);
    return { delivered: after.delivered - before.delivered, failed: after.failed - before.failed };
  }

  /** After a restore: queues what was not yet delivered. */
  resume(): void {
    this.lanes.clear();
    for (const notification of this.notifications) if (isPending(notification)) this.queue(notification);
  }

  /** Closes every connection and ends every wait. What was in flight stays as it was before the attempt. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.sender.stop();
  }

  private queue(notification: Notification): void {
    const at = notification.dueAt;
    if (at !== null) this.laneOf(notification.destinationId).push({ notification, at, isCopy: false });
  }

  private queueCopy(notification: Notification): void {
    const { id, faults, dueAt, destinationId } = notification;
    if (dueAt === null || !faults.includes('duplicate') || faults.includes('drop')) return;
    const random = Random.from(`${id}\ncopy`);
    const later = random.next() < 0.5 ? 0 : random.between(MINUTE, 30 * MINUTE);
    this.laneOf(destinationId).push({ notification, at: dueAt + later, isCopy: true });
  }

  /** The lanes of the destinations that there still are. */
  private open(): Lane[] {
    for (const id of this.lanes.keys()) if (!this.destinations.find(id)) this.lanes.delete(id);
    return [...this.lanes.values()];
  }

  private laneOf(destinationId: string): Lane {
    const known = this.lanes.get(destinationId);
    if (known) return known;
    const lane = new Lane({
      concurrency: this.settings.concurrency,
      attempts: this.attempts,
      pause: this.settings.pause,
      open: () => {
        const destination = this.destinations.find(destinationId);
        return destination?.active && !this.held.has(destinationId) && !this.stopping.signal.aborted ? destination : undefined;
      },
      isKept: ({ id }) => this.notifications.has(id),
    });
    this.lanes.set(destinationId, lane);
    return lane;
  }
}

function totalOf(lanes: Lane[]): Settled {
  return lanes.reduce(
    ({ delivered, failed }, { ended }) => ({ delivered: delivered + ended.delivered, failed: failed + ended.failed }),
    { delivered: 0, failed: 0 },
  );
}
