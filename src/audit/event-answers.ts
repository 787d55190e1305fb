import { eventRef, type EventSummary, type RecordedEvent } from '../ledger';
import type { LedgerEventDto, LedgerEventSummaryDto } from './audit.dto';

export function toSummary(event: EventSummary): LedgerEventSummaryDto {
  const { position, environment, eventId, type, streamId, streamVersion, occurredAt, recordedAt, customerId, userId, metadata } =
    event;
  const ids = { ref: eventRef(event), position, environment, eventId, type, streamId, streamVersion };
  return { ...ids, occurredAt, recordedAt, customerId, userId, source: metadata.source };
}

export function toEvent(event: RecordedEvent): LedgerEventDto {
  const { body, digest, schemaVersion, metadata } = event;
  const { headers = {}, requestId = null, causationId: causation = null, actor = null } = metadata;
  return { ...toSummary(event), body, headers, digest, schemaVersion, requestId, causation, actor };
}
