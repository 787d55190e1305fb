import { Injectable } from '@nestjs/common';
import { LedgerReader } from '../ledger';
import { Database } from '../platform/database';
import { applyReadings } from './apply-readings';
import { lockCheckpoints, moveCheckpoints, type Checkpoint } from './checkpoints';
import { readHeldBack } from './dead-letters';
import type { Reading } from './fold';
import { ProjectionRegistry } from './projection-registry';
import type { Target } from './read-model-store';

/** `applied`: events were folded. `idle`: there are none. `busy`: none of the checkpoints is ours to move now. */
export type BatchOutcome =
  { state: 'idle' } | { state: 'busy' } | { state: 'applied'; events: number; position: number; work: Work[] };

/** What one projection had to do in a batch, for one of its builds. */
export interface Work {
  projection: string;
  events: number;
  seconds: number;
  /** Streams that it could not go on with. */
  parked: number;
}

/** Folds the next events of a shard into every read model: rows and checkpoints in one transaction. */
@Injectable()
export class ProjectionBatch {
  constructor(
    private readonly database: Database,
    private readonly reader: LedgerReader,
    private readonly registry: ProjectionRegistry,
  ) {}

  applyNext(shardId: number, limit: number): Promise<BatchOutcome> {
    return this.database.transaction(async (client) => {
      const checkpoints = await lockCheckpoints([...this.registry.projections], shardId, client);
      if (checkpoints.length === 0) return { state: 'busy' };
      const from = Math.min(...checkpoints.map((checkpoint) => checkpoint.position));
      const events = await this.reader.readAfter(shardId, from, limit, client);
      if (events.length === 0) return { state: 'idle' };
      // A crash may lose this commit, but never half of it: the checkpoint goes back with the rows.
      await client.query('SET LOCAL synchronous_commit = off');
      const held = await readHeldBack(shardId, client);
      const readings = events.map((event) => this.registry.read(event));
      const position = events.at(-1)!.position;
      const work: Work[] = [];
      for (const checkpoint of checkpoints) {
        const started = performance.now();
        const unread = this.unreadBy(checkpoint, readings);
        const stuck = await applyReadings(this.targetOf(checkpoint), shardId, unread, held, client);
        const seconds = (performance.now() - started) / 1000;
        work.push({ projection: checkpoint.projection, events: unread.length, seconds, parked: stuck.length });
      }
      await moveCheckpoints(
        checkpoints.filter((checkpoint) => checkpoint.position < position),
        shardId,
        position,
        client,
      );
      return { state: 'applied', events: events.length, position, work };
    });
  }

  private targetOf({ projection, build }: Checkpoint): Target {
    return { projection: this.registry.named(projection)!, build };
  }

  /** An event that cannot be read at all matters only to projections that are made from its kind. */
  private unreadBy({ projection, position }: Checkpoint, readings: Reading[]): Reading[] {
    const { registry } = this;
    return readings.filter(
      (reading) =>
        reading.position > position && (!reading.failure || registry.concerns(registry.named(projection)!, reading.type)),
    );
  }
}
