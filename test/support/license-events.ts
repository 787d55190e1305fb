import type { FoldableEvent } from '../../src/ledger';
import { commandEvent } from './command-events';

/** What happens to the license of these events, from its first revision on. */
const STORY: [string, object][] = [
  ['license.seat_assigned', { name: null, metadata: { desk: 1 }, number: 1, restoredFrom: null, commandId: null }],
  ['license.seat_renamed', { name: 'Ada' }],
  ['license.seat_suspended', { reason: 'subscription_paused' }],
  ['license.seat_handed_over', { from: 'ada', entityId: 'bob' }],
  ['license.seat_restored', { reason: 'source_restored' }],
  ['license.seat_moved', { from: 'pro_1', productId: 'pro_2' }],
  ['license.seat_metadata_replaced', { metadata: {} }],
  ['license.seat_released', { reason: 'released_by_user' }],
  ['license.seat_polished', { shine: 'much' }],
];

export const LICENSE_REVISIONS = STORY.length;

/** A revision of a license, as a fold meets it: of one license and revision, always the same. */
export function licenseEvent(sourceId: string, n: number, revision: number, change: Partial<FoldableEvent> = {}): FoldableEvent {
  const licenseId = `lic_${sourceId}_${n}`;
  const [type, data] = STORY[revision - 1]!;
  const body = { licenseId, revision, productId: 'pro_1', entityId: 'ada', ...data };
  const occurredAt = `2026-06-15T12:00:0${revision}.000000Z`;
  const place = { streamId: `license-pool:${sourceId}`, eventId: `${licenseId}_${revision}`, occurredAt };
  return commandEvent(type, body, { ...place, ...change });
}

export function resizedEvent(sourceId: string, totals: object, change: Partial<FoldableEvent> = {}): FoldableEvent {
  const place = { streamId: `license-pool:${sourceId}`, eventId: `resized_${sourceId}` };
  const source = { type: sourceId.startsWith('txn_') ? 'purchase' : 'subscription', id: sourceId };
  return commandEvent('license.pool_resized', { source, totals }, { ...place, ...change });
}
