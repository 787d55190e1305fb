import type { ProductAccess } from '../../access';
import { msOf, parseInstant, type Instant } from '../../platform/instant';

/** What a product gives, as an app reads it without a network. */
export interface StatedAccess {
  access: ProductAccess['access'];
  until: string | null;
  quantity: number;
}

export interface OfflineStatement {
  /** By product id. */
  access: Record<string, StatedAccess>;
  /** Seconds since the epoch. */
  expiresAt: number;
}

/**
 * What an app may rely on for a while without asking. Pure.
 * It never outlives what it says: not the earliest `until` of any access in it, nor the next moment at which the answer changes by
 * itself, such as a pause that turns full access into reading.
 * @param changesAt the next moment at which the answer may change without any new fact; null: never
 * @returns null where there is nothing to state
 */
export function offlineStatement(
  products: ProductAccess[],
  changesAt: Instant | null,
  nowSeconds: number,
  ttlSeconds: number,
): OfflineStatement | null {
  const usable = products.filter(({ access }) => access !== 'none');
  const ends = [...usable.map(({ until }) => until && parseInstant(until)), changesAt].flatMap((end) =>
    end ? secondsOf(end) : [],
  );
  const expiresAt = Math.min(nowSeconds + ttlSeconds, ...ends);
  if (usable.length === 0 || expiresAt <= nowSeconds) return null;
  const access = products.map(({ productId, access, until, quantity }) => [productId, { access, until, quantity }] as const);
  return { access: Object.fromEntries(access), expiresAt };
}

function secondsOf(instant: Instant): number {
  return Math.floor(msOf(instant) / 1000);
}
