import { Random } from '../world/random';
import { instantOf, type Micros } from '../world/time';
import type { WorldEvent } from '../world/world-event';
import type { FaultName } from './faults';

export type NotificationStatus = 'not_attempted' | 'needs_retry' | 'delivered' | 'failed';

/** What came back from the destination. */
export interface Answer {
  /** 0 when there was none. */
  code: number;
  contentType: string | null;
  /** Its beginning; where there was no answer, why: `TIMED_OUT`, `ECONNREFUSED`. */
  body: string;
}

/** Plain data: one event on its way to one destination. Read it; only this folder changes it. */
export interface Notification {
  readonly id: string;
  readonly event: WorldEvent;
  readonly destinationId: string;
  readonly origin: 'event' | 'replay';
  /** Place in the order of creation. */
  readonly order: number;
  readonly faults: readonly FaultName[];
  status: NotificationStatus;
  /** When its next attempt is due; null when there is none. */
  dueAt: Micros | null;
  attempts: { answer: Answer; at: Micros }[];
  replayedAt: Micros | null;
  replays: number;
  /** `ts` of its first signature, in real seconds. */
  signedTs: number | null;
}

/** As Paddle's API shows it. */
export interface NotificationEntity {
  id: string;
  type: string;
  status: NotificationStatus;
  payload: Record<string, unknown>;
  occurred_at: string;
  delivered_at: string | null;
  replayed_at: string | null;
  origin: 'event' | 'replay';
  last_attempt_at: string | null;
  retry_at: string | null;
  times_attempted: number;
  notification_setting_id: string;
}

/** One attempt, as `GET /notifications/{id}/logs` shows it. */
export interface DeliveryLogEntity {
  id: string;
  response_code: number;
  response_content_type: string | null;
  response_body: string;
  attempted_at: string;
}

/** The body of its webhook, byte for byte the same at every attempt: it is made again each time, as there are millions. */
export function bodyOf({ id, event }: Notification): string {
  return (
    `{"event_id":"${event.id}","event_type":"${event.type}","occurred_at":"${instantOf(event.occurredAt)}",` +
    `"notification_id":"${id}","data":${event.data}}`
  );
}

export function notificationEntity(notification: Notification): NotificationEntity {
  const { id, event, status, origin, attempts, dueAt, replayedAt, destinationId } = notification;
  const lastAt = attempts.at(-1)?.at ?? null;
  return {
    id,
    type: event.type,
    status,
    payload: JSON.parse(bodyOf(notification)) as Record<string, unknown>,
    occurred_at: instantOf(event.occurredAt),
    delivered_at: status === 'delivered' ? shown(lastAt) : null,
    replayed_at: shown(replayedAt),
    origin,
    last_attempt_at: shown(lastAt),
    retry_at: status === 'needs_retry' ? shown(dueAt) : null,
    times_attempted: attempts.length,
    notification_setting_id: destinationId,
  };
}

/** In the order in which the attempts were made. */
export function deliveryLogs({ id, attempts }: Notification): DeliveryLogEntity[] {
  return attempts.map(({ answer: { code, contentType, body }, at }, number) => ({
    id: Random.from(`${id}\nlog\n${number}`).id('ntflog', at),
    response_code: code,
    response_content_type: contentType,
    response_body: body,
    attempted_at: instantOf(at),
  }));
}

export function isPending({ status }: Notification): boolean {
  return status === 'not_attempted' || status === 'needs_retry';
}

function shown(at: Micros | null): string | null {
  return at === null ? null : instantOf(at);
}
