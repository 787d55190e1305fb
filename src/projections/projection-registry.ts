import type { AnyProjection, Translate } from './projection';

/** Every projection of the app, and how it reads events. */
export class ProjectionRegistry {
  constructor(
    readonly projections: readonly AnyProjection[],
    readonly translate: Translate,
  ) {}
}
