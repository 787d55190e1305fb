import { Random } from '../world/random';
import { SimulatorError } from '../world/simulator-error';
import { DAY, HOUR, MINUTE, type Micros } from '../world/time';
import type { WorldEvent } from '../world/world-event';
import type { Destination } from './destination';
import { changedFaults, faultsOf, NO_FAULTS, type WebhookFaults } from './faults';
import { isPending, type Notification } from './notification';

const RETENTION = 90 * DAY;

export interface SavedNotifications {
  made: number;
  notifications: Notification[];
}

/**
 * What was to be sent to whom, and what became of it: kept for 90 days of virtual time, as Paddle does.
 * Iterating gives them in order of creation.
 */
export class Notifications implements Iterable<Notification> {
  private readonly byId = new Map<string, Notification>();
  private made = 0;
  private current: WebhookFaults = NO_FAULTS;

  constructor(private readonly seed: string) {}

  [Symbol.iterator](): Iterator<Notification> {
    return this.byId.values();
  }

  /** @throws SimulatorError `not_found`, also when it is forgotten */
  get(id: string): Notification {
    const notification = this.byId.get(id);
    if (!notification) throw new SimulatorError('not_found', `There is no notification ${id}`);
    return notification;
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  get faults(): Readonly<WebhookFaults> {
    return this.current;
  }

  /**
   * For notifications that are made from now on; what is not mentioned stays.
   * @throws SimulatorError `bad_request`
   */
  setFaults(change: Partial<WebhookFaults>): void {
    this.current = changedFaults(this.current, change);
  }

  /** Its id and its faults depend on the seed, the event and which destination it is; on nothing that was made before. */
  ofEvent(event: WorldEvent, destination: Destination): Notification {
    const random = Random.from(`${this.seed}\nnotification\n${event.id}\n${destination.ordinal}`);
    const id = random.id('ntf', event.occurredAt);
    const faults = faultsOf(this.seed, id, this.current);
    const delay = faults.includes('delay') ? random.between(2 * MINUTE, HOUR) : 0;
    return this.keep({ id, event, destinationId: destination.id, faults, origin: 'event', dueAt: event.occurredAt + delay });
  }

  /**
   * The same event under a new notification. It has no faults: a replay is how a lost one is repaired.
   * @throws SimulatorError `not_found`, `notification_replay_invalid_origin_type`, `notification_cannot_replay`
   */
  replay(id: string, now: Micros): Notification {
    const original = this.get(id);
    if (original.origin !== 'event') {
      throw new SimulatorError('notification_replay_invalid_origin_type', `Notification ${id} is a replay itself`);
    }
    if (isPending(original)) {
      throw new SimulatorError('notification_cannot_replay', `Notification ${id} is ${original.status}, not delivered or failed`);
    }
    const { event, destinationId } = original;
    original.replays++;
    original.replayedAt = now;
    const replayId = Random.from(`${this.seed}\nreplay\n${id}\n${original.replays}`).id('ntf', now);
    return this.keep({ id: replayId, event, destinationId, faults: [], origin: 'replay', dueAt: now });
  }

  /** Forgets what is older than 90 days. An attempt makes it younger, made or due:
   * what is on its way is not taken from under it. */
  prune(now: Micros): void {
    for (const notification of this.byId.values()) {
      if (lastSeen(notification) >= now - RETENTION) return;
      this.byId.delete(notification.id);
    }
  }

  forgetAllOf(destinationId: string): void {
    for (const notification of this.byId.values()) {
      if (notification.destinationId === destinationId) this.byId.delete(notification.id);
    }
  }

  /** Those that were not delivered: the rest is history, which a restart may lose. */
  save(): SavedNotifications {
    const open = [...this.byId.values()].filter(({ status }) => status !== 'delivered');
    return { made: this.made, notifications: structuredClone(open) };
  }

  restore({ made, notifications }: SavedNotifications): void {
    this.made = made;
    this.byId.clear();
    for (const notification of structuredClone(notifications)) this.byId.set(notification.id, notification);
  }

  private keep(given: Pick<Notification, 'id' | 'event' | 'destinationId' | 'faults' | 'origin' | 'dueAt'>): Notification {
    const notification: Notification = {
      ...given,
      order: this.made++,
      status: 'not_attempted',
      attempts: [],
      replayedAt: null,
      replays: 0,
      signedTs: null,
    };
    this.byId.set(notification.id, notification);
    return notification;
  }
}

function lastSeen({ event, dueAt, attempts }: Notification): Micros {
  return Math.max(event.occurredAt, dueAt ?? 0, attempts.at(-1)?.at ?? 0);
}
