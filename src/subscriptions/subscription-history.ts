import { Injectable } from '@nestjs/common';
import { LedgerReader } from '../ledger';
import type { Environment } from '../platform/environment';
import { ProjectionRegistry } from '../projections';
import type { BillingFact } from '../provider';
import { outstandingSince } from './subscription';

/** Far more than happens while a payment is outstanding. */
const EVENTS = 100;

/** What the ledger says of a subscription's past, where its read model shows the present alone. */
@Injectable()
export class SubscriptionHistory {
  constructor(
    private readonly ledger: LedgerReader,
    private readonly registry: ProjectionRegistry,
  ) {}

  /** @param watermark of the snapshot that the read model shows: what came after it is not known there yet */
  async outstandingSince(environment: Environment, subscriptionId: string, watermark: string): Promise<string | null> {
    const events = await this.ledger.readStream(environment, `paddle:${subscriptionId}`, EVENTS);
    const snapshots = events.flatMap((event) => {
      const fact = this.registry.read(event).fact as BillingFact | null;
      if (fact?.kind !== 'subscription_observed' || fact.watermark > watermark) return [];
      return { status: fact.subscription.status, occurredAt: fact.occurredAt, watermark: fact.watermark };
    });
    return outstandingSince(snapshots);
  }
}
