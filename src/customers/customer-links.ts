import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import { customers, type Claim } from './read-models/customers';

/** A customer that is one of our users, and what made it so. */
export interface CustomerLink {
  customerId: string;
  claim: Claim;
}

/** Who a provider's customer is among our users. */
@Injectable()
export class CustomerLinks {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  async ofUser(environment: Environment, userId: string): Promise<CustomerLink[]> {
    return (await this.ofUsers(environment, [userId])).get(userId) ?? [];
  }

  /** The customers that each of these users is: buying with another email makes another customer. */
  async ofUsers(environment: Environment, userIds: string[]): Promise<Map<string, CustomerLink[]>> {
    const rows = await this.readModels.of(customers).find({
      where: { shardId: In(this.shards.shardsOf(environment)), userId: In(userIds) },
      order: { customerId: 'ASC' },
    });
    const links = new Map<string, CustomerLink[]>();
    for (const { userId, customerId, claims } of rows) {
      const link = { customerId, claim: claims[0]! };
      const own = links.get(userId!);
      if (own) own.push(link);
      else links.set(userId!, [link]);
    }
    return links;
  }

  /** Who these customers are; those that nobody claimed are left out. */
  async usersOf(environment: Environment, customerIds: string[]): Promise<string[]> {
    const rows = await this.readModels.of(customers).find({
      where: { shardId: In(this.shards.shardsOf(environment)), customerId: In(customerIds) },
    });
    return rows.flatMap(({ userId }) => userId ?? []);
  }
}
