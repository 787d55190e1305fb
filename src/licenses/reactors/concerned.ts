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

  private newer: Promise<EventPlace[]> | null = null;

  /**
   * @param due   pools whose time has come, without any event
   * @param later reads the events after these
   */
  constructor(
    private readonly places: EventPlace[],
    due: string[],
    private readonly later: () => Promise<EventPlace[]>,
  ) {
    for (const { streamId, customerId, userId } of places) {
      this.sourceIds.add(streamId.slice(streamId.indexOf(':') + 1));
      if (customerId) this.customerIds.add(customerId);
      if (userId) this.userIds.add(userId);
    }
    for (const sourceId of due) this.sourceIds.add(sourceId);
    this.everybody = places.some(({ streamId }) => streamId.startsWith(OF_CONFIGURATION));
  }

  /**
   * What led to a change of this source, as far as it is to be found: the newest event about it, else about its customer. The
   * read models may be further than these events, and show what a later one says.
   */
  async causeOf(sourceId: string, customerId: string | null): Promise<string | undefined> {
    const places = [...this.places, ...(await (this.newer ??= this.later()))];
    const ofCustomer = (place: EventPlace) => place.customerId !== null && place.customerId === customerId;
    const cause =
      places.findLast(({ streamId }) => streamId === OF_PROVIDER + sourceId) ??
      places.findLast((place) => place.streamId.startsWith(OF_PROVIDER) && ofCustomer(place)) ??
      places.findLast(ofCustomer);
    return cause?.eventId;
  }
}
