import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { ShardMap } from '../ledger';
import { Database, describe, isTransient } from '../platform/database';
import { LOGGER } from '../platform/logger';
import { Signal } from '../platform/signal';
import { lockBuild, openBuilds, setState, type Build } from './builds';
import { countDeadLetters } from './dead-letters';
import { ProjectionRegistry } from './projection-registry';
import { createIndexes, dropTable, tableOf } from './read-model-store';
import { ReadModelPosition } from './read-model-position';
import { RebuildReport } from './rebuild-report';
import { ShadowFold } from './shadow-fold';
import { Swap } from './swap';

const POLL_MS = 1_000;
const MAX_FAILURES = 5;

/**
 * Carries rebuilds forward: fold, index, report, swap. Every step can be repeated and taken over, so any process may die at
 * any moment. Each process works on builds of its own version of a projection; the shards of a build are shared out by their checkpoints.
 */
@Injectable()
export class RebuildWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly signal = new Signal();
  private readonly failures = new Map<string, number>();
  private loop: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly shards: ShardMap,
    private readonly fold: ShadowFold,
    private readonly report: RebuildReport,
    private readonly swap: Swap,
    private readonly position: ReadModelPosition,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.signal.raise();
    await this.loop;
  }

  /** There may be something to do: look now. Other processes look once a second. */
  wake(): void {
    this.signal.raise();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const underway = await openBuilds(this.database).catch((): Build[] => []);
      const ours = underway.filter((build) => this.registry.named(build.projection)?.version === build.version);
      const progressed = await Promise.all(ours.map((build) => this.advance(build)));
      if (!progressed.includes(true)) await this.signal.wait(POLL_MS);
    }
  }

  /** @returns whether there may be a next step at once */
  private async advance(build: Build): Promise<boolean> {
    try {
      if (build.state === 'running') return await this.foldAll(build);
      if (build.state === 'ready' && build.diff === null) return await this.report.describe(build);
      if (build.state === 'ready' && build.mode === 'swap' && !build.error) return await this.swapUnlessStuck(build);
      return false;
    } catch (error) {
      await this.noteFailure(build, error).catch(() => undefined);
      return false;
    }
  }

  private async foldAll(build: Build): Promise<boolean> {
    const speed = new Speedometer((eventsPerSecond) => this.noteSpeed(build, eventsPerSecond));
    const outcomes = await Promise.all(
      this.shards.all().map((shardId) =>
        this.fold.foldToHead(build, shardId, async (events) => {
          await speed.passed(events);
          return !this.stopping;
        }),
      ),
    );
    this.failures.delete(nameOf(build));
    if (outcomes.includes('elsewhere')) return false;
    return this.makeReady(build);
  }

  /** From now on the runner keeps it up to date, as it does the live one. */
  private makeReady(build: Build): Promise<boolean> {
    const target = { projection: this.registry.named(build.projection)!, build: build.build };
    return this.database.transaction(async (client) => {
      const locked = await lockBuild(build.projection, build.build, client, true);
      if (locked?.state !== 'running') return false;
      await client.query('SET LOCAL statement_timeout = 0');
      await createIndexes(target, client);
      await client.query(`ANALYZE ${tableOf(target)}`);
      await setState(build, 'ready', client);
      return true;
    });
  }

  /** What cannot be folded any more stops a swap that nobody has looked at. */
  private async swapUnlessStuck(build: Build): Promise<boolean> {
    const counts = await countDeadLetters(this.database);
    const stuckIn = (number: number) =>
      counts.find((count) => count.projection === build.projection && count.build === number)?.streams ?? 0;
    const live = (await openBuilds(this.database)).find(
      ({ projection, state }) => projection === build.projection && state === 'live',
    );
    if (live && stuckIn(build.build) > stuckIn(live.build)) {
      await this.setError(
        build,
        `${stuckIn(build.build)} streams cannot be folded (see the dead letters). Swap it by hand, or cancel it.`,
      );
      return false;
    }
    await this.swap.in(build.projection, build.build);
    this.position.noticeProgress();
    this.logger.info({ projection: build.projection, build: build.build }, 'a rebuilt read model went live');
    return true;
  }

  private async noteFailure(build: Build, error: unknown): Promise<void> {
    this.logger.error({ projection: build.projection, build: build.build, err: describe(error) }, 'a rebuild step failed');
    if (isTransient(error)) return;
    const failures = (this.failures.get(nameOf(build)) ?? 0) + 1;
    this.failures.set(nameOf(build), failures);
    if (failures < MAX_FAILURES) return;
    await this.database.transaction(async (client) => {
      const locked = await lockBuild(build.projection, build.build, client);
      if (locked?.state !== 'running' && locked?.state !== 'ready') return;
      await setState(build, 'failed', client, describe(error).message);
      await dropTable(build.projection, build.build, client);
    });
  }

  private async noteSpeed({ projection, build }: Build, eventsPerSecond: number): Promise<void> {
    await this.database.query(
      'UPDATE operations.projection_builds SET events_per_second = $3 WHERE projection = $1 AND build = $2',
      [projection, build, eventsPerSecond],
    );
  }

  private async setError({ projection, build }: Build, error: string): Promise<void> {
    await this.database.query('UPDATE operations.projection_builds SET error = $3 WHERE projection = $1 AND build = $2', [
      projection,
      build,
      error,
    ]);
  }
}

function nameOf({ projection, build }: Build): string {
  return `${projection} ${build}`;
}

/** Says every half second how fast events pass. */
class Speedometer {
  private events = 0;
  private since = performance.now();

  constructor(private readonly say: (eventsPerSecond: number) => Promise<void>) {}

  async passed(events: number): Promise<void> {
    this.events += events;
    const seconds = (performance.now() - this.since) / 1000;
    if (seconds < 0.5) return;
    const eventsPerSecond = this.events / seconds;
    this.events = 0;
    this.since = performance.now();
    await this.say(eventsPerSecond);
  }
}
