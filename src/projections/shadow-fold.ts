import { Injectable } from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
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

/** Positions in a page: some megabytes of bodies. */
const PAGE = 1_000;
/** Pages on their way while one is folded: the database fetches one, this process reads another. */
const AHEAD = 2;
/** Requests are answered in between. */
const EVENTS_A_TURN = 100;
/** Folded while nobody may append: no more than takes a moment. */
const MOST_UNDER_LOCK = 5_000;

interface Page {
  after: number;
  upTo: number;
  readings: Reading[];
}

/** `done`: reached the head that there was at the start. `elsewhere`: another process folds it, or it was cancelled. */
export type ShadowOutcome = 'done' | 'elsewhere';

/**
 * Folds a build that is not live from its checkpoint to the head of a shard, by pages, the next ones read while one is folded.
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
    let next = await this.positionOf(build, shardId);
    const ahead: Promise<Page>[] = [];
    for (;;) {
      while (next < head && ahead.length < AHEAD) {
        const page = this.readPage(target.projection, shardId, { after: next, upTo: Math.min(next + pageSize, head) }, head);
        page.catch(() => undefined); // awaited when its turn comes, or not wanted any more
        ahead.push(page);
        next = Math.min(next + pageSize, head);
      }
      const page = await ahead.shift();
      if (!page) return 'done';
      if (!(await this.applyPage(build, target, shardId, page))) return 'elsewhere';
      if (!(await onPage(page.upTo - page.after))) return 'elsewhere';
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
    { after, upTo }: { after: number; upTo: number },
    horizon: number,
  ): Promise<Page> {
    const events = await this.reader.readRange(shardId, after, upTo, this.registry.choiceFor(projection, horizon));
    return { after, upTo, readings: await this.readAll(projection, events) };
  }

  private async readAll(projection: AnyProjection, events: FoldableEvent[]): Promise<Reading[]> {
    const readings: Reading[] = [];
    for (const [index, event] of events.entries()) {
      readings.push(this.registry.read(event));
      if (index % EVENTS_A_TURN === EVENTS_A_TURN - 1) await turn();
    }
    return this.concerning(projection, readings);
  }

  private applyPage(build: Build, target: Target, shardId: number, { after, upTo, readings }: Page): Promise<boolean> {
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
    return this.concerning(
      projection,
      events.map((event) => this.registry.read(event)),
    );
  }

  private concerning(projection: AnyProjection, readings: Reading[]): Reading[] {
    return readings.filter(({ failure, type }) => !failure || this.registry.concerns(projection, type));
  }
}
