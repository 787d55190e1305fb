import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Database, describe } from '../platform/database';
import { LOGGER } from '../platform/logger';
import { Signal } from '../platform/signal';

const HEARTBEAT_MS = 3_000;
/** Three heartbeats, and a little for the fourth: one that is late must not look like a death. */
const SILENCE = `interval '10 seconds'`;
/** Long after anything could still name them. */
const FORGET_AFTER = `interval '2 days'`;

/**
 * A condition of SQL, true while a process runs: for statements that must look and act in one.
 * @param instanceId an SQL expression, never a value from outside
 */
export function isAliveSql(instanceId: string): string {
  return `EXISTS (SELECT FROM operations.instances alive
                   WHERE alive.instance_id = ${instanceId} AND alive.heartbeat_at > now() - ${SILENCE})`;
}

/** This process among those that share the database: whoever finds work half done can tell whether somebody is still at it. */
@Injectable()
export class Instances implements OnModuleInit, OnApplicationShutdown {
  /** New at each start. */
  readonly id = randomUUID();
  private readonly signal = new Signal();
  private loop: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Before anything is answered, and before any work is begun in its name. */
  async onModuleInit(): Promise<void> {
    await this.beat();
    await this.database.query(`DELETE FROM operations.instances WHERE heartbeat_at < now() - ${FORGET_AFTER}`);
    this.loop = this.run();
  }

  /** After the last answer: what was in flight has ended. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.signal.raise();
    await this.loop;
    // Silence says the same, ten seconds later.
    await this.database.query('DELETE FROM operations.instances WHERE instance_id = $1', [this.id]).catch(() => undefined);
  }

  /** Whether the process of that id has shown a sign of life within the last ten seconds. */
  async isAlive(id: string): Promise<boolean> {
    const { rows } = await this.database.query<{ alive: boolean }>(`SELECT ${isAliveSql('$1')} AS alive`, [id]);
    return rows[0]!.alive;
  }

  private async run(): Promise<void> {
    for (;;) {
      await this.signal.wait(HEARTBEAT_MS);
      if (this.stopping) return;
      await this.beat().catch((error) => this.logger.warn({ err: describe(error) }, 'a heartbeat was missed'));
    }
  }

  private async beat(): Promise<void> {
    await this.database.query(
      `INSERT INTO operations.instances (instance_id) VALUES ($1)
       ON CONFLICT (instance_id) DO UPDATE SET heartbeat_at = now()`,
      [this.id],
    );
  }
}
