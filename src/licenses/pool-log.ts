import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import { Ledger, LedgerReader, type EventMetadata, type NewEvent } from '../ledger';
import { Clock } from '../platform/clock';
import { DomainError } from '../platform/domain-error';
import type { Environment } from '../platform/environment';
import { readPoolEvent, streamOfPool } from './license-facts';
import { EMPTY_POOL, evolvePool, type LicensePool, type PoolEvent } from './license-pool';

/** Which pool. */
export interface PoolPlace {
  environment: Environment;
  sourceId: string;
  /** Of the source as it is now; a pool stays with the customer with whom it began. */
  customerId: string | null;
}

/** Who decides about it, and why. */
export interface DecidedBy {
  /** A user id, or the name of a job. */
  actor: string;
  /** Whose seats these are. */
  userId: string | null;
  requestId?: string;
  /** Event id of what led to this. */
  causationId?: string;
}

/** A pool as it is after a decision. */
export interface Decided {
  pool: LicensePool;
  events: PoolEvent[];
  /** Of the last event, `<shard>-<position>`; null where nothing was decided. */
  position: string | null;
}

interface KnownPool {
  pool: LicensePool;
  /** Of its stream. */
  version: number;
}

const PAGE = 1_000;
const REMEMBERED_POOLS = 1_000;
/** Others decide about the same pool in other processes; of those that collide, one always gets through. */
const ATTEMPTS = 25;

/** Reads pools from the ledger, and appends what is decided about them: one decision of a pool after the other. */
@Injectable()
export class PoolLog {
  /** What has been read already: a stream only grows, so what is missing is read on. */
  private readonly known = new LRUCache<string, KnownPool>({ max: REMEMBERED_POOLS });
  private readonly running = new Map<string, Promise<unknown>>();

  constructor(
    private readonly ledger: Ledger,
    private readonly reader: LedgerReader,
    private readonly clock: Clock,
  ) {}

  /** The pool as the ledger has it now. */
  async read({ environment, sourceId }: Pick<PoolPlace, 'environment' | 'sourceId'>): Promise<KnownPool> {
    const key = `${environment} ${sourceId}`;
    let known = this.known.get(key) ?? { pool: EMPTY_POOL, version: 0 };
    for (;;) {
      const { events, version } = await this.reader.readStreamAfter(environment, streamOfPool(sourceId), known.version, PAGE);
      if (events.length > 0) {
        known = {
          pool: evolvePool(
            known.pool,
            events.flatMap((event) => readPoolEvent(event) ?? []),
          ),
          version,
        };
        this.known.set(key, known);
      }
      if (events.length < PAGE) return known;
    }
  }

  /**
   * Appends what `decide` makes of the pool. Whoever decides at the same time elsewhere is not overwritten: then the pool is
   * read on, and decided about anew.
   * @throws whatever `decide` throws
   */
  async decide(place: PoolPlace, by: DecidedBy, decide: (pool: LicensePool) => PoolEvent[]): Promise<Decided> {
    const key = `${place.environment} ${place.sourceId}`;
    const turn = (this.running.get(key) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.decideNow(place, by, decide));
    this.running.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.running.get(key) === turn) this.running.delete(key);
    }
  }

  private async decideNow(place: PoolPlace, by: DecidedBy, decide: (pool: LicensePool) => PoolEvent[]): Promise<Decided> {
    for (let attempt = 1; ; attempt++) {
      const { pool, version } = await this.read(place);
      const events = decide(pool);
      if (events.length === 0) return { pool, events, position: null };
      try {
        return await this.append(place, by, { pool, version }, events);
      } catch (error) {
        if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async append(place: PoolPlace, by: DecidedBy, { pool, version }: KnownPool, decided: PoolEvent[]): Promise<Decided> {
    const { environment, sourceId } = place;
    const at = this.clock.now();
    const customerId = pool.customerId ?? place.customerId;
    const events = decided.map((event) => toEvent(event, by, customerId, at)) as [NewEvent, ...NewEvent[]];
    const streamId = streamOfPool(sourceId);
    const { shardId, position } = await this.ledger.append({ environment, streamId, expectedVersion: version, events });
    const after = evolvePool(
      pool,
      decided.map((event) => ({ ...event, at, customerId })),
    );
    this.known.set(`${environment} ${sourceId}`, { pool: after, version: version + decided.length });
    return { pool: after, events: decided, position: `${shardId}-${position + decided.length - 1}` };
  }
}

function toEvent({ type, data }: PoolEvent, by: DecidedBy, customerId: string | null, occurredAt: string): NewEvent {
  const { actor, userId, requestId, causationId } = by;
  const metadata: EventMetadata = {
    source: 'native',
    actor,
    ...(requestId && { requestId }),
    ...(causationId && { causationId }),
  };
  const body = Buffer.from(JSON.stringify(data));
  return { eventId: `license_${randomUUID()}`, type, schemaVersion: 1, occurredAt, customerId, userId, body, metadata };
}

function isConflict(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'version_conflict';
}
