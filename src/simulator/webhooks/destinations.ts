import { Random } from '../world/random';
import { SimulatorError } from '../world/simulator-error';
import type { Micros } from '../world/time';
import {
  checkDestination,
  destinationEntity,
  receives,
  type Destination,
  type DestinationChange,
  type DestinationEntity,
  type DestinationInput,
} from './destination';
import type { Notifications } from './notifications';

const MAX_ACTIVE = 10;

export interface SavedDestinations {
  made: number;
  destinations: Destination[];
}

/** Where webhooks go: Paddle's notification settings. */
export class Destinations {
  private readonly byId = new Map<string, Destination>();
  private made = 0;

  constructor(
    private readonly seed: string,
    private readonly notifications: Notifications,
  ) {}

  /**
   * @param now virtual time, for the id
   * @throws SimulatorError `invalid_field`; `notification_maximum_active_settings_reached` when ten are active
   */
  create(input: DestinationInput, now: Micros): DestinationEntity {
    const ordinal = this.made + 1;
    const random = Random.from(`${this.seed}\ndestination\n${ordinal}`);
    const id = random.id('ntfset', now);
    const secret = `pdl_${id}_${random.uuid().replaceAll('-', '')}`;
    const destination: Destination = {
      id,
      ordinal,
      description: input.description,
      type: input.type,
      destination: input.destination,
      active: input.active ?? true,
      api_version: input.api_version ?? 1,
      include_sensitive_fields: input.include_sensitive_fields ?? false,
      subscribed_events: input.subscribed_events,
      endpoint_secret_key: input.endpoint_secret_key ?? secret,
      traffic_source: input.traffic_source ?? 'platform',
    };
    this.keep(destination);
    this.made = ordinal;
    return destinationEntity(destination);
  }

  /** In order of creation. */
  list(): DestinationEntity[] {
    return Array.from(this.byId.values(), destinationEntity);
  }

  /** @throws SimulatorError `not_found` */
  get(id: string): DestinationEntity {
    return destinationEntity(this.known(id));
  }

  /**
   * What is not mentioned stays. What waits for a destination that is made inactive waits until it is active again.
   * @throws SimulatorError `not_found`, and what {@link create} throws
   */
  update(id: string, change: DestinationChange): DestinationEntity {
    const current = this.known(id);
    const changed: Destination = {
      ...current,
      description: change.description ?? current.description,
      destination: change.destination ?? current.destination,
      active: change.active ?? current.active,
      api_version: change.api_version ?? current.api_version,
      include_sensitive_fields: change.include_sensitive_fields ?? current.include_sensitive_fields,
      subscribed_events: change.subscribed_events ?? current.subscribed_events,
      traffic_source: change.traffic_source ?? current.traffic_source,
      endpoint_secret_key: change.endpoint_secret_key ?? current.endpoint_secret_key,
    };
    this.keep(changed);
    return destinationEntity(changed);
  }

  /**
   * Its notifications go with it.
   * @throws SimulatorError `not_found`
   */
  delete(id: string): void {
    this.byId.delete(this.known(id).id);
    this.notifications.forgetAllOf(id);
  }

  /** As it is now, or undefined when it was deleted. */
  find(id: string): Destination | undefined {
    return this.byId.get(id);
  }

  receiving(eventType: string): Destination[] {
    return [...this.byId.values()].filter((destination) => receives(destination, eventType));
  }

  save(): SavedDestinations {
    return { made: this.made, destinations: Array.from(this.byId.values(), (destination) => ({ ...destination })) };
  }

  restore({ made, destinations }: SavedDestinations): void {
    this.made = made;
    this.byId.clear();
    for (const destination of destinations) this.byId.set(destination.id, { ...destination });
  }

  private keep(destination: Destination): void {
    checkDestination(destination);
    const others = [...this.byId.values()].filter(({ id, active }) => active && id !== destination.id);
    if (destination.active && others.length >= MAX_ACTIVE) {
      throw new SimulatorError(
        'notification_maximum_active_settings_reached',
        `There are ${MAX_ACTIVE} active notification settings, which is as many as there may be`,
      );
    }
    this.byId.set(destination.id, destination);
  }

  private known(id: string): Destination {
    const destination = this.byId.get(id);
    if (!destination) throw new SimulatorError('not_found', `There is no notification setting ${id}`);
    return destination;
  }
}
