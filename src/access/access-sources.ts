import { Injectable } from '@nestjs/common';
import { CustomerLinks, type CustomerLink } from '../customers';
import { Grants } from '../grants';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import type { ReadModels } from '../projections';
import { PurchaseQueries } from '../purchases';
import { SubscriptionHistory, SubscriptionQueries } from '../subscriptions';
import type { AccessSources } from './decide-access';

/** Everything that decides about one user's access. */
export interface UserSources {
  links: CustomerLink[];
  sources: AccessSources;
}

/** Reads what may give users access, in a few queries for all of them. */
export class SourceReader {
  constructor(
    private readonly links: CustomerLinks,
    private readonly subscriptions: SubscriptionQueries,
    private readonly purchases: PurchaseQueries,
    private readonly grants: Grants,
  ) {}

  async ofUsers(environment: Environment, userIds: string[]): Promise<Map<string, UserSources>> {
    const linksByUser = await this.links.ofUsers(environment, userIds);
    const customerIds = [...linksByUser.values()].flat().map(({ customerId }) => customerId);
    // One after the other: the read models of a rebuild are read in one transaction, and so over one connection.
    const subscriptions = await this.subscriptions.ofCustomers(environment, customerIds);
    const purchases = await this.purchases.ofCustomers(environment, customerIds);
    const grants = await this.grants.ofUsers(environment, userIds);
    return new Map(
      userIds.map((userId) => {
        const links = linksByUser.get(userId) ?? [];
        const customers = new Set<string | null>(links.map(({ customerId }) => customerId));
        const own = <Held extends { customerId: string | null }>(held: Held[]) =>
          held.filter(({ customerId }) => customers.has(customerId));
        const sources = { subscriptions: own(subscriptions), purchases: own(purchases), grants: grants.get(userId) ?? [] };
        return [userId, { links, sources }];
      }),
    );
  }

  /** The users that these customers are. */
  usersOf(environment: Environment, customerIds: string[]): Promise<string[]> {
    return this.links.usersOf(environment, customerIds);
  }
}

/** Makes readers: of the live read models, and of those that are to replace them. */
@Injectable()
export class SourceReaders {
  constructor(
    private readonly shards: ShardMap,
    private readonly history: SubscriptionHistory,
  ) {}

  of(readModels: ReadModels): SourceReader {
    return new SourceReader(
      new CustomerLinks(readModels, this.shards),
      new SubscriptionQueries(readModels, this.shards, this.history),
      new PurchaseQueries(readModels, this.shards),
      new Grants(readModels, this.shards),
    );
  }
}
