import { Injectable } from '@nestjs/common';
import { In, IsNull, Not } from 'typeorm';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import type { Grant } from './grant';
import type { GrantCursor } from './grant-cursor';
import { grants, toGrant } from './read-models/grants';

/** Which grants of an environment, and how many of them at once. */
export interface GrantsWanted {
  /** Null: of everybody. */
  userId: string | null;
  /** Where the page before has ended. */
  after: GrantCursor | null;
  limit: number;
}

/** Reads what was given without being paid for. */
@Injectable()
export class Grants {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  /** Everything that was ever given to each of these users, what was revoked or has ended included, oldest first. */
  async ofUsers(environment: Environment, userIds: string[]): Promise<Map<string, Grant[]>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.readModels.of(grants).find({
      where: { shardId: In(this.shards.shardsOf(environment)), userId: In(userIds), givenAt: Not(IsNull()) },
      order: { givenAt: 'ASC', grantId: 'ASC' },
    });
    const byUser = new Map<string, Grant[]>();
    for (const grant of rows.flatMap((row) => toGrant(row) ?? [])) {
      const own = byUser.get(grant.userId);
      if (own) own.push(grant);
      else byUser.set(grant.userId, [grant]);
    }
    return byUser;
  }

  /** A page of them, newest first, and whether there are more. */
  async page(environment: Environment, { userId, after, limit }: GrantsWanted): Promise<{ grants: Grant[]; more: boolean }> {
    const query = this.readModels
      .of(grants)
      .createQueryBuilder('one')
      .where({ shardId: In(this.shards.shardsOf(environment)), givenAt: Not(IsNull()) });
    if (userId !== null) query.andWhere({ userId });
    if (after) query.andWhere('(one.givenAt, one.grantId) < (:givenAt, :id)', after);
    const rows = await query
      .orderBy({ 'one.givenAt': 'DESC', 'one.grantId': 'DESC' })
      .limit(limit + 1)
      .getMany();
    return { grants: rows.slice(0, limit).flatMap((row) => toGrant(row) ?? []), more: rows.length > limit };
  }
}
