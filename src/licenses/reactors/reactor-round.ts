import { Injectable } from '@nestjs/common';
import { LedgerReader, ShardMap } from '../../ledger';
import { Database, type Queryable } from '../../platform/database';
import type { Environment } from '../../platform/environment';
import { ReadModelPosition } from '../../projections';
import { Concerned } from './concerned';
import { keepWatches, lockCheckpoint, moveCheckpoint, wakeAll } from './reactor-state';
import { POOLS_AT_ONCE, ReactorWork } from './reactor-work';

const EVENTS_AT_ONCE = 500;

/** One look at one shard, in one transaction that moves the checkpoint. */
@Injectable()
export class ReactorRound {
  constructor(
    private readonly database: Database,
    private readonly reader: LedgerReader,
    private readonly shards: ShardMap,
    private readonly position: ReadModelPosition,
    private readonly work: ReactorWork,
  ) {}

  /** @returns whether there is more to look at */
  once(shardId: number): Promise<boolean> {
    const environment = this.shards.environmentOf(shardId) as Environment;
    return this.database.transaction(async (client) => {
      const after = await lockCheckpoint(shardId, client);
      if (after === null) return false;
      const head = this.position.of(shardId);
      const due = await this.work.due(shardId, client);
      if (head <= after && due.length === 0) return false;
      if (!(await this.work.isAny(environment))) return this.move(shardId, Math.max(after, head), client);
      const upTo = Math.max(after, Math.min(head, after + EVENTS_AT_ONCE));
      const places = upTo > after ? await this.reader.placesIn(shardId, after, upTo) : [];
      const later = () => this.reader.placesIn(shardId, upTo, upTo + EVENTS_AT_ONCE);
      const concerned = new Concerned(places, due, later);
      await keepWatches(shardId, await this.work.look(environment, concerned, due), client);
      if (concerned.everybody) await this.wakeAll(environment, shardId, client);
      await this.move(shardId, upTo, client);
      return upTo < head || due.length === POOLS_AT_ONCE || concerned.everybody;
    });
  }

  /** A configuration lies on one shard of its environment, and is about the pools of all. */
  private async wakeAll(environment: Environment, own: number, client: Queryable): Promise<void> {
    for (const shardId of this.shards.shardsOf(environment)) await wakeAll(shardId, shardId === own ? client : this.database);
  }

  private async move(shardId: number, position: number, client: Queryable): Promise<false> {
    await moveCheckpoint(shardId, position, client);
    return false;
  }
}
