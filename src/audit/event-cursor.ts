import type { EventCursor } from '../ledger';

/** Opaque to clients: the last position read of each shard, `1-42.3-17`. */
export function formatCursor(cursor: EventCursor): string {
  return [...cursor].map(([shardId, position]) => `${shardId}-${position}`).join('.');
}

/** @returns null for what {@link formatCursor} never made */
export function parseCursor(text: string): EventCursor | null {
  const parts = text.split('.').map((part) => /^(\d{1,5})-(\d{1,15})$/.exec(part));
  if (parts.includes(null)) return null;
  return new Map(parts.map((part) => [Number(part![1]), Number(part![2])]));
}
