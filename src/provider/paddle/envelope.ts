import { isUtf8 } from 'node:buffer';
import { parseInstant } from '../../platform/instant';
import { isPlainText } from '../../platform/plain-text';
import { idOf, objectOf, type Json } from './json-fields';

/** What the ledger needs to know of an event to file it. Everything else is read when it is folded. */
export interface PaddleEnvelope {
  eventId: string;
  eventType: string;
  /** As Paddle wrote it. */
  occurredAt: string;
  /** `paddle:<entity id>`. */
  streamId: string;
  customerId: string | null;
  claimedUserId: string | null;
  /** The whole body, parsed. */
  content: unknown;
}

const MAX_USER_ID_LENGTH = 255;

/**
 * Reads the envelope of a webhook body. Event types and fields that nobody knows yet are fine.
 * @param userIdKey the field of `custom_data` that names our user
 * @returns the reason in words when the body is no Paddle event
 */
export function readEnvelope(body: Buffer, userIdKey: string): PaddleEnvelope | { malformed: string } {
  if (!isUtf8(body)) return { malformed: 'the body is not valid UTF-8' };
  const parsed = parseJson(body.toString('utf8'));
  if (parsed === undefined) return { malformed: 'the body is not JSON' };
  const envelope = objectOf(parsed);
  const data = objectOf(envelope?.data);
  if (!envelope || !data) return { malformed: 'the body has no data' };
  const eventId = idOf(envelope.event_id);
  const eventType = idOf(envelope.event_type);
  if (!eventId || !eventType) return { malformed: 'the body has no event_id or no event_type' };
  const occurredAt = envelope.occurred_at;
  if (typeof occurredAt !== 'string' || !parseInstant(occurredAt)) return { malformed: 'occurred_at is not a time' };
  return {
    eventId,
    eventType,
    occurredAt,
    streamId: `paddle:${idOf(data.id) ?? eventId}`,
    customerId: customerIdOf(eventType, data),
    claimedUserId: claimedUserIdOf(data, userIdKey),
    content: envelope,
  };
}

/** A customer's own events carry the customer as the entity, all others as a reference. */
export function customerIdOf(eventType: string, data: Json): string | null {
  return idOf(eventType.startsWith('customer.') ? data.id : data.customer_id);
}

/** The user named in `custom_data`, if it is something that can be one. */
export function claimedUserIdOf(data: Json, userIdKey: string): string | null {
  const value = objectOf(data.custom_data)?.[userIdKey];
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return isPlainText(text, MAX_USER_ID_LENGTH) ? text : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
