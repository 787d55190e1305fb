import type { Instant } from '../platform/instant';

/** How a call is made, beside what it asks. */
export interface CallOptions {
  /** Ends the waiting. A change that was under way then may have been made: see the error's `outcome`. */
  signal?: AbortSignal;
  /** Where the provider limits calls, somebody who waits goes before a sync. */
  priority: Priority;
  /** Lets the provider's support find the call. */
  correlationId?: string;
  /** The provider's time (RFC 3339) of the newest fact that the caller knew: the answer is newer, whatever the clocks say. */
  newerThan?: string;
}

/** Whether somebody waits for it now. */
export type Priority = 'user' | 'background';

/** What the provider answered: as it came, and as we read it. */
export interface ProviderAnswer<Value> {
  /** What a caller needs of it, in our words. */
  value: Value;
  status: number;
  /** The exact bytes. They may hold short-lived links and secrets, so they go neither to the ledger nor to a log. */
  body: Buffer;
  /** The provider's own id of this call, for its support. */
  requestId: string | null;
  /** The moment before the call was sent, on the provider's clock: whatever the provider tells of later is newer. */
  sentAt: Instant;
}

/** An answer that shows one entity of the provider's. */
export interface EntityAnswer<Value> extends ProviderAnswer<Value> {
  /** The entity's own JSON for the ledger: the provider's bytes, of which only secrets and short-lived links are cut out. */
  entity: () => Buffer;
}

/** A part of a list. */
export interface ProviderPage<Value> extends ProviderAnswer<Value[]> {
  /** The JSON of each entity on the page, in order, as `EntityAnswer.entity` gives it. */
  entities: () => Buffer[];
  /** Asks for what comes after this page, now or in a year. Null while nothing was ever there. */
  cursor: string | null;
  /** Whether more was there when this page was made. */
  more: boolean;
  /** Of the whole list, where the provider says it. */
  estimatedTotal: number | null;
}

/** Read page by page: the next one is asked for when the loop comes to it. */
export type ProviderPages<Value> = AsyncIterable<ProviderPage<Value>>;
