import { Injectable } from '@nestjs/common';
import { LedgerReader, type FoldableEvent } from '../ledger';
import { Database, type Queryable } from '../platform/database';
import { lockCheckpoints, moveCheckpoints } from './checkpoints';
import { foldBatch, keysOfBatch } from './fold';
import type { AnyProjection, Fact } from './projection';
import { ProjectionRegistry } from './projection-registry';
import { loadRows, saveRows } from './read-model-store';

/** `applied`: events were folded. `idle`: there are none. `busy`: another process holds the checkpoints. */
export type BatchOutcome = { state: 'idle' } | { state: 'busy' } | { state: 'applied'; events: number; position: number };

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
      const projections = [...this.registry.projections];
      const checkpoints = await lockCheckpoints(projections, shardId, client);
      if (checkpoints.length === 0) return { state: 'busy' };
      const from = Math.min(...checkpoints.map((checkpoint) => checkpoint.position));
      const events = await this.reader.readAfter(shardId, from, limit, client);
      if (events.length === 0) return { state: 'idle' };
      // A crash may lose this commit, but never half of it: the checkpoint goes back with the rows.
      await client.query('SET LOCAL synchronous_commit = off');
      const facts = this.factsOf(events);
      const position = events.at(-1)!.position;
      for (const checkpoint of checkpoints) {
        const projection = projections.find(({ name }) => name === checkpoint.projection)!;
        const unread = facts.filter((fact) => fact.position > checkpoint.position).map(({ fact }) => fact);
        await applyFacts(projection, shardId, unread, client);
      }
      const locked = projections.filter(({ name }) => checkpoints.some((checkpoint) => checkpoint.projection === name));
      await moveCheckpoints(locked, shardId, position, client);
      return { state: 'applied', events: events.length, position };
    });
  }

  private factsOf(events: FoldableEvent[]): { position: number; fact: Fact }[] {
    return events.flatMap((event) => {
      const fact = this.registry.translate(event);
      return fact ? [{ position: event.position, fact }] : [];
    });
  }
}

async function applyFacts(projection: AnyProjection, shardId: number, facts: Fact[], client: Queryable): Promise<void> {
  const keys = keysOfBatch(projection, facts);
  if (keys.length === 0) return;
  const rows = await loadRows(projection, shardId, keys, client);
  await saveRows(projection, shardId, foldBatch(projection, rows, facts), client);
}
