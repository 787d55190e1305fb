import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { describe } from '../platform/database';
import { LOGGER } from '../platform/logger';
import { Signal } from '../platform/signal';
import type { Answer } from './answer';
import type { Claim } from './claims';
import { IdempotencyKeys } from './idempotency-keys';

const CLEAN_UP_MS = 10 * 60_000;
const RETRY_MS = 1_000;

interface Settlement {
  claim: Claim;
  /** Null: the key is free again. */
  answer: Answer | null;
}

/**
 * Sees to it that every claim ends, with an answer or without. While the database does not answer they wait here: as long
 * as this process lives, nobody else would free their keys.
 */
@Injectable()
export class Settlements implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly open = new Set<Settlement>();
  private readonly signal = new Signal();
  private loop: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly keys: IdempotencyKeys,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.signal.raise();
    await this.loop;
  }

  /** Never throws: what cannot be written down now is written down later. */
  async settle(claim: Claim, answer: Answer | null): Promise<void> {
    const settlement = { claim, answer };
    this.open.add(settlement);
    await this.attempt(settlement);
    if (this.open.has(settlement)) this.signal.raise();
  }

  private async attempt(settlement: Settlement): Promise<void> {
    const { claim, answer } = settlement;
    try {
      await (answer ? this.keys.finish(claim, answer) : this.keys.release(claim));
      this.open.delete(settlement);
    } catch (error) {
      this.logger.warn({ err: describe(error) }, 'could not settle an idempotency key');
    }
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      await this.keys.deleteOld().catch((error) => this.logger.warn({ err: describe(error) }, 'could not delete old keys'));
      await this.signal.wait(CLEAN_UP_MS);
      while (!this.stopping && this.open.size > 0) {
        for (const settlement of this.open) await this.attempt(settlement);
        if (this.open.size > 0) await this.signal.wait(RETRY_MS);
      }
    }
  }
}
