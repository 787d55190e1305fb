import type { FoldableEvent, RangeChoice } from '../ledger';
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

  /** What a rebuild has to look at: all that a projection is made from, but for what it declares to change nothing. */
  choiceFor(projection: AnyProjection, horizon: number): RangeChoice {
    const { newestOnly = [], onlyWith = {} } = projection;
    return {
      types: this.typesOf(projection),
      newestOnly: newestOnly.flatMap((kind) => this.translator.typesOf(kind)),
      onlyWith: Object.entries(onlyWith).flatMap(([kind, value]) =>
        this.translator.typesOf(kind).map((type) => ({ type, value: value! })),
      ),
      horizon,
    };
  }

  /** Whether an event of this type can matter to a projection. */
  concerns(projection: AnyProjection, type: string): boolean {
    return this.isOfTypes(this.typesOf(projection), type);
  }

  private isOfTypes(patterns: string[], type: string): boolean {
    return patterns.some((pattern) => {
      const [start, end] = pattern.split('%');
      return end === undefined ? type === start : type.startsWith(start!) && type.endsWith(end);
    });
  }
}
