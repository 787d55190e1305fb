import type { Environment } from '../platform/environment';

/** Where an event belongs: one of the provider's environments, or the installation itself (its configuration). */
export type LedgerEnvironment = Environment | 'installation';

/** `webhook`: the provider told us. `command`, `sync`: the provider's answer when we asked. `native`: our own. */
export type EventSource = 'webhook' | 'command' | 'sync' | 'native';

/** Who, why, and what is needed to check the event again. Never a secret, never a token. */
export interface EventMetadata {
  source: EventSource;
  requestId?: string;
  /** Headers that the signature of a webhook is checked with. */
  headers?: Record<string, string>;
  /** Who caused it: a user id, or the name of a job. */
  actor?: string;
  /** Event id of what led to this. */
  causationId?: string;
  /** Id of the conversation that this is part of. */
  correlationId?: string;
}

export interface NewEvent {
  /** Unique in its shard. The provider's own id for the provider's events: that is what makes a redelivery harmless. */
  eventId: string;
  type: string;
  schemaVersion: number;
  /** RFC 3339, as the provider wrote it. */
  occurredAt: string;
  customerId: string | null;
  userId: string | null;
  /** Stored byte for byte. */
  body: Buffer;
  /** What the event says, where whoever appends it has read it already: the same as what a fold would read in the body. */
  fact?: unknown;
  metadata: EventMetadata;
}

export interface RecordedEvent extends Omit<NewEvent, 'body' | 'fact'> {
  shardId: number;
  /** 1, 2, 3, … within the shard, without a hole, in the order of commits. */
  position: number;
  streamId: string;
  /** 1, 2, 3, … within the stream. */
  streamVersion: number;
  environment: LedgerEnvironment;
  recordedAt: string;
  /** The exact bytes as text: only valid UTF-8 is ever appended. */
  body: string;
  /** SHA-256 of the bytes of `body`, in hex. */
  digest: string;
}

/** What a fold reads of an event. */
export type FoldableEvent = Omit<RecordedEvent, 'streamVersion' | 'recordedAt' | 'body' | 'digest' | 'metadata'> & {
  source: EventSource;
  /** The parsed body. */
  content(): unknown;
  /** What it says, where that has been read already. */
  fact?: unknown;
};

/** Events that are appended to one stream together or not at all. */
export interface AppendCommand {
  environment: LedgerEnvironment;
  streamId: string;
  /** Of the stream that the decision was based on; 0 for a new one. Left out: any, for facts that are not ours to refuse. */
  expectedVersion?: number;
  events: [NewEvent, ...NewEvent[]];
}

export interface AppendResult {
  /** `duplicate`: the first event's id is there already, and `position` is where. */
  status: 'appended' | 'duplicate';
  shardId: number;
  /** Of the command's first event. */
  position: number;
  /** Of the stream after the command. */
  streamVersion: number;
}

/** `<shard>-<position>`: names an event in the whole installation. */
export function eventRef(event: { shardId: number; position: number }): string {
  return `${event.shardId}-${event.position}`;
}
