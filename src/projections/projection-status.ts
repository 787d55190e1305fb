import { Injectable } from '@nestjs/common';
import { LedgerReader, ShardMap } from '../ledger';
import { Clock } from '../platform/clock';
import { Database } from '../platform/database';
import { openBuilds, type Build } from './builds';
import { countDeadLetters } from './dead-letters';
import { formatPosition } from './position-token';
import { ProjectionRegistry } from './projection-registry';

export interface ProjectionState {
  name: string;
  /** Of the code that runs here. */
  version: number;
  /** `paused`: another version is live than runs here, and no rebuild is under way. `failed`: streams wait in the dead letters. */
  status: 'live' | 'rebuilding' | 'paused' | 'failed';
  live: Build;
  /** What a rollback would bring back. */
  previous: Build | null;
  rebuild: Build | null;
  position: string;
  lag: { events: number; seconds: number };
  parkedStreams: number;
  lastError: string | null;
}

interface Lag {
  projection: string;
  shardId: number;
  position: number;
  events: number;
  /** When the oldest event that is not folded was recorded. */
  waitingSince: string | null;
}

/** How each projection is doing, as the database knows it: whoever asks, and whoever does the work. */
@Injectable()
export class ProjectionStatus {
  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly reader: LedgerReader,
    private readonly shards: ShardMap,
    private readonly clock: Clock,
  ) {}

  async all(): Promise<ProjectionState[]> {
    const [builds, lags, counts, errors] = await Promise.all([
      openBuilds(this.database),
      this.lags(),
      countDeadLetters(this.database),
      this.lastErrors(),
    ]);
    return this.registry.projections.map(({ name, version }) => {
      const own = builds.filter(({ projection }) => projection === name);
      const live = own.find(({ state }) => state === 'live')!;
      const rebuild = own.find(({ state }) => state === 'running' || state === 'ready') ?? null;
      const parkedStreams = counts.find(({ projection, build }) => projection === name && build === live.build)?.streams ?? 0;
      const behind = lags.filter(({ projection }) => projection === name);
      const positions = new Map(behind.map(({ shardId, position }) => [shardId, position]));
      return {
        name,
        version,
        status: rebuild ? 'rebuilding' : live.version !== version ? 'paused' : parkedStreams > 0 ? 'failed' : 'live',
        live,
        previous: own.findLast(({ state }) => state === 'previous') ?? null,
        rebuild,
        position: formatPosition(
          positions,
          this.shards.all().filter((shardId) => positions.get(shardId) || this.isMain(shardId)),
        ),
        lag: { events: behind.reduce((sum, { events }) => sum + events, 0), seconds: this.secondsSince(behind) },
        parkedStreams,
        lastError: errors.get(`${name} ${live.build}`) ?? rebuild?.error ?? null,
      };
    });
  }

  /** The first shard of the first environment is named also when it is empty. */
  private isMain(shardId: number): boolean {
    return shardId === this.shards.shardsOf('sandbox')[0];
  }

  private async lags(): Promise<Lag[]> {
    const heads = await this.reader.heads(this.shards.all());
    const { rows } = await this.database.query<Lag>(
      `SELECT c.projection, c.shard_id AS "shardId", c.position, greatest(h.position - c.position, 0) AS events,
              (SELECT e.recorded_at FROM ledger.events e WHERE e.shard_id = c.shard_id AND e.position = c.position + 1) AS "waitingSince"
         FROM read_models.checkpoints c
         JOIN operations.projection_builds b ON b.projection = c.projection AND b.build = c.build AND b.state = 'live'
         JOIN unnest($1::smallint[], $2::bigint[]) h(shard_id, position) ON h.shard_id = c.shard_id`,
      [heads.map(({ shardId }) => shardId), heads.map(({ position }) => position)],
    );
    return rows;
  }

  private async lastErrors(): Promise<Map<string, string>> {
    const { rows } = await this.database.query<{ target: string; error: string }>(
      `SELECT DISTINCT ON (projection, build) projection || ' ' || build AS target, error_class || ': ' || message AS error
         FROM read_models.dead_letters ORDER BY projection, build, tried_at DESC`,
    );
    return new Map(rows.map(({ target, error }) => [target, error]));
  }

  private secondsSince(lags: Lag[]): number {
    const oldest = lags.flatMap(({ waitingSince }) => (waitingSince ? Date.parse(waitingSince) : [])).sort((a, b) => a - b)[0];
    return oldest === undefined ? 0 : Math.max(0, (this.clock.nowMs() - oldest) / 1000);
  }
}
