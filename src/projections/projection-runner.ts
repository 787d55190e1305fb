import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Ledger, ShardMap } from '../ledger';
import { describe } from '../platform/database';
import { LOGGER } from '../platform/logger';
import { Signal } from '../platform/signal';
import { ProjectionBatch, type Work } from './projection-batch';
import { ProjectionMetrics } from './projection-metrics';
import { ReadModelPosition } from './read-model-position';

const BATCH_LIMIT = 1_000;
/** What arrives meanwhile is folded in one go. The busier it is the longer, which makes each event cheaper; never so long that it is felt. */
const LONGEST_GATHER_MS = 25;
const GATHER_MS_PER_EVENT = 0.15;
const POLL_MS = 500;
const BUSY_POLL_MS = 20;
const MAX_BACK_OFF_MS = 5_000;

/** Keeps the read models up to date, one loop for each shard. Any number of processes may run it; the checkpoint's lock shares the work. */
@Injectable()
export class ProjectionRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly signals = new Map<number, Signal>();
  /** How long to wait for the checkpoints of a shard next, where they were not to be had. */
  private readonly turns = new Map<number, number>();
  private loops: Promise<void>[] = [];
  private stopping = false;

  constructor(
    private readonly batch: ProjectionBatch,
    private readonly ledger: Ledger,
    private readonly shards: ShardMap,
    private readonly position: ReadModelPosition,
    private readonly metrics: ProjectionMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    for (const shardId of this.shards.all()) {
      this.signals.set(shardId, new Signal());
      this.loops.push(this.run(shardId));
    }
    this.ledger.whenAppended((shardId) => this.signals.get(shardId)?.raise());
  }

  /** Finishes the batch in hand and takes no other. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const signal of this.signals.values()) signal.raise();
    await Promise.all(this.loops);
  }

  private async run(shardId: number): Promise<void> {
    let backOffMs = 0;
    while (!this.stopping) {
      try {
        await this.applyNext(shardId);
        backOffMs = 0;
      } catch (error) {
        this.logger.error({ shardId, err: describe(error) }, 'a projection batch failed and will be tried again');
        this.metrics.failures.inc();
        backOffMs = Math.min(MAX_BACK_OFF_MS, backOffMs * 2 || 50);
        await delay(backOffMs);
      }
    }
  }

  private async applyNext(shardId: number): Promise<void> {
    const outcome = await this.batch.applyNext(shardId, BATCH_LIMIT);
    if (outcome.state === 'busy') return this.waitForTurn(shardId);
    this.turns.delete(shardId);
    if (outcome.state === 'idle') return this.signals.get(shardId)!.wait(POLL_MS);
    for (const work of outcome.work) this.note(shardId, work);
    this.position.noticeProgress();
    if (outcome.events < BATCH_LIMIT) await delay(Math.min(LONGEST_GATHER_MS, outcome.events * GATHER_MS_PER_EVENT));
  }

  /** Longer each time: another process may be at work for long, or no build be of this version of the code. */
  private async waitForTurn(shardId: number): Promise<void> {
    const waitMs = this.turns.get(shardId) ?? BUSY_POLL_MS;
    this.turns.set(shardId, Math.min(POLL_MS, waitMs * 2));
    await delay(waitMs);
  }

  private note(shardId: number, { projection, events, seconds, parked }: Work): void {
    this.metrics.events.inc({ projection }, events);
    this.metrics.batchSeconds.observe({ projection }, seconds);
    if (parked === 0) return;
    this.metrics.errors.inc({ projection }, parked);
    this.logger.error({ shardId, projection, streams: parked }, 'streams were parked: see the dead letters');
  }
}
