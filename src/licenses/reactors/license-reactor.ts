import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { ShardMap } from '../../ledger';
import { Database, describe } from '../../platform/database';
import { ENVIRONMENTS } from '../../platform/environment';
import { LOGGER } from '../../platform/logger';
import { Signal } from '../../platform/signal';
import { ReadModelPosition } from '../../projections';
import { ReactorMetrics } from './reactor-metrics';
import { ReactorRound } from './reactor-round';
import { ensureCheckpoints } from './reactor-state';

const POLL_MS = 1_000;
/** Between two rounds, so that what comes together is looked at together. */
const GATHER_MS = 20;

/**
 * Looks after licenses: whenever something was heard of what grants them, and when their time has come. Any process may, and
 * the checkpoint's lock lets one at a time. It is never ahead of the read models, and moves on only when what was to be done
 * has been done: who dies in between leaves it to the next, who finds done what is done.
 */
@Injectable()
export class LicenseReactor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly signal = new Signal();
  private loop: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly shards: ShardMap,
    private readonly position: ReadModelPosition,
    private readonly round: ReactorRound,
    private readonly metrics: ReactorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.position.whenAdvanced(() => this.signal.raise());
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.signal.raise();
    await this.loop;
  }

  private async run(): Promise<void> {
    const shardIds = ENVIRONMENTS.flatMap((environment) => this.shards.shardsOf(environment));
    let prepared = false;
    while (!this.stopping) {
      try {
        if (!prepared) await ensureCheckpoints(shardIds, this.database);
        prepared = true;
        for (const shardId of shardIds) await this.catchUp(shardId);
      } catch (error) {
        this.metrics.failures.inc();
        this.logger.warn({ err: describe(error) }, 'licenses could not be looked after, and will be');
      }
      await this.signal.wait(POLL_MS);
      if (!this.stopping) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
  }

  private async catchUp(shardId: number): Promise<void> {
    while (!this.stopping && (await this.round.once(shardId)));
  }
}
