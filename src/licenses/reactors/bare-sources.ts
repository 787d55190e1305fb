import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import type { Environment } from '../../platform/environment';
import { PurchaseQueries } from '../../purchases';
import { ProductSettings, type ProductConfiguration } from '../../settings';
import { SubscriptionQueries } from '../../subscriptions';
import { entitlementsOf, type SeatSources, type SourceEntitlement } from '../entitlement';
import type { KnownPool } from '../license-queries';

/** Sources that share their seats' fate: those of one user, or one that belongs to nobody we know. */
export interface Account {
  userId: string | null;
  sources: SourceEntitlement[];
  /** Ids of the sources that have pools. */
  pooled: Set<string>;
  configuration: ProductConfiguration;
}

/** Sources of which nobody knows whose they are, or not any more: what they grant still decides about their seats. */
@Injectable()
export class BareSources {
  constructor(
    private readonly subscriptions: SubscriptionQueries,
    private readonly purchases: PurchaseQueries,
    private readonly settings: ProductSettings,
    private readonly clock: Clock,
  ) {}

  entitlements(sources: SeatSources, configuration: ProductConfiguration): SourceEntitlement[] {
    return entitlementsOf(sources, configuration, this.clock.now());
  }

  async accountOf(environment: Environment, { source }: KnownPool): Promise<Account[]> {
    const sources: SeatSources = { subscriptions: [], purchases: [] };
    if (source.type === 'purchase') {
      const purchase = await this.purchases.one(environment, source.id);
      if (purchase) sources.purchases.push(purchase);
    } else {
      const known = await this.subscriptions.one(environment, source.id);
      if (known) sources.subscriptions.push(known.subscription);
    }
    const configuration = this.settings.of(environment);
    const own = this.entitlements(sources, configuration);
    return own.length === 0 ? [] : [{ userId: null, sources: own, pooled: new Set([source.id]), configuration }];
  }
}
