import type { Instant } from '../../platform/instant';

/**
 * Orders the snapshots of one entity: by the time of the event in microseconds, then by how far in its life the entity
 * is, then by event id. Written so that comparing the text compares all three.
 *
 * Paddle delivers in any order, its clock has ties, and `updated_at` stays the same while a status changes
 * (REFERENCE 1.6), so nothing else orders snapshots reliably. In a tie the later status wins, since the other
 * order does not happen: nothing follows `canceled`, and `completed` follows `paid`.
 */
export function watermark(occurredAt: Instant, status: string, eventType: string, eventId: string): string {
  return `${occurredAt} ${LATENESS[status] ?? UNKNOWN}${actionRank(eventType)} ${eventId}`;
}

const UNKNOWN = 2;

const LATENESS: Record<string, number> = {
  draft: 1,
  ready: 2,
  billed: 3,
  past_due: 4,
  paid: 5,
  completed: 6,
  trialing: 1,
  active: 3,
  paused: 5,
  canceled: 9,
  pending_approval: 1,
  approved: 3,
  rejected: 5,
  reversed: 9,
};

/** `created` comes first, the catch-all `updated` before the event that names what happened. */
function actionRank(eventType: string): number {
  const action = eventType.slice(eventType.indexOf('.') + 1);
  if (action === 'created' || action === 'imported') return 0;
  return action === 'updated' ? 1 : 2;
}
