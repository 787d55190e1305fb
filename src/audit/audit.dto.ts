export class LedgerEventSummaryDto {
  /**
   * `<shard>-<position>`: unique in the installation.
   * @example "1-42"
   */
  ref: string;
  /** 1, 2, 3, … without a hole, in the order of commits. */
  position: number;
  /** `sandbox`, `live`, or `installation` for our own configuration. */
  environment: string;
  eventId: string;
  /** @example "subscription.activated" */
  type: string;
  /** @example "paddle:sub_01hv8x29kz0t586xy6zn1a62ny" */
  streamId: string;
  streamVersion: number;
  /** As Paddle wrote it. */
  occurredAt: string;
  recordedAt: string;
  customerId: string | null;
  userId: string | null;
  source: 'webhook' | 'command' | 'sync' | 'native';
}

export class LedgerEventPageDto {
  data: LedgerEventSummaryDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}

export class LedgerEventDto extends LedgerEventSummaryDto {
  /** The exact text, byte for byte. */
  body: string;
  /** What the signature is checked with. */
  headers: Record<string, string>;
  /** SHA-256 of the bytes of `body`, in hex. */
  digest: string;
  schemaVersion: number;
  requestId: string | null;
  /** Event id of what led to this. */
  causation: string | null;
  /** Who caused it. */
  actor: string | null;
}

export class LedgerStreamEventDto extends LedgerEventDto {
  /**
   * The provider's entity as the events up to this one show it, in our words: the newest snapshot by time of event, which is an
   * earlier event's where this one arrived late. `watermark` says which. Null where the stream is not of such an entity.
   */
  state: Record<string, unknown> | null;
}

export class LedgerStreamDto {
  data: LedgerStreamEventDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}

export class QuarantinedWebhookDto {
  /** SHA-256 of the body, in hex. */
  digest: string;
  environment: string;
  reason: string;
  headers: Record<string, string>;
  /** Base64: it may be anything. */
  bodyBase64: string;
  firstReceivedAt: string;
  lastReceivedAt: string;
  deliveries: number;
}

export class QuarantineDto {
  data: QuarantinedWebhookDto[];
}
