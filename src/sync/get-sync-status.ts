import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CustomerLinks } from '../customers';
import { LedgerReader, ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ProjectionRegistry, ReadModelPosition } from '../projections';
import type { BillingFact, TransactionObserved } from '../provider';
import { SubscriptionQueries } from '../subscriptions';

export interface SyncStatus {
  /** Read models hold everything that is in the ledger and, where asked, everything that the transaction brings. */
  complete: boolean;
  pendingEvents: number;
  /** When the newest of the provider's news was recorded. */
  lastSyncedAt: string | null;
  transaction: { id: string; seen: boolean; status: string | null } | null;
}

/** How far the read models are, and whether a checkout has reached them. */
export class GetSyncStatus extends Query<SyncStatus> {
  constructor(
    readonly environment: Environment,
    readonly userId: string,
    readonly transactionId?: string,
  ) {
    super();
  }
}

/** A transaction has a dozen events. */
const LONGEST_STREAM = 200;

@QueryHandler(GetSyncStatus)
export class GetSyncStatusHandler implements IQueryHandler<GetSyncStatus> {
  constructor(
    private readonly ledger: LedgerReader,
    private readonly shards: ShardMap,
    private readonly position: ReadModelPosition,
    private readonly registry: ProjectionRegistry,
    private readonly links: CustomerLinks,
    private readonly subscriptions: SubscriptionQueries,
  ) {}

  async execute({ environment, userId, transactionId }: GetSyncStatus): Promise<SyncStatus> {
    const heads = await this.ledger.heads(this.shards.shardsOf(environment));
    const pendingEvents = heads.reduce(
      (sum, { shardId, position }) => sum + Math.max(0, position - this.position.of(shardId)),
      0,
    );
    const lastSyncedAt =
      heads
        .flatMap(({ recordedAt }) => recordedAt ?? [])
        .sort()
        .at(-1) ?? null;
    if (transactionId === undefined) return { complete: pendingEvents === 0, pendingEvents, lastSyncedAt, transaction: null };
    const fact = await this.latestOf(environment, userId, transactionId);
    const complete = fact?.transaction.status === 'completed' && (await this.isInReadModels(environment, fact));
    return {
      complete,
      pendingEvents,
      lastSyncedAt,
      transaction: { id: transactionId, seen: fact !== null, status: fact?.transaction.status ?? null },
    };
  }

  /** The newest state of the user's transaction; null also for another user's. */
  private async latestOf(environment: Environment, userId: string, transactionId: string): Promise<LocatedTransaction | null> {
    const events = await this.ledger.readStream(environment, `paddle:${transactionId}`, LONGEST_STREAM);
    const facts = events.flatMap((event) => {
      const fact = this.registry.read(event).fact as BillingFact | null;
      return fact?.kind === 'transaction_observed' ? [{ ...fact, shardId: event.shardId, position: event.position }] : [];
    });
    const newest = facts.reduce<LocatedTransaction | null>(
      (best, fact) => (best && best.watermark > fact.watermark ? best : fact),
      null,
    );
    if (!newest) return null;
    const customers = await this.links.ofUser(environment, userId);
    const own =
      facts.some((fact) => fact.claimedUserId === userId) || customers.some((link) => link.customerId === newest.customerId);
    return own ? newest : null;
  }

  private async isInReadModels(environment: Environment, fact: LocatedTransaction): Promise<boolean> {
    if (this.position.of(fact.shardId) < fact.position) return false;
    return fact.subscriptionId === null || this.subscriptions.exists(environment, fact.subscriptionId);
  }
}

type LocatedTransaction = TransactionObserved & { shardId: number; position: number };
