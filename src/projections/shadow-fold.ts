import { Injectable } from '@nestjs/common';
import { LedgerReader, type FoldableEvent } from '../ledger';
import { Database, type Queryable } from '../platform/database';
import { applyReadings } from './apply-readings';
import type { Build } from './builds';
import { lockCheckpoint, moveCheckpoints } from './checkpoints';
import { readHeldBack } from './dead-letters';
import type { Reading } from './fold';
import type { AnyProjection } from './projection';
import { ProjectionRegistry } from './projection-registry';
import type { Target } from './read-model-store';

/** Positions in a page: some ten megabytes of bodies. */
const PAGE = 2_000;
/** Folded while nobody may append: no more than takes a moment. */
const MOST_UNDER_LOCK = 5_000;

interface Page {
  after: number;
  upTo: number;
  events: FoldableEvent[];
}

/** `done`: reached the head that there was at the start. `elsewhere`: another process folds it, or it was cancelled. */
export type ShadowOutcome = 'done' | 'elsewhere';

/**
 * Folds a build that is not live from its checkpoint to the head of a shard, by pages, the next one read while one is folded.
 * Each page is one transaction that holds the build's checkpoint: whoever dies loses a page of work, and any process goes on.
 */
@Injectable()
export class ShadowFold {
  constructor(
    private readonly database: Database,
    private readonly reader: LedgerReader,
    private readonly registry: ProjectionRegistry,
  ) {}

  async foldToHead(
    build: Build,
    shardId: number,
    onPage: (events: number) => boolean | Promise<boolean>,
    pageSize = PAGE,
  ): Promise<ShadowOutcome> {
    const target = this.targetOf(build);
    const head = await this.headOf(shardId);
    let page = this.readPage(target.projection, shardId, await this.positionOf(build, shardId), head, pageSize);
    for (;;) {
      const current = await page;
      if (!current) return 'done';
      page = this.readPage(target.projection, shardId, current.upTo, head, pageSize);
      page.catch(() => undefined); // awaited in the next round, or not wanted any more
      if (!(await this.applyPage(build, target, shardId, current))) return 'elsewhere';
      if (!(await onPage(current.upTo - current.after))) return 'elsewhere';
    }
  }

  /**
   * Folds what is left of a shard, in a transaction of the caller's that keeps everybody from appending to it.
   * @returns false when that is too much to hold them up for
   */
  async foldRest(build: Build, shardId: number, on: Queryable): Promise<boolean> {
    const target = this.targetOf(build);
    const checkpoint = await lockCheckpoint(build, shardId, on, 'wait');
    if (!checkpoint) return false;
    if ((await this.headOf(shardId)) - checkpoint.position > MOST_UNDER_LOCK) return false;
    const held = await readHeldBack(shardId, on);
    for (let after = checkpoint.position; ;) {
      const events = await this.reader.readAfter(shardId, after, PAGE, on);
      if (events.length === 0) return true;
      await applyReadings(target, shardId, this.readingsOf(target.projection, events), held, on);
      after = events.at(-1)!.position;
      await moveCheckpoints([build], shardId, after, on);
    }
  }

  private targetOf({ projection, build }: Build): Target {
    return { projection: this.registry.named(projection)!, build };
  }

  private async headOf(shardId: number): Promise<number> {
    return (await this.reader.heads([shardId]))[0]!.position;
  }

  private async positionOf({ projection, build }: Build, shardId: number): Promise<number> {
    const { rows } = await this.database.query<{ position: number }>(
      'SELECT position FROM read_models.checkpoints WHERE shard_id = $1 AND projection = $2 AND build = $3',
      [shardId, projection, build],
    );
    return rows[0]?.position ?? Infinity;
  }

  private async readPage(
    projection: AnyProjection,
    shardId: number,
    after: number,
    head: number,
    size: number,
  ): Promise<Page | null> {
    if (after >= head) return null;
    const upTo = Math.min(after + size, head);
    const types = this.registry.typesOf(projection);
    const newestOnly = this.registry.newestOnlyTypesOf(projection);
    return { after, upTo, events: await this.reader.readRange(shardId, after, upTo, { types, newestOnly, horizon: head }) };
  }

  private applyPage(build: Build, target: Target, shardId: number, { after, upTo, events }: Page): Promise<boolean> {
    const readings = this.readingsOf(target.projection, events);
    return this.database.transaction(async (client) => {
      const { rows } = await client.query(
        `SELECT FROM operations.projection_builds
          WHERE projection = $1 AND build = $2 AND state IN ('running', 'previous') FOR SHARE SKIP LOCKED`,
        [build.projection, build.build],
      );
      const checkpoint = rows.length > 0 && (await lockCheckpoint(build, shardId, client));
      if (!checkpoint || checkpoint.position !== after) return false;
      await client.query('SET LOCAL synchronous_commit = off');
      const held = await readHeldBack(shardId, client);
      const stuck = await applyReadings(target, shardId, readings, held, client);
      const dismissed = held.dismissed(build.projection);
      const skipped = readings.filter(({ position }) => dismissed.has(position));
      for (const { streamId, position } of [...stuck, ...skipped]) {
        // Earlier events of the stream were left out for the sake of this one.
        const earlier = await this.reader.readStreamRange(shardId, streamId, 1, position - 1, client);
        await applyReadings(target, shardId, this.readingsOf(target.projection, earlier), held, client);
      }
      await moveCheckpoints([build], shardId, upTo, client);
      return true;
    });
  }

  private readingsOf(projection: AnyProjection, events: FoldableEvent[]): Reading[] {
    const readings = events.map((event) => this.registry.read(event));
    return readings.filter(({ failure, type }) => !failure || this.registry.concerns(projection, type));
  }
}
