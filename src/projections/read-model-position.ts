import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { LedgerReader, ShardMap } from '../ledger';
import { Database, describe } from '../platform/database';
import { DomainError } from '../platform/domain-error';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { LOGGER } from '../platform/logger';
import { Signal } from '../platform/signal';
import { readLivePositions } from './checkpoints';
import { formatPosition, isReached, parsePosition, type Positions } from './position-token';
import { ProjectionMetrics } from './projection-metrics';
import { ProjectionRegistry } from './projection-registry';

const POLL_MS = 500;
const WAITING_POLL_MS = 20;
const LONGEST_WAIT_MS = 5_000;
/** A longer step is a catch-up: forgetting everything is cheaper than finding out what it was about. */
const LONGEST_STEP = 5_000;

/** New events of a shard were folded. */
export interface Step {
  shardId: number;
  after: number;
  upTo: number;
  /** What they are about: customer ids, entity ids, and users as `user:<id>`. Null when they are too many to look at one by one. */
  subjects: ReadonlySet<string> | null;
}

/** Null: rows changed that no new event made (a swap, a retried stream). */
export type Advance = Step | null;
export type AdvanceListener = (advance: Advance) => void | Promise<void>;

/**
 * How far the read models are, as this process knows it: never ahead of the truth. Before a position is shown,
 * everything that remembers older answers has been told, so an answer is at least as new as the position on it.
 */
@Injectable()
export class ReadModelPosition implements OnModuleInit, BeforeApplicationShutdown {
  private positions: Positions = new Map();
  private liveBuilds = '';
  private readonly tokens = new Map<Environment, string>();
  private readonly listeners: AdvanceListener[] = [];
  private readonly afterwards: (() => void)[] = [];
  private readonly signal = new Signal();
  private readonly waiters = new Set<() => void>();
  private loop: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly shards: ShardMap,
    private readonly ledger: LedgerReader,
    private readonly metrics: ProjectionMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.database.listen(() => this.signal.raise());
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.signal.raise();
    await this.loop;
  }

  /** The position of every answer given now, for the header `Ledger-Position`. */
  token(environment: Environment): string {
    return this.tokens.get(environment) ?? '0';
  }

  of(shardId: number): number {
    return this.positions.get(shardId) ?? 0;
  }

  /** Tells `listener` about every step forward before the new position is shown. */
  beforeAdvance(listener: AdvanceListener): void {
    this.listeners.push(listener);
  }

  /** Calls `listener` when a step forward is shown. */
  whenAdvanced(listener: () => void): void {
    this.afterwards.push(listener);
  }

  /** Something was folded here: look now, and tell the other processes. */
  noticeProgress(): void {
    this.signal.raise();
    this.database.hint();
  }

  /**
   * Waits until the read models have reached a position that an earlier answer carried.
   * @throws DomainError `read_model_behind` after a bounded wait, `invalid_request` for something that is no position
   */
  async atLeast(environment: Environment, token: string): Promise<void> {
    const wanted = parsePosition(token, this.shards.shardsOf(environment));
    if (!wanted)
      throw new DomainError('invalid_request', 'Ledger-Min-Position is not a position that an answer of ours carried.');
    if (isReached(this.positions, wanted)) return;
    const reached = await this.waitFor(wanted);
    if (!reached)
      throw new DomainError('read_model_behind', `The read model is at ${this.token(environment)}, not yet at ${token}.`);
  }

  private waitFor(wanted: Positions): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter = () => {
        if (!isReached(this.positions, wanted)) return;
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        resolve(false);
      }, LONGEST_WAIT_MS);
      this.waiters.add(waiter);
      this.signal.raise();
    });
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      await this.signal.wait(this.waiters.size > 0 ? WAITING_POLL_MS : POLL_MS);
      await this.refresh().catch((error) => this.logger.warn({ err: describe(error) }, 'could not read the checkpoints'));
    }
  }

  private async stepOf(shardId: number, after: number, upTo: number): Promise<Step> {
    const isShort = upTo > after && upTo - after <= LONGEST_STEP;
    return { shardId, after, upTo, subjects: isShort ? await this.ledger.subjectsIn(shardId, after, upTo) : null };
  }

  private async refresh(): Promise<void> {
    const now = await readLivePositions([...this.registry.projections], this.database);
    const replaced = now.builds !== this.liveBuilds;
    let advanced = replaced;
    for (const [shardId, upTo] of now.positions) {
      const after = this.of(shardId);
      if (upTo === after && !replaced) continue;
      const advance = replaced ? null : await this.stepOf(shardId, after, upTo);
      for (const listener of this.listeners) await listener(advance);
      this.positions.set(shardId, upTo);
      advanced = true;
      this.metrics.position.set({ shard: String(shardId) }, upTo);
    }
    this.liveBuilds = now.builds;
    for (const environment of ENVIRONMENTS) {
      this.tokens.set(environment, formatPosition(this.positions, this.shards.shardsOf(environment)));
    }
    for (const waiter of this.waiters) waiter();
    if (advanced) for (const listener of this.afterwards) listener();
  }
}
