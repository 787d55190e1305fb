import { DomainError, invalidBody } from '../platform/domain-error';
import { parseInstant, type Instant } from '../platform/instant';

/** Access that an admin gives without anybody paying for it. */
export interface Grant {
  id: string;
  userId: string;
  productId: string;
  /** When the access ends; null: not before it is revoked. */
  until: string | null;
  quantity: number;
  /** Why it was given. */
  reason: string;
  givenAt: string;
  givenBy: string;
  revokedAt: string | null;
  revokedBy: string | null;
  revokeReason: string | null;
  /** Of the event that gave it. */
  eventId: string;
}

export interface WantedGrant {
  grantId: string;
  userId: string;
  productId: string;
  /** As the admin wrote it: RFC 3339, of any offset. */
  until: string | null;
  quantity: number;
  reason: string;
  givenBy: string;
}

export interface WantedRevocation {
  grantId: string;
  reason: string;
  revokedBy: string;
}

/** What is decided of a grant, as it goes on its stream. Folds see nothing of an event's metadata, so the body says who. */
export type GrantEvent =
  | { type: 'grant.given'; userId: string; data: Omit<WantedGrant, 'userId' | 'until'> & { until: Instant | null } }
  | { type: 'grant.revoked'; userId: string; data: WantedRevocation };

/** Whether this can be a grant's id at all: it comes out of an address. */
export function isGrantId(text: string): boolean {
  return /^grant_[0-9a-f]{32}$/.test(text);
}

/** Whether it gives access now. At the very moment of `until` it gives none any more. */
export function isInForce({ revokedAt, until }: Pick<Grant, 'revokedAt' | 'until'>, now: Instant): boolean {
  return revokedAt === null && (until === null || (parseInstant(until) ?? '') > now);
}

/**
 * Gives access. The same request again adds nothing, also when `until` has passed meanwhile.
 * @param grant what is known under this id already
 * @throws DomainError `invalid_request` when it would end before it begins
 */
export function giveGrant({ userId, until: end, ...wanted }: WantedGrant, grant: Grant | null, now: Instant): GrantEvent[] {
  if (grant) return [];
  const until = end === null ? null : parseInstant(end);
  if (end !== null && until === null) throw invalidBody([{ pointer: '/until', detail: 'must be a time of RFC 3339' }]);
  if (until !== null && until <= now) throw invalidBody([{ pointer: '/until', detail: 'must lie in the future' }]);
  return [{ type: 'grant.given', userId, data: { ...wanted, until } }];
}

/**
 * Takes access back, for good. What is revoked stays as it was revoked first; what has ended by itself can be revoked too.
 * @throws DomainError `not_found`
 */
export function revokeGrant(wanted: WantedRevocation, grant: Grant | null): GrantEvent[] {
  if (!grant) throw new DomainError('not_found', 'There is no such grant.');
  if (grant.revokedAt !== null) return [];
  return [{ type: 'grant.revoked', userId: grant.userId, data: wanted }];
}
