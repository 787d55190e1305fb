import { parseInstant, plusDays, type Instant } from '../platform/instant';
import type { ProductConfiguration } from '../settings';
import { policyOf } from './decide-reaction';
import { noteTotals, seatOf } from './decide-seats';
import { entitlementTo, type SourceEntitlement } from './entitlement';
import { byNumber, hasLapsed, isHeld, usageOf, type Seat } from './license';
import { PoolDraft, type LicensePool, type PoolEvent } from './license-pool';

/** One source of a user, with its pool. */
export interface HeldPool {
  source: SourceEntitlement;
  pool: LicensePool;
}

/** A seat that lapsed and comes back: in its own pool, or in that of what was bought since. */
export interface Restoration {
  seat: Seat;
  /** Where it was. */
  from: string;
  /** Where it is to be: ids of sources. */
  to: string;
}

/**
 * Who gets a seat back, of all whose source ended within the configured time: a refund was taken back, or the user has bought
 * the same again. Pure. The oldest first, in their own pool where that grants seats again, else in the one with the most room.
 * Whatever was decided about an entity since its seat lapsed, stays so.
 */
export function decideRestorations(pools: HeldPool[], configuration: ProductConfiguration, now: Instant): Restoration[] {
  const rooms = new Rooms(pools);
  const all = pools.flatMap(({ source, pool }) => [...pool.seats.values()].map((seat) => ({ seat, from: source.source.id })));
  const byEntity = new Map<string, typeof all>();
  for (const one of all) byEntity.set(entityKey(one.seat), [...(byEntity.get(entityKey(one.seat)) ?? []), one]);
  const candidates = all
    .filter(({ seat }) => hasLapsed(seat) && isRecent(seat, configuration, now))
    .filter(({ seat }) => !isSuperseded(seat, byEntity.get(entityKey(seat))!))
    .sort((a, b) => byNumber(a.seat, b.seat));
  return candidates.flatMap(({ seat, from }) => {
    const to = rooms.take(seat.productId, from);
    return to === null ? [] : { seat, from, to };
  });
}

/** Brings seats back into their own pool, as far as there is room. Pure. What was decided about them meanwhile, stays so. */
export function restoreSeats(lapsed: Pick<Seat, 'licenseId'>[], source: SourceEntitlement, pool: LicensePool): PoolEvent[] {
  const draft = new PoolDraft(pool);
  for (const { licenseId } of lapsed) {
    const seat = pool.seats.get(licenseId);
    if (!seat || !hasLapsed(seat) || seatOf(draft.pool, seat.productId, seat.entityId)) continue;
    const granted = entitlementTo(seat.productId, source);
    if (granted?.state !== 'granting' || usageOf(draft.seats, seat.productId, granted.total).available === 0) continue;
    noteTotals(draft, source);
    draft.change(seat, 'license.seat_restored', { reason: 'entitlement_restored' });
  }
  return draft.events;
}

function isRecent(seat: Seat, configuration: ProductConfiguration, now: Instant): boolean {
  const since = parseInstant(seat.statusSince);
  return since !== null && plusDays(since, policyOf(configuration, seat.productId).restoreDays) > now;
}

/** Its entity has a seat, or had another one that began after this one ended, or this one has a successor. */
function isSuperseded(seat: Seat, ofEntity: { seat: Seat }[]): boolean {
  return ofEntity.some(
    ({ seat: other }) =>
      other !== seat &&
      (isHeld(other) || other.restoredFrom === seat.licenseId || other.createdAt > seat.statusSince || isLater(other, seat)),
  );
}

function entityKey({ productId, entityId }: Seat): string {
  return JSON.stringify([productId, entityId]);
}

/** Of two that lapsed, the later is the one that comes back. */
function isLater(other: Seat, seat: Seat): boolean {
  if (other.statusSince !== seat.statusSince) return other.statusSince > seat.statusSince;
  return other.licenseId > seat.licenseId;
}

/** The free seats of all pools, while they are being given out. */
class Rooms {
  private readonly rooms: { productId: string; sourceId: string; available: number }[];

  constructor(pools: HeldPool[]) {
    this.rooms = pools.flatMap(({ source, pool }) =>
      source.products.map(({ productId, total, state }) => ({
        productId,
        sourceId: source.source.id,
        available: usageOf(pool.seats.values(), productId, total, state === 'granting').available,
      })),
    );
  }

  /** @returns the pool that has one; null when there is none */
  take(productId: string, preferred: string): string | null {
    const [room] = this.rooms
      .filter((one) => one.productId === productId && one.available > 0)
      .sort((a, b) => {
        if ((a.sourceId === preferred) !== (b.sourceId === preferred)) return a.sourceId === preferred ? -1 : 1;
        return b.available - a.available || (a.sourceId < b.sourceId ? -1 : 1);
      });
    if (!room) return null;
    room.available--;
    return room.sourceId;
  }
}
