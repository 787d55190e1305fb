import type { FoldableEvent } from '../ledger';
import { parseInstant, type Instant } from '../platform/instant';
import type { Fact } from '../projections';

/**
 * Of each grant its own stream: what is decided of one depends on that one alone, so two admins who are busy with one user
 * never get into each other's way, an id is enough to find it, and an event that cannot be read holds up no other grant.
 */
const STREAM = 'grant:';

export interface GrantGiven extends Fact {
  kind: 'grant_given';
  grantId: string;
  userId: string;
  productId: string;
  until: Instant | null;
  quantity: number;
  reason: string;
  givenAt: Instant;
  givenBy: string;
  eventId: string;
}

export interface GrantRevoked extends Fact {
  kind: 'grant_revoked';
  grantId: string;
  userId: string;
  revokedAt: Instant;
  revokedBy: string;
  revokeReason: string;
}

export type GrantFact = GrantGiven | GrantRevoked;

/** The event types that grants are read from. */
export const GRANT_EVENT_TYPES: Record<GrantFact['kind'], string[]> = {
  grant_given: ['grant.given'],
  grant_revoked: ['grant.revoked'],
};

export function streamOfGrant(grantId: string): string {
  return STREAM + grantId;
}

/**
 * Reads an event of a grant; null for any other, and for types that nobody knows yet.
 * @throws Error when the body does not say what an event of its type says: its stream has to wait until that is mended
 */
export function readGrantFact(event: FoldableEvent): GrantFact | null {
  if (event.source !== 'native' || !event.streamId.startsWith(STREAM)) return null;
  if (event.type === 'grant.given') return given(event);
  return event.type === 'grant.revoked' ? revoked(event) : null;
}

function given(event: FoldableEvent): GrantGiven {
  const { grantId, productId, until, quantity, reason, givenBy } = bodyOf(event);
  return {
    kind: 'grant_given',
    grantId: ownIdOf(event, grantId),
    userId: textOf(event.userId, 'userId'),
    productId: textOf(productId, 'productId'),
    until: until === null ? null : instantOf(until, 'until'),
    quantity: countOf(quantity, 'quantity'),
    reason: textOf(reason, 'reason'),
    givenAt: instantOf(event.occurredAt, 'time'),
    givenBy: textOf(givenBy, 'givenBy'),
    eventId: event.eventId,
  };
}

function revoked(event: FoldableEvent): GrantRevoked {
  const { grantId, reason, revokedBy } = bodyOf(event);
  return {
    kind: 'grant_revoked',
    grantId: ownIdOf(event, grantId),
    userId: textOf(event.userId, 'userId'),
    revokedAt: instantOf(event.occurredAt, 'time'),
    revokedBy: textOf(revokedBy, 'revokedBy'),
    revokeReason: textOf(reason, 'reason'),
  };
}

function bodyOf(event: FoldableEvent): Partial<Record<string, unknown>> {
  const body = event.content();
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw unreadable('body', 'an object');
}

function ownIdOf({ streamId }: FoldableEvent, value: unknown): string {
  if (typeof value === 'string' && streamOfGrant(value) === streamId) return value;
  throw unreadable('grantId', "its stream's");
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw unreadable(name, 'a text');
}

function countOf(value: unknown, name: string): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw unreadable(name, 'a count');
}

function instantOf(value: unknown, name: string): Instant {
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  if (instant) return instant;
  throw unreadable(name, 'a time');
}

function unreadable(name: string, what: string): Error {
  return new Error(`the ${name} of a grant's event is not ${what}`);
}
