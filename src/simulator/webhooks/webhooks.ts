import type { Clock } from '../../platform/clock';
import { Deliveries, type DeliverySettings } from './deliveries';
import { Destinations, type SavedDestinations } from './destinations';
import type { WebhookFaults } from './faults';
import { Notifications, type SavedNotifications } from './notifications';

/** Plain JSON. */
export interface SavedWebhooks {
  destinations: SavedDestinations;
  /** Those that were not delivered; of the others nothing is kept. */
  notifications: SavedNotifications;
}

/**
 * The webhooks of one simulated Paddle.
 * The same seed and the same events give the same bodies and the same faults; only the `ts` of signatures differs.
 */
export class Webhooks {
  readonly destinations: Destinations;
  readonly notifications: Notifications;
  readonly deliveries: Deliveries;

  /** @param clock real time: signatures carry it, because the consumer's clock is real */
  constructor(seed: string, clock: Clock, settings: Partial<DeliverySettings> = {}) {
    this.notifications = new Notifications(seed);
    this.destinations = new Destinations(seed, this.notifications);
    this.deliveries = new Deliveries(this.destinations, this.notifications, clock, settings);
  }

  get faults(): Readonly<WebhookFaults> {
    return this.notifications.faults;
  }

  /**
   * For what is published from now on; a fault that is not mentioned stays as it is.
   * @throws SimulatorError `bad_request` for a fault that nobody knows, or what is no probability
   */
  setFaults(change: Partial<WebhookFaults>): void {
    this.notifications.setFaults(change);
  }

  save(): SavedWebhooks {
    return { destinations: this.destinations.save(), notifications: this.notifications.save() };
  }

  /** Into webhooks that are new: what was on its way goes on, with the next attempt when it was due. */
  restore(saved: SavedWebhooks): void {
    this.destinations.restore(saved.destinations);
    this.notifications.restore(saved.notifications);
    this.deliveries.resume();
  }
}
