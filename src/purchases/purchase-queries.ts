import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import type { Purchase } from './purchase';
import { purchaseOf, purchases } from './read-models/purchases';

/** Reads what was bought once. */
@Injectable()
export class PurchaseQueries {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  /** The purchases of these customers, refunded ones included, in the order of their ids. */
  async ofCustomers(environment: Environment, customerIds: string[]): Promise<Purchase[]> {
    if (customerIds.length === 0) return [];
    const rows = await this.readModels.of(purchases).find({
      where: { shardId: In(this.shards.shardsOf(environment)), customerId: In(customerIds) },
      order: { transactionId: 'ASC' },
    });
    return rows.flatMap((row) => purchaseOf(row) ?? []);
  }

  /** One purchase, whoever's it is. */
  async one(environment: Environment, transactionId: string): Promise<Purchase | null> {
    const shardId = In(this.shards.shardsOf(environment));
    const row = await this.readModels.of(purchases).findOneBy({ shardId, transactionId });
    return row && purchaseOf(row);
  }
}
