import type { FoldableEvent } from '../../src/ledger';
import { commandEvent } from './command-events';

/** An event of a grant's stream, as a fold meets it. */
export function grantEvent(type: string, grantId: string, body: unknown, change: Partial<FoldableEvent> = {}): FoldableEvent {
  const place = { streamId: `grant:${grantId}`, eventId: `${type.slice('grant.'.length)}_${grantId}`, customerId: null };
  return commandEvent(type, body, { ...place, ...change });
}

export function givenEvent(grantId: string, terms: object = {}, change: Partial<FoldableEvent> = {}): FoldableEvent {
  const body = { grantId, productId: 'pro_a', until: null, quantity: 1, reason: 'partner', givenBy: 'admin_1', ...terms };
  return grantEvent('grant.given', grantId, body, change);
}

export function revokedEvent(grantId: string, terms: object = {}, change: Partial<FoldableEvent> = {}): FoldableEvent {
  const body = { grantId, reason: 'left', revokedBy: 'admin_2', ...terms };
  return grantEvent('grant.revoked', grantId, body, { occurredAt: '2026-06-20T12:00:00.000000Z', ...change });
}
