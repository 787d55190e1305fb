import type { LicenseStatus, Metadata, PoolSource, ReleaseReason, RestoreReason, Seat, SuspendReason } from './license';

/** All seats that one source has ever had, by license id. */
export interface LicensePool {
  /** Null while nothing has happened here. */
  source: PoolSource | null;
  /** The customer with whom it began: all its events lie on that one's shard, whoever the source is handed to. */
  customerId: string | null;
  /** Seats by product, as they were when somebody last looked: what is new since has come in place of what is gone. */
  totals: Readonly<Record<string, number>>;
  seats: ReadonlyMap<string, Seat>;
}

export const EMPTY_POOL: LicensePool = { source: null, customerId: null, totals: {}, seats: new Map() };

interface Place {
  licenseId: string;
  /** Of the license, with this event. */
  revision: number;
  productId: string;
  entityId: string;
}

export interface Assigned extends Place {
  name: string | null;
  metadata: Metadata;
  number: number;
  restoredFrom: string | null;
  commandId: string | null;
}

/** What happens to the seats of a pool, by what it is called on the ledger. */
export interface PoolEventData {
  'license.seat_assigned': Assigned;
  'license.seat_released': Place & { reason: ReleaseReason; note?: string };
  'license.seat_suspended': Place & { reason: SuspendReason };
  'license.seat_restored': Place & { reason: RestoreReason };
  'license.seat_renamed': Place & { name: string | null };
  'license.seat_metadata_replaced': Place & { metadata: Metadata };
  'license.seat_handed_over': Place & { from: string };
  'license.seat_moved': Place & { from: string };
  'license.pool_resized': { source: PoolSource; totals: Record<string, number> };
}

export type PoolEventType = keyof PoolEventData;
export type SeatEventType = Exclude<PoolEventType, 'license.pool_resized'>;
export type PoolEvent = { [Type in PoolEventType]: { type: Type; data: PoolEventData[Type] } }[PoolEventType];
export type SeatEvent = Exclude<PoolEvent, { type: 'license.pool_resized' }>;

/** What an event says of a license: each part is as its newest revision has it. */
export type SeatParts = Partial<Omit<Seat, 'licenseId' | 'revision' | 'updatedAt'>>;

type PartsBy = { [Type in SeatEventType]: (data: PoolEventData[Type], at: string) => SeatParts };

const PARTS: PartsBy = {
  'license.seat_assigned': ({ productId, entityId, name, metadata, number, restoredFrom, commandId }, at) => {
    const terms = { productId, entityId, name, metadata, number, restoredFrom, commandId };
    return { ...terms, createdAt: at, ...status('active', null, at) };
  },
  'license.seat_released': ({ reason }, at) => status('released', reason, at),
  'license.seat_suspended': ({ reason }, at) => status('suspended', reason, at),
  'license.seat_restored': (_, at) => status('active', null, at),
  'license.seat_renamed': ({ name }) => ({ name }),
  'license.seat_metadata_replaced': ({ metadata }) => ({ metadata }),
  'license.seat_handed_over': ({ entityId }) => ({ entityId }),
  'license.seat_moved': ({ productId }) => ({ productId }),
};

/** Pure: the one place that says what an event does to a license. */
export function partsOf<Type extends SeatEventType>(event: { type: Type; data: PoolEventData[Type] }, at: string): SeatParts {
  return PARTS[event.type](event.data, at);
}

function status(is: LicenseStatus, reason: Seat['reason'], at: string): SeatParts {
  return { status: is, reason, statusSince: at };
}

/** An event of a pool, and when it was decided. */
export type DatedPoolEvent = PoolEvent & { at: string; customerId: string | null };

/** The pool after these events, in their order. Pure. */
export function evolvePool(pool: LicensePool, events: DatedPoolEvent[]): LicensePool {
  const draft = new PoolDraft(pool);
  for (const event of events) draft.apply(event, event.at, event.customerId);
  return draft.pool;
}

/** A pool while it is being changed: a copy, so that the one it began with stays as it is. */
export class PoolDraft {
  /** What was decided, in order. */
  readonly events: PoolEvent[] = [];
  private readonly seatsById: Map<string, Seat>;
  private rest: Omit<LicensePool, 'seats'>;

  constructor(pool: LicensePool) {
    this.seatsById = new Map(pool.seats);
    this.rest = pool;
  }

  get pool(): LicensePool {
    const { source, customerId, totals } = this.rest;
    return { source, customerId, totals, seats: this.seatsById };
  }

  get seats(): Seat[] {
    return [...this.seatsById.values()];
  }

  get nextNumber(): number {
    return this.seatsById.size + 1;
  }

  /** Decides something of a seat that is there. */
  change<Type extends Exclude<SeatEventType, 'license.seat_assigned'>>(
    { licenseId }: Pick<Seat, 'licenseId'>,
    type: Type,
    data: Omit<PoolEventData[Type], keyof Place> & Partial<Place>,
  ): void {
    const { revision, productId, entityId } = this.seatsById.get(licenseId)!;
    this.record({ type, data: { licenseId, revision: revision + 1, productId, entityId, ...data } } as unknown as SeatEvent);
  }

  record(event: PoolEvent): void {
    this.events.push(event);
    this.apply(event, '', null);
  }

  apply(event: PoolEvent, at: string, customerId: string | null): void {
    if (event.type === 'license.pool_resized') {
      const { source, totals } = event.data;
      this.rest = { source, totals, customerId: this.rest.customerId ?? customerId };
      return;
    }
    const { licenseId, revision } = event.data;
    const seat = this.seatsById.get(licenseId);
    if (!seat && event.type !== 'license.seat_assigned') return;
    this.seatsById.set(licenseId, { ...seat, ...partsOf(event, at), licenseId, revision, updatedAt: at } as Seat);
  }
}
