import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { lockShard, ShardMap } from '../ledger';
import { Database, isTransient, type Queryable } from '../platform/database';
import { DomainError } from '../platform/domain-error';
import { buildsOf, lockBuild, setState, type Build } from './builds';
import { ProjectionRegistry } from './projection-registry';
import { dropTable, pointView } from './read-model-store';
import { ShadowFold } from './shadow-fold';

/** Appends wait while a swap waits for a lock, so it waits only this long, and tries again after a pause. */
const LOCK_TIMEOUT_MS = 500;
const PAUSE_MS = 200;
const ATTEMPTS = 30;

/**
 * Puts a build in the place of the live one, in one short transaction that nobody can append during: what was appended
 * before is in the new table, what comes after is folded into it. Readers see the one or the other, whole.
 */
@Injectable()
export class Swap {
  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly shards: ShardMap,
    private readonly fold: ShadowFold,
  ) {}

  /** @throws DomainError `rebuild_not_ready` unless the build is ready */
  async in(projection: string, number: number): Promise<void> {
    await this.attempt(async (client) => {
      const build = await lockBuild(projection, number, client);
      if (build?.state !== 'ready') throw new DomainError('rebuild_not_ready', 'Only a rebuild that is ready can go live.');
      await this.exchange(build, client);
    });
  }

  /**
   * Brings the previous build back, and keeps the one that was live as the previous one.
   * @throws DomainError `no_previous_build`
   */
  async back(projection: string): Promise<Build> {
    const previous = (await buildsOf(projection, this.database)).find(({ state }) => state === 'previous');
    if (!previous) throw new DomainError('no_previous_build', `There is no earlier build of ${projection} to go back to.`);
    if (this.isOurs(previous)) for (const shardId of this.shards.all()) await this.fold.foldToHead(previous, shardId, () => true);
    await this.attempt(async (client) => {
      const build = await lockBuild(projection, previous.build, client);
      if (build?.state !== 'previous') throw new DomainError('no_previous_build', 'It was replaced meanwhile.');
      const replaced = await this.exchange(build, client);
      await client.query('UPDATE operations.projection_builds SET rolled_back_at = now() WHERE projection = $1 AND build = $2', [
        projection,
        replaced.build,
      ]);
    });
    return previous;
  }

  private isOurs({ projection, version }: Build): boolean {
    return this.registry.named(projection)?.version === version;
  }

  private async attempt(work: (client: Queryable) => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.database.transaction(async (client) => {
          await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
          await work(client);
        });
      } catch (error) {
        if (!(error instanceof TooFarBehind || isTransient(error)) || attempt === ATTEMPTS) throw error;
        await delay(PAUSE_MS);
      }
    }
  }

  /** @returns the build that was live */
  private async exchange(build: Build, on: Queryable): Promise<Build> {
    const builds = await buildsOf(build.projection, on);
    const live = await lockBuild(build.projection, builds.find(({ state }) => state === 'live')!.build, on);
    if (live?.state !== 'live') throw new TooFarBehind(); // another swap went first
    const replaced = builds.find(({ state, build: number }) => state === 'previous' && number !== build.build);
    for (const shardId of this.shards.all()) await lockShard(shardId, on);
    if (this.isOurs(build)) {
      for (const shardId of this.shards.all()) if (!(await this.fold.foldRest(build, shardId, on))) throw new TooFarBehind();
    }
    await pointView({ projection: this.registry.named(build.projection)!, build: build.build }, on);
    if (replaced) {
      await setState(replaced, 'retired', on);
      await dropTable(replaced.projection, replaced.build, on);
    }
    await setState(live, 'previous', on);
    await setState(build, 'live', on);
    return live;
  }
}

class TooFarBehind extends Error {
  override readonly name = 'TooFarBehind';
}
