import type { LicenseSetting } from '../settings';

/** What grants seats: one subscription or one purchase. Its seats are a pool. */
export interface PoolSource {
  type: 'subscription' | 'purchase';
  id: string;
}

export type LicenseStatus = 'active' | 'suspended' | 'released';

/** Ends that nobody chose for this seat: who comes back within the configured time gets it back. */
export const LAPSES = [
  'subscription_lapsed',
  'purchase_refunded',
  'purchase_charged_back',
  'product_removed',
  'entitlement_removed',
] as const;

export type LapseReason = (typeof LAPSES)[number];

export type ReleaseReason = 'released_by_user' | 'released_by_admin' | 'seats_reduced' | LapseReason;

/** `seats_reduced`: waits for a seat. The others keep theirs: it is there again when the source is. */
export type SuspendReason = 'subscription_paused' | 'subscription_past_due' | 'subscription_status_unknown' | 'seats_reduced';

export type RestoreReason = 'source_restored' | 'seats_added' | 'entitlement_restored';

/** What a product says of its users, an object of JSON. */
export type Metadata = Record<string, unknown>;

/** One named seat: it is somebody's from when it is assigned until it is released, and is never forgotten. */
export interface Seat {
  licenseId: string;
  productId: string;
  /** Whom the product knows by it: a user, a machine, a site. */
  entityId: string;
  name: string | null;
  metadata: Metadata;
  status: LicenseStatus;
  /** Why it is suspended or released; null for an active one. */
  reason: ReleaseReason | SuspendReason | null;
  /** Since when it has had this status. */
  statusSince: string;
  /** 1, 2, 3, … in the order in which the pool's seats were assigned. */
  number: number;
  createdAt: string;
  updatedAt: string;
  /** The license, of another pool, in whose place this one came. */
  restoredFrom: string | null;
  /** Of the request that asked for it, where that carried an idempotency key. */
  commandId: string | null;
  /** 1, 2, 3, … of its changes. */
  revision: number;
}

/** The same with where it belongs. */
export interface License extends Seat {
  source: PoolSource;
}

/** Somebody has it, whether it can be used now or not. */
export function isHeld({ status }: Pick<Seat, 'status'>): boolean {
  return status !== 'released';
}

/** It counts against what was bought. One that was suspended for want of seats does not: it waits for one. */
export function takesSeat({ status, reason }: Pick<Seat, 'status' | 'reason'>): boolean {
  return status === 'active' || (status === 'suspended' && reason !== 'seats_reduced');
}

/** Its source ended, and nobody has decided about it since. */
export function hasLapsed({ status, reason }: Pick<Seat, 'status' | 'reason'>): boolean {
  return status === 'released' && (LAPSES as readonly (string | null)[]).includes(reason);
}

export function byNumber(a: Seat, b: Seat): number {
  return a.number - b.number || (a.licenseId < b.licenseId ? -1 : 1);
}

export interface Usage {
  total: number;
  used: number;
  available: number;
  /** More are used than there are: they were bought and then taken away, and nobody has reacted yet. */
  overAllocated: boolean;
}

/** @param isGranting whether seats can be given out now */
export function usageOf(seats: Iterable<Seat>, productId: string, total: number, isGranting = true): Usage {
  let used = 0;
  for (const seat of seats) if (seat.productId === productId && takesSeat(seat)) used++;
  return { total, used, available: isGranting ? Math.max(0, total - used) : 0, overAllocated: used > total };
}

/** The seats that are beyond what was bought, by the policy: those that go, or would go, first. */
export function beyond(seats: Seat[], total: number, { whenReduced }: LicenseSetting): Seat[] {
  const taking = seats.filter(takesSeat).sort(byNumber);
  const excess = Math.max(0, taking.length - total);
  return whenReduced === 'release_oldest' ? taking.slice(0, excess) : taking.slice(taking.length - excess);
}
