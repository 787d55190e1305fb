import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LedgerReader, ShardMap } from '../ledger';
import { Database } from '../platform/database';
import { DomainError } from '../platform/domain-error';
import { LOGGER } from '../platform/logger';
import { buildsOf, insertBuild, lockBuild, setState, type Build } from './builds';
import { countDeadLetters } from './dead-letters';
import type { AnyProjection } from './projection';
import { ProjectionRegistry } from './projection-registry';
import { createTable, dropTable } from './read-model-store';
import { ReadModelPosition } from './read-model-position';
import { RebuildWorker } from './rebuild-worker';
import { Swap } from './swap';

/** A rebuild as an admin sees it. */
export interface RebuildProgress extends Build {
  /** Events folded, of all that there are now. */
  processed: number;
  total: number;
  parkedStreams: number;
}

/** What admins do with rebuilds. The work itself is done by {@link RebuildWorker}, in any process. */
@Injectable()
export class Rebuilds {
  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly shards: ShardMap,
    private readonly reader: LedgerReader,
    private readonly worker: RebuildWorker,
    private readonly swapper: Swap,
    private readonly position: ReadModelPosition,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws DomainError `not_found`, `rebuild_in_progress`, `newer_version_live` */
  async start(name: string, mode: 'preview' | 'swap', requestedBy: string): Promise<Build> {
    const projection = this.named(name);
    const build = await this.database.transaction(async (client) => {
      const builds = await buildsOf(name, client);
      const live = builds.find(({ state }) => state === 'live')!;
      await lockBuild(name, live.build, client); // one start at a time
      if (live.version > projection.version) {
        throw new DomainError('newer_version_live', `Version ${live.version} is live, this process runs ${projection.version}.`);
      }
      const underway = (await buildsOf(name, client)).find(({ state }) => state === 'running' || state === 'ready');
      if (underway) {
        throw new DomainError('rebuild_in_progress', `Rebuild ${underway.build} is ${underway.state}.`, {
          rebuildId: String(underway.build),
        });
      }
      const made = await insertBuild(projection, { state: 'running', mode, requestedBy }, this.shards.all(), client);
      await createTable({ projection, build: made.build }, client);
      return made;
    });
    this.logger.info({ projection: name, build: build.build, mode, requestedBy }, 'a rebuild was asked for');
    this.worker.wake();
    return build;
  }

  /** @throws DomainError `not_found` */
  async progress(name: string, number: number): Promise<RebuildProgress> {
    this.named(name);
    const build = (await buildsOf(name, this.database)).find((one) => one.build === number);
    if (!build) throw new DomainError('not_found', `${name} has no rebuild ${number}.`);
    return this.progressOf(build);
  }

  async progressOf(build: Build): Promise<RebuildProgress> {
    const heads = await this.reader.heads(this.shards.all());
    const total = heads.reduce((sum, { position }) => sum + position, 0);
    const { rows } = await this.database.query<{ processed: number }>(
      `SELECT coalesce(sum(position), 0)::float8 AS processed FROM read_models.checkpoints WHERE projection = $1 AND build = $2`,
      [build.projection, build.build],
    );
    const counts = await countDeadLetters(this.database);
    const own = counts.find(({ projection, build: number }) => projection === build.projection && number === build.build);
    return { ...build, processed: rows[0]!.processed, total, parkedStreams: own?.streams ?? 0 };
  }

  /** Puts a rebuild that is ready in the place of the live build, also one whose parked streams would have kept it waiting. */
  async swap(name: string, number: number): Promise<RebuildProgress> {
    await this.progress(name, number);
    await this.swapper.in(name, number);
    this.position.noticeProgress();
    return this.progress(name, number);
  }

  /** @throws DomainError `not_found`, `rebuild_not_running` */
  async cancel(name: string, number: number): Promise<RebuildProgress> {
    await this.progress(name, number);
    await this.database.transaction(async (client) => {
      const build = await lockBuild(name, number, client);
      if (build?.state !== 'running' && build?.state !== 'ready') {
        throw new DomainError('rebuild_not_running', `Rebuild ${number} is ${build?.state ?? 'gone'}.`);
      }
      await setState(build, 'cancelled', client);
      await dropTable(name, number, client);
    });
    return this.progress(name, number);
  }

  /** @returns the build that is live again */
  async rollBack(name: string): Promise<RebuildProgress> {
    this.named(name);
    const build = await this.swapper.back(name);
    this.position.noticeProgress();
    return this.progress(name, build.build);
  }

  private named(name: string): AnyProjection {
    const projection = this.registry.named(name);
    if (!projection) throw new DomainError('not_found', `There is no projection ${name}.`);
    return projection;
  }
}
