import { Injectable } from '@nestjs/common';
import { LedgerReader, ShardMap } from '../ledger';
import { Database } from '../platform/database';
import { ProjectionStatus, ReadModelPosition, type ProjectionState } from '../projections';

export interface Readiness {
  ready: boolean;
  database: 'up' | 'down';
  /** What keeps the ledger immutable: the grants of the app's role and the trigger, or the trigger alone. */
  ledgerProtection: 'grants and trigger' | 'trigger only' | null;
  /** Events that the read models do not show yet. Answers go on meanwhile, and say how old they are. */
  pendingEvents: number | null;
  /** Read models that need an admin: `GET /projections` says more. */
  projections: Pick<ProjectionState, 'name' | 'status' | 'parkedStreams'>[] | null;
}

/** Whether this process can do its work now. */
@Injectable()
export class ReadinessCheck {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerReader,
    private readonly shards: ShardMap,
    private readonly position: ReadModelPosition,
    private readonly status: ProjectionStatus,
  ) {}

  async check(): Promise<Readiness> {
    try {
      const { rows } = await this.database.query<{ writable: boolean }>(
        `SELECT has_table_privilege(current_user, 'ledger.events', 'UPDATE') AS writable`,
      );
      const heads = await this.ledger.heads(this.shards.all());
      const pendingEvents = heads.reduce(
        (sum, { shardId, position }) => sum + Math.max(0, position - this.position.of(shardId)),
        0,
      );
      const ledgerProtection = rows[0]!.writable ? 'trigger only' : 'grants and trigger';
      const states = await this.status.all();
      const projections = states.map(({ name, status, parkedStreams }) => ({ name, status, parkedStreams }));
      return { ready: true, database: 'up', ledgerProtection, pendingEvents, projections };
    } catch {
      return { ready: false, database: 'down', ledgerProtection: null, pendingEvents: null, projections: null };
    }
  }
}
