import { parseInstant, type Instant } from '../platform/instant';
import type { EntityAnswer } from '../provider';

/**
 * The event that keeps what the provider showed in an answer: the envelope is ours, `data` is the provider's bytes.
 * @param commandId what was asked; the same command makes the same event
 */
export function observationOf(answer: EntityAnswer<unknown>, type: string, commandId: string) {
  const eventId = `observed_${commandId}`;
  const entity = answer.entity();
  const occurredAt = latest(answer.sentAt, changedAt(entity));
  const envelope = JSON.stringify({ event_id: eventId, event_type: type, occurred_at: occurredAt });
  const body = Buffer.concat([Buffer.from(`${envelope.slice(0, -1)},"data":`), entity, Buffer.from('}')]);
  return { eventId, occurredAt, body };
}

/**
 * When the provider last changed what it shows, on its own clock: the answer is no older than that. Its `Date` header tells
 * our clocks apart only to the second, and the webhook of an earlier change may still be under way.
 */
function changedAt(entity: Buffer): Instant | null {
  const updatedAt = (JSON.parse(entity.toString('utf8')) as { updated_at?: unknown } | null)?.updated_at;
  return typeof updatedAt === 'string' ? parseInstant(updatedAt) : null;
}

function latest(a: Instant, b: Instant | null): Instant {
  return b !== null && b > a ? b : a;
}
