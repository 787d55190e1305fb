import { instantFromMs, type Instant } from '../platform/instant';
import type { EntityAnswer } from '../provider';

/**
 * The event that keeps what the provider showed in an answer: the envelope is ours, `data` is the provider's bytes.
 * @param commandId what was asked; the same command makes the same event
 * @param after the answer is known to be newer than this: the snapshot that the command was decided on
 */
export function observationOf(answer: EntityAnswer<unknown>, type: string, commandId: string, after: Instant | null) {
  const eventId = `observed_${commandId}`;
  const occurredAt = after && after >= answer.sentAt ? nextMicrosecond(after) : answer.sentAt;
  const envelope = JSON.stringify({ event_id: eventId, event_type: type, occurred_at: occurredAt });
  const body = Buffer.concat([Buffer.from(`${envelope.slice(0, -1)},"data":`), answer.entity(), Buffer.from('}')]);
  return { eventId, occurredAt, body };
}

function nextMicrosecond(instant: Instant): Instant {
  const micros = Number(instant.slice(23, 26)) + 1;
  if (micros < 1_000) return `${instant.slice(0, 23)}${String(micros).padStart(3, '0')}Z` as Instant;
  return instantFromMs(Date.parse(`${instant.slice(0, 23)}Z`) + 1);
}
