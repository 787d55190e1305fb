import { evolvePool, EMPTY_POOL, type LicensePool, type PoolEvent } from '../../src/licenses/license-pool';
import { assignSeats } from '../../src/licenses/decide-seats';
import type { ProductEntitlement, SourceEntitlement } from '../../src/licenses/entitlement';
import type { Seat } from '../../src/licenses/license';

export const AT = '2026-06-15T12:00:00.000000Z';

/** A subscription that grants so many seats of `pro_team`. */
export function granting(total: number, productId = 'pro_team', id = 'sub_1'): SourceEntitlement {
  return grantOf([{ productId, total, state: 'granting', reason: null }], id);
}

export function grantOf(
  products: ProductEntitlement[],
  id = 'sub_1',
  holds = products.map(({ productId }) => productId),
): SourceEntitlement {
  return { source: { type: 'subscription', id }, customerId: 'ctm_1', holds, products, changesAt: null };
}

export const idOf = (number: number, of = 'sub_1') => `lic_${of}_${number}`;

export function assigning(...entityIds: string[]) {
  return {
    productId: 'pro_team',
    wanted: entityIds.map((entityId) => ({ entityId, name: null, metadata: {} })),
    idOf,
    commandId: null,
  };
}

/** The pool after these events, all at one time. */
export function after(pool: LicensePool, events: PoolEvent[], at = AT): LicensePool {
  return evolvePool(
    pool,
    events.map((event) => ({ ...event, at, customerId: 'ctm_1' })),
  );
}

/** A pool with a seat for each of these, of a source that had as many. */
export function poolWith(...entityIds: string[]): LicensePool {
  const source = granting(entityIds.length);
  return entityIds.length === 0 ? EMPTY_POOL : after(EMPTY_POOL, assignSeats({ ...assigning(...entityIds), source }, EMPTY_POOL));
}

/** `ada active`, `bob released seats_reduced`, in the order in which they were assigned. */
export function shown(pool: LicensePool): string[] {
  return [...pool.seats.values()].map(shownSeat);
}

export function shownSeat({ entityId, status, reason }: Seat): string {
  return [entityId, status, reason].filter(Boolean).join(' ');
}

/** `seat_released ada seats_reduced`, … */
export function told(events: PoolEvent[]): string[] {
  return events.map((event) => {
    const type = event.type.slice('license.'.length);
    if (event.type === 'license.pool_resized') return `${type} ${Object.values(event.data.totals).join('+') || 'nothing'}`;
    const reason = 'reason' in event.data ? event.data.reason : '';
    return [type, event.data.entityId, reason].filter(Boolean).join(' ');
  });
}
