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

  /** All customers that are this user: buying with another email makes another customer. */
  async ofUser(environment: Environment, userId: string): Promise<CustomerLink[]> {
    const rows = await this.readModels.of(customers).find({
      where: { shardId: In(this.shards.shardsOf(environment)), userId },
      order: { customerId: 'ASC' },
    });
    return rows.map(({ customerId, claims }) => ({ customerId, claim: claims[0]! }));
  }
}
