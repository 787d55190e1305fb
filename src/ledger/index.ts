export { eventRef } from './event';
export type {
  AppendCommand,
  AppendResult,
  EventMetadata,
  EventSource,
  FoldableEvent,
  LedgerEnvironment,
  NewEvent,
  RecordedEvent,
} from './event';
export { EventSearch, type EventCursor, type EventFilter, type EventPage, type EventSummary } from './event-search';
export { Ledger } from './ledger';
export { LedgerModule } from './ledger.module';
export { LedgerReader, type EventPlace, type RangeChoice, type StreamEnd } from './ledger-reader';
export { lockShard } from './shard-lock';
export { ShardMap } from './shards';
