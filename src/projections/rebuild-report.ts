import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database';
import { buildsOf, lockBuild, type Build } from './builds';
import { findLag } from './checkpoints';
import { ProjectionRegistry } from './projection-registry';
import { ReadModels, type Snapshot } from './read-models';
import { changedRows, RowDiffCounter, type ChangedRow, type RowDiff } from './row-diff';
import { snakeCase } from './read-model-store';

/** What a swap changes: rows, and what that means to people. */
export interface RebuildDiff extends RowDiff {
  /** As {@link Impact} found it. */
  access: unknown;
}

/** Finds out what changed rows mean. Known to a module above this one. */
export interface Impact {
  /** @param pages the rows that change; to be read to the end */
  describe(snapshot: Snapshot, build: Build, pages: AsyncIterable<ChangedRow[]>): Promise<unknown>;
}

/** Compares a build that is ready with the live one, at one moment at which both have folded the same events. */
@Injectable()
export class RebuildReport {
  private impact: Impact | null = null;

  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly readModels: ReadModels,
  ) {}

  explainWith(impact: Impact): void {
    this.impact = impact;
  }

  /** @returns false when another process does it, or the two were not at the same position: to be tried again */
  describe(build: Build): Promise<boolean> {
    return this.database.transaction(async (client) => {
      await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      const locked = await lockBuild(build.projection, build.build, client, true);
      if (locked?.state !== 'ready' || locked.diff !== null) return false;
      const live = (await buildsOf(build.projection, client)).find(({ state }) => state === 'live')!;
      const diff = await this.compare(locked, live);
      if (!diff) return false;
      await client.query('UPDATE operations.projection_builds SET diff = $3 WHERE projection = $1 AND build = $2', [
        build.projection,
        build.build,
        JSON.stringify(diff),
      ]);
      return true;
    });
  }

  private compare(build: Build, live: Build): Promise<RebuildDiff | null> {
    const projection = this.registry.named(build.projection)!;
    const target = { projection, build: build.build };
    return this.readModels.compare(this.registry.projections, target, async (snapshot) => {
      // Live is kept up to date by its own version of the code; while none of that runs it may be behind for good.
      const lag = await findLag(build.projection, [live.build, build.build], snapshot.on);
      if (lag > 0 && live.version === build.version) return null;
      const counter = new RowDiffCounter();
      const key = snakeCase(projection.table.key);
      const pages = counted(changedRows(build.projection, [live.build, build.build], key, snapshot.on), counter);
      const access = this.impact ? await this.impact.describe(snapshot, build, pages) : await exhaust(pages);
      return { ...counter.diff, access };
    });
  }
}

async function* counted(pages: AsyncIterable<ChangedRow[]>, counter: RowDiffCounter): AsyncGenerator<ChangedRow[]> {
  for await (const page of pages) {
    counter.add(page);
    yield page;
  }
}

async function exhaust(pages: AsyncIterable<ChangedRow[]>): Promise<null> {
  for await (const page of pages) void page;
  return null;
}
