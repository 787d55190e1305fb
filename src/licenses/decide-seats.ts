import { DomainError } from '../platform/domain-error';
import { entitlementTo, type SourceEntitlement } from './entitlement';
import { isHeld, usageOf, type Metadata, type Seat } from './license';
import { PoolDraft, type LicensePool, type PoolEvent } from './license-pool';

export interface WantedSeat {
  entityId: string;
  name: string | null;
  metadata: Metadata;
  /** Of another pool: this one comes in its place. */
  restoredFrom?: string;
}

export interface AssignSeats {
  productId: string;
  /** As the source is now. */
  source: SourceEntitlement;
  wanted: WantedSeat[];
  /** The license id of the pool's so-manieth seat. */
  idOf: (number: number) => string;
  commandId: string | null;
}

/**
 * Gives each of these entities a seat, or none of them. Pure. One that has a seat already, keeps it as it is.
 * @throws DomainError `no_entitlement` when the source gives no seats now, `no_seats_available` when there are too few
 */
export function assignSeats({ productId, source, wanted, idOf, commandId }: AssignSeats, pool: LicensePool): PoolEvent[] {
  const draft = new PoolDraft(pool);
  const missing = wanted.filter(({ entityId }) => !seatOf(pool, productId, entityId));
  if (missing.length === 0) return [];
  const granted = entitlementTo(productId, source);
  if (granted?.state !== 'granting') throw noEntitlement(productId, granted?.reason ?? null);
  const { total, used, available } = usageOf(pool.seats.values(), productId, granted.total);
  if (missing.length > available) throw noSeats({ total, used, available, wanted: missing.length });
  noteTotals(draft, source);
  for (const { entityId, name, metadata, restoredFrom = null } of missing) {
    const number = draft.nextNumber;
    const data = { licenseId: idOf(number), revision: 1, productId, entityId, name, metadata, number, restoredFrom, commandId };
    draft.record({ type: 'license.seat_assigned', data });
  }
  return draft.events;
}

/** The seat that an entity has of a product. */
export function seatOf(pool: LicensePool, productId: string, entityId: string): Seat | null {
  for (const seat of pool.seats.values()) {
    if (seat.entityId === entityId && seat.productId === productId && isHeld(seat)) return seat;
  }
  return null;
}

export interface ChangeSeat {
  licenseId: string;
  name?: string | null;
  metadata?: Metadata;
  /** Hands the seat to another entity. */
  entityId?: string;
  release?: boolean;
}

/**
 * Changes a seat. Pure. Only what differs is a change, so asking twice is not an error.
 * @throws DomainError `not_found`, `license_released`, `entity_has_license`
 */
export function changeSeat({ licenseId, name, metadata, entityId, release }: ChangeSeat, pool: LicensePool): PoolEvent[] {
  const seat = pool.seats.get(licenseId);
  if (!seat) throw new DomainError('not_found', 'You have no such license.');
  const draft = new PoolDraft(pool);
  const handedOver = entityId !== undefined && entityId !== seat.entityId;
  const renamed = name !== undefined && name !== seat.name;
  const described = metadata !== undefined && JSON.stringify(metadata) !== JSON.stringify(seat.metadata);
  if (!isHeld(seat)) {
    if (handedOver || renamed || described)
      throw new DomainError('license_released', 'The license was released: save the entity again.');
    return [];
  }
  if (handedOver && seatOf(pool, seat.productId, entityId)) {
    throw new DomainError('entity_has_license', 'That entity has a license of this product already.');
  }
  if (handedOver) draft.change(seat, 'license.seat_handed_over', { from: seat.entityId, entityId });
  if (renamed) draft.change(seat, 'license.seat_renamed', { name });
  if (described) draft.change(seat, 'license.seat_metadata_replaced', { metadata });
  if (release) draft.change(seat, 'license.seat_released', { reason: 'released_by_user' });
  return draft.events;
}

/** Takes a seat from its entity, whatever its owner wants. Pure. One that is released already stays as it is. */
export function forceRelease({ licenseId, note }: { licenseId: string; note: string }, pool: LicensePool): PoolEvent[] {
  const seat = pool.seats.get(licenseId);
  if (!seat) throw new DomainError('not_found', 'There is no such license.');
  if (!isHeld(seat)) return [];
  const draft = new PoolDraft(pool);
  draft.change(seat, 'license.seat_released', { reason: 'released_by_admin', note });
  return draft.events;
}

/** As long as nobody has a seat, nothing can have come in place of anything: what is granted now is what is compared with later. */
export function noteTotals(draft: PoolDraft, source: SourceEntitlement): void {
  if (!draft.seats.some(isHeld) && !isNoted(draft.pool, source)) draft.record(resized(source));
}

/** Whether the pool knows what its source grants. */
export function isNoted({ source: known, totals }: LicensePool, source: SourceEntitlement): boolean {
  return known !== null && JSON.stringify(totals) === JSON.stringify(totalsOf(source));
}

export function resized({ source, products }: SourceEntitlement): Extract<PoolEvent, { type: 'license.pool_resized' }> {
  return { type: 'license.pool_resized', data: { source, totals: totalsOf({ products }) } };
}

function totalsOf({ products }: Pick<SourceEntitlement, 'products'>): Record<string, number> {
  const sorted = [...products].sort((a, b) => (a.productId < b.productId ? -1 : 1));
  return Object.fromEntries(sorted.map(({ productId, total }) => [productId, total]));
}

export function noEntitlement(productId: string, reason: string | null): DomainError {
  const why =
    reason === null ? 'Nothing that you have bought grants seats of it.' : `What you have bought grants none now: ${reason}.`;
  return new DomainError('no_entitlement', why, { productId, reason });
}

function noSeats(numbers: { total: number; used: number; available: number; wanted: number }): DomainError {
  const { total, used, available, wanted } = numbers;
  const asked = wanted === 1 ? 'None' : `Not ${wanted}`;
  return new DomainError(
    'no_seats_available',
    `${asked} of the ${total} seats can be had: ${used} are used, ${available} are free.`,
    numbers,
  );
}
