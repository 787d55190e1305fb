import type { EventPlace } from '../../ledger';

const OF_PROVIDER = 'paddle:';
const OF_CONFIGURATION = 'config:';

/** Whom some events are about. */
export class Concerned {
  readonly sourceIds = new Set<string>();
  readonly customerIds = new Set<string>();
  readonly userIds = new Set<string>();
  /** What all products grant may be another: every pool is concerned. */
  readonly everybody: boolean;

  /** @param due pools whose time has come, without any event */
  constructor(
    private readonly places: EventPlace[],
    due: string[] = [],
  ) {
    for (const { streamId, customerId, userId } of places) {
      this.sourceIds.add(streamId.slice(streamId.indexOf(':') + 1));
      if (customerId) this.customerIds.add(customerId);
      if (userId) this.userIds.add(userId);
    }
    for (const sourceId of due) this.sourceIds.add(sourceId);
    this.everybody = places.some(({ streamId }) => streamId.startsWith(OF_CONFIGURATION));
  }

  /** What led to a change of this source, as far as it is among these events: the newest about it, else about its customer. */
  causeOf(sourceId: string, customerIds: readonly (string | null)[]): string | undefined {
    const ofCustomer = (place: EventPlace) => place.customerId !== null && customerIds.includes(place.customerId);
    const cause =
      this.places.findLast(({ streamId }) => streamId === OF_PROVIDER + sourceId) ??
      this.places.findLast((place) => place.streamId.startsWith(OF_PROVIDER) && ofCustomer(place)) ??
      this.places.findLast(ofCustomer);
    return cause?.eventId;
  }
}
