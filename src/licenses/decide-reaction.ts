import type { LicenseSetting, ProductConfiguration } from '../settings';
import { isNoted, resized, seatOf } from './decide-seats';
import { entitlementTo, type ProductEntitlement, type SourceEntitlement } from './entitlement';
import { beyond, byNumber, isHeld, takesSeat, usageOf, type Seat } from './license';
import { PoolDraft, type LicensePool, type PoolEvent } from './license-pool';

/**
 * What has to be done to a pool, now that its source is as it is. Pure, and level-triggered: it compares what the pool holds
 * with what the source grants and asks for no history, so it may be repeated at will, and a change that was slept through is
 * made good by the next look.
 */
export function decideReaction(source: SourceEntitlement, configuration: ProductConfiguration, pool: LicensePool): PoolEvent[] {
  const draft = new PoolDraft(pool);
  if (!pool.source || ![...pool.seats.values()].some(isHeld)) return [];
  const arrived = source.products.filter(({ productId }) => !Object.hasOwn(pool.totals, productId));
  if (!isNoted(pool, source)) draft.record(resized(source));
  moveOrphans(draft, source, arrived);
  for (const product of source.products) adjust(draft, product, policyOf(configuration, product.productId));
  return draft.events;
}

export function policyOf(configuration: ProductConfiguration, productId: string): LicenseSetting {
  return configuration.of(productId).licenses;
}

/** Seats of a product that the source does not grant any more go to the product that came in its place, as far as it has room. */
function moveOrphans(draft: PoolDraft, source: SourceEntitlement, arrived: ProductEntitlement[]): void {
  const orphans = draft.seats.filter((seat) => isHeld(seat) && !entitlementTo(seat.productId, source)).sort(byNumber);
  for (const seat of orphans) {
    const heir = heirOf(seat, draft, arrived);
    if (heir) draft.change(seat, 'license.seat_moved', { from: seat.productId, productId: heir.productId });
    else {
      const reason = source.holds.includes(seat.productId) ? 'entitlement_removed' : 'product_removed';
      draft.change(seat, 'license.seat_released', { reason });
    }
  }
}

function heirOf(seat: Seat, draft: PoolDraft, arrived: ProductEntitlement[]): ProductEntitlement | null {
  const withRoom = arrived.filter(
    ({ productId, total, state }) =>
      state !== 'lapsed' && usageOf(draft.seats, productId, total).available > 0 && !seatOf(draft.pool, productId, seat.entityId),
  );
  return withRoom.sort((a, b) => b.total - a.total || (a.productId < b.productId ? -1 : 1))[0] ?? null;
}

function adjust(draft: PoolDraft, product: ProductEntitlement, policy: LicenseSetting): void {
  const held = draft.seats.filter((seat) => seat.productId === product.productId && isHeld(seat)).sort(byNumber);
  switch (product.state) {
    case 'lapsed':
      for (const seat of held) draft.change(seat, 'license.seat_released', { reason: product.reason });
      return;
    case 'suspended':
      for (const seat of held) {
        if (takesSeat(seat) && seat.reason !== product.reason)
          draft.change(seat, 'license.seat_suspended', { reason: product.reason });
      }
      return;
    case 'granting':
      return fit(draft, held, product.total, policy);
  }
}

/** As many as there are, by the policy; the others go or wait, and who waited comes back as far as there is room. */
function fit(draft: PoolDraft, held: Seat[], total: number, policy: LicenseSetting): void {
  const excess = new Set(beyond(held, total, policy));
  for (const seat of excess) {
    if (policy.whenReduced === 'suspend_newest') draft.change(seat, 'license.seat_suspended', { reason: 'seats_reduced' });
    else draft.change(seat, 'license.seat_released', { reason: 'seats_reduced' });
  }
  const kept = held.filter((seat) => takesSeat(seat) && !excess.has(seat));
  for (const seat of kept) {
    if (seat.status === 'suspended') draft.change(seat, 'license.seat_restored', { reason: 'source_restored' });
  }
  const waiting = held.filter((seat) => !takesSeat(seat)).slice(0, Math.max(0, total - kept.length));
  for (const seat of waiting) draft.change(seat, 'license.seat_restored', { reason: 'seats_added' });
}
