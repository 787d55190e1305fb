import type { FoldableEvent } from '../ledger';
import type { Reading } from './fold';
import type { AnyProjection, Fact, Translator } from './projection';

/** Every projection of the app, and how it reads events. */
export class ProjectionRegistry {
  constructor(
    readonly projections: readonly AnyProjection[],
    private readonly translator: Translator,
  ) {}

  named(name: string): AnyProjection | null {
    return this.projections.find((projection) => projection.name === name) ?? null;
  }

  /** What an event says; never throws. */
  read(event: FoldableEvent): Reading {
    const { position, streamId, type } = event;
    try {
      const fact = event.fact === undefined ? this.translator.read(event) : (event.fact as Fact | null);
      return { position, streamId, type, fact };
    } catch (error) {
      return { position, streamId, type, fact: null, failure: error as Error };
    }
  }

  /** Types of the events that a projection is made from. */
  typesOf({ handles }: AnyProjection): string[] {
    return handles.flatMap((kind) => this.translator.typesOf(kind));
  }

  /** Types of the events of which only the newest of a stream counts. */
  newestOnlyTypesOf({ newestOnly = [] }: AnyProjection): string[] {
    return newestOnly.flatMap((kind) => this.translator.typesOf(kind));
  }

  /** Whether an event of this type can matter to a projection. */
  concerns(projection: AnyProjection, type: string): boolean {
    return this.typesOf(projection).some((pattern) => likePattern(pattern).test(type));
  }
}

function likePattern(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*')}$`, 'su');
}
