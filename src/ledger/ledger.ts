import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Database, isTransient } from '../platform/database';
import { DomainError } from '../platform/domain-error';
import { LOGGER } from '../platform/logger';
import { AppendBatcher, type Outcome } from './append-batcher';
import { APPEND_STATEMENT, appendParameters, type AppendRow } from './append-statement';
import type { AppendCommand, AppendResult } from './event';
import { LedgerMetrics } from './ledger-metrics';
import { RecentEvents } from './recent-events';
import { ShardMap } from './shards';

/** Paddle waits five seconds for an answer; a 503 before that is better than a time-out. */
const APPEND_DEADLINE_MS = 4_000;
const APPEND_POOL = { max: 4, statementTimeoutMs: APPEND_DEADLINE_MS, lockTimeoutMs: 3_000 };
const BATCH = { maxEntries: 256, maxBytes: 8 * 1024 * 1024, maxWaiting: 10_000 };
const RETRY_DELAY_MS = 50;

/** The only way to write an event. What `append` answered is durable. */
@Injectable()
export class Ledger implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly batchers = new Map<number, AppendBatcher<AppendCommand, AppendResult>>();
  private readonly onAppended: ((shardId: number) => void)[] = [];

  constructor(
    database: Database,
    private readonly shards: ShardMap,
    private readonly recent: RecentEvents,
    private readonly metrics: LedgerMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.pool = database.openPool('oarlock ledger', APPEND_POOL);
  }

  /**
   * Appends the events of one command to the end of their stream.
   * Repeating a command (same first event id) changes nothing and answers where it is.
   * @throws DomainError `version_conflict` when the stream is not at the expected version
   * @throws DomainError `service_unavailable` when the database did not confirm in time; the command may be repeated
   */
  append(command: AppendCommand): Promise<AppendResult> {
    const shardId = this.shards.shardFor(command.environment, command.events[0].customerId);
    return this.batcherOf(shardId).add(command);
  }

  /** Calls `listener` after each batch that this process has appended to a shard. */
  whenAppended(listener: (shardId: number) => void): void {
    this.onAppended.push(listener);
  }

  /** Lets what is in flight finish before the connections go. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.batchers.values()].map((batcher) => batcher.idle()));
  }

  private batcherOf(shardId: number): AppendBatcher<AppendCommand, AppendResult> {
    const existing = this.batchers.get(shardId);
    if (existing) return existing;
    const batcher = new AppendBatcher<AppendCommand, AppendResult>({
      ...BATCH,
      deadlineMs: APPEND_DEADLINE_MS,
      retryDelayMs: RETRY_DELAY_MS,
      send: (commands) => this.send(shardId, commands),
      keyOf: (command) => command.streamId,
      bytesOf: (command) => command.events.reduce((sum, event) => sum + event.body.length, 0),
      isTransient: (error) => this.noteFailure(error),
      unavailable: () => new DomainError('service_unavailable', 'The ledger did not confirm in time. Send it again.'),
    });
    this.batchers.set(shardId, batcher);
    return batcher;
  }

  private async send(shardId: number, commands: AppendCommand[]): Promise<Outcome<AppendResult>[]> {
    const stopTimer = this.metrics.appendSeconds.startTimer();
    const { rows } = await this.pool.query<AppendRow>({
      ...APPEND_STATEMENT,
      values: appendParameters(shardId, commands),
    });
    stopTimer();
    this.metrics.batchSize.observe(commands.length);
    const outcomes = rows.map((row, index) => this.outcomeOf(row, shardId, commands[index]!));
    for (const listener of this.onAppended) listener(shardId);
    return outcomes;
  }

  private outcomeOf(row: AppendRow, shardId: number, command: AppendCommand): Outcome<AppendResult> {
    const { status, position, streamVersion } = row;
    this.metrics.commands.inc({ status });
    if (status === 'appended') this.remember(shardId, position, command);
    if (status !== 'conflict') return { result: { status, shardId, position, streamVersion } };
    const detail = `The stream ${command.streamId} is at version ${streamVersion}, not ${command.expectedVersion}.`;
    return { error: new DomainError('version_conflict', detail, { currentVersion: streamVersion }) };
  }

  private remember(shardId: number, firstPosition: number, { environment, streamId, events }: AppendCommand): void {
    let position = firstPosition;
    for (const { eventId, type, schemaVersion, occurredAt, customerId, userId, metadata, body, fact } of events) {
      const content = () => JSON.parse(body.toString('utf8')) as unknown;
      const place = { shardId, position: position++, streamId, environment };
      const { source } = metadata;
      this.recent.remember({ ...place, eventId, type, schemaVersion, occurredAt, customerId, userId, source, content, fact });
    }
  }

  private noteFailure(error: unknown): boolean {
    this.recent.forget();
    const transient = isTransient(error);
    const code = (error as { code?: string }).code;
    this.logger.warn({ code, transient }, 'an append failed');
    this.metrics.failures.inc({ transient: String(transient) });
    return transient;
  }
}
