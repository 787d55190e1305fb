import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import type { Queryable } from '../../platform/database';
import type { Environment } from '../../platform/environment';
import { LicenseQueries } from '../license-queries';
import type { Concerned } from './concerned';
import { LicenseReactions } from './license-reactions';
import { dueWatches } from './reactor-state';

export const POOLS_AT_ONCE = 100;

/** What there is to look at, and the look. */
@Injectable()
export class ReactorWork {
  constructor(
    private readonly queries: LicenseQueries,
    private readonly reactions: LicenseReactions,
    private readonly clock: Clock,
  ) {}

  due(shardId: number, on: Queryable): Promise<string[]> {
    return dueWatches(shardId, this.clock.now(), POOLS_AT_ONCE, on);
  }

  isAny(environment: Environment): Promise<boolean> {
    return this.queries.any(environment);
  }

  /** A pool that was due and is not to be found any more is not due again. */
  async look(environment: Environment, concerned: Concerned, due: string[]) {
    const watches = await this.reactions.look(environment, concerned);
    const looked = new Set(watches.map(({ sourceId }) => sourceId));
    const gone = due.filter((sourceId) => !looked.has(sourceId)).map((sourceId) => ({ sourceId, dueAt: null }));
    return [...watches, ...gone];
  }
}
