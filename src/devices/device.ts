import type { Instant } from '../platform/instant';

export const DEVICE_STATUSES = ['active', 'blocked', 'retired'] as const;
export type DeviceStatus = (typeof DEVICE_STATUSES)[number];

/** `user`: its owner removed it. `reclaimed`: a new one took its place. `admin`: an admin removed it. */
export type RetireReason = 'user' | 'reclaimed' | 'admin';

export type Metadata = Record<string, unknown>;

/** What an app says of the device that it runs on. */
export interface DeviceDetails {
  platform: string | null;
  appVersion: string | null;
  metadata: Metadata;
}

/** Since when it has no place among its owner's devices any more. */
export interface Retirement {
  reason: RetireReason;
  /** An admin's words. */
  note: string | null;
  at: Instant;
  by: string;
}

export interface Block {
  reason: string;
  at: Instant;
  by: string;
}

/**
 * A device of one user; the same uuid of another user is another device. To have a place and to be blocked are two things:
 * a block keeps the place, so that it hands its owner no room for one more and lifting it never breaks the limit, and who
 * is retired may be blocked from coming back.
 */
export interface Device extends DeviceDetails {
  uuid: string;
  userId: string;
  name: string | null;
  firstSeenAt: Instant;
  /** As far as the ledger knows: to the day. */
  seenAt: Instant;
  /** Null while it has its place. */
  retired: Retirement | null;
  blocked: Block | null;
}

export function statusOf({ retired, blocked }: Pick<Device, 'retired' | 'blocked'>): DeviceStatus {
  if (blocked) return 'blocked';
  return retired ? 'retired' : 'active';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Reads a UUID of RFC 9562, of any version, written in any case. Nil and max are nobody's: apps send them when they know no better.
 * @returns null for anything else
 */
export function parseUuid(text: string): string | null {
  const uuid = text.toLowerCase();
  return UUID.test(uuid) ? uuid : null;
}
