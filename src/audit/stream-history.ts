import { Injectable } from '@nestjs/common';
import { EventSearch, LedgerReader, type EventCursor, type FoldableEvent, type RecordedEvent } from '../ledger';
import type { Environment } from '../platform/environment';
import { ProjectionRegistry } from '../projections';
import { statesAfter, type EntitySnapshot } from './entity-states';

/** Events that name no entity of the provider's have no state here: their own rooms fold them. */
const OF_PROVIDER = 'paddle:';

export interface StreamPage {
  events: { event: RecordedEvent; state: EntitySnapshot | null }[];
  next: EventCursor | null;
}

/** Tells the story of one stream, as the code of today reads it. */
@Injectable()
export class StreamHistory {
  constructor(
    private readonly search: EventSearch,
    private readonly reader: LedgerReader,
    private readonly registry: ProjectionRegistry,
  ) {}

  /** @returns null when there is no such stream */
  async page(environment: Environment, streamId: string, after: EventCursor, limit: number): Promise<StreamPage | null> {
    const { events, next } = await this.search.find({ environment, streamId }, after, limit);
    if (events.length === 0 && !(await this.exists(environment, streamId))) return null;
    const whole = await this.search.withBodies(events);
    const states = await this.statesAfter(streamId, whole, after);
    return { events: whole.map((event, n) => ({ event, state: states[n] ?? null })), next };
  }

  private async exists(environment: Environment, streamId: string): Promise<boolean> {
    return (await this.search.find({ environment, streamId }, new Map(), 1)).events.length > 0;
  }

  /** The pages before are read again: the life of one entity is short. */
  private async statesAfter(streamId: string, events: RecordedEvent[], after: EventCursor): Promise<(EntitySnapshot | null)[]> {
    if (!streamId.startsWith(OF_PROVIDER)) return [];
    const earlier = await Promise.all(
      [...after].map(([shardId, position]) => this.reader.readStreamRange(shardId, streamId, 1, position)),
    );
    const before = this.states(earlier.flat(), null).at(-1) ?? null;
    return this.states(events.map(foldable), before);
  }

  private states(events: FoldableEvent[], before: EntitySnapshot | null): (EntitySnapshot | null)[] {
    return statesAfter(
      events.map((event) => this.registry.read(event)),
      before,
    );
  }
}

function foldable({ body, metadata, ...event }: RecordedEvent): FoldableEvent {
  return { ...event, source: metadata.source, content: () => JSON.parse(body) as unknown };
}
