import { instantFromMs, parseInstant, type Instant } from '../platform/instant';
import type { EntityAnswer } from '../provider';

/**
 * The event that keeps what the provider showed in an answer: the envelope is ours, `data` is the provider's bytes.
 * @param commandId what was asked; the same command makes the same event
 * @param after the answer is known to be newer than this: the snapshot that the command was decided on
 */
export function observationOf(answer: EntityAnswer<unknown>, type: string, commandId: string, after: Instant | null) {
  const eventId = `observed_${commandId}`;
  const entity = answer.entity();
  const shownAt = latest(answer.sentAt, changedAt(entity));
  const occurredAt = after && after >= shownAt ? nextMicrosecond(after) : shownAt;
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

function nextMicrosecond(instant: Instant): Instant {
  const micros = Number(instant.slice(23, 26)) + 1;
  if (micros < 1_000) return `${instant.slice(0, 23)}${String(micros).padStart(3, '0')}Z` as Instant;
  return instantFromMs(Date.parse(`${instant.slice(0, 23)}Z`) + 1);
}
