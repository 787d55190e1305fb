import type { FoldableEvent } from '../ledger';
import type { AnyProjection, Fact, Translate } from './projection';

/** Every projection of the app, and how it reads events. */
export class ProjectionRegistry {
  constructor(
    readonly projections: readonly AnyProjection[],
    private readonly read: Translate,
  ) {}

  /** What an event says; null where no projection needs it. */
  translate(event: FoldableEvent): Fact | null {
    return event.fact === undefined ? this.read(event) : (event.fact as Fact | null);
  }
}
