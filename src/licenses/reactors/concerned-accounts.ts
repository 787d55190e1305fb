import { Injectable } from '@nestjs/common';
import { UserAccess } from '../../access';
import { CustomerLinks } from '../../customers';
import type { Environment } from '../../platform/environment';
import { LicenseQueries, type KnownPool } from '../license-queries';
import { BareSources, type Account } from './bare-sources';
import type { Concerned } from './concerned';

/** Finds those whom events concern, of all who have licenses. */
@Injectable()
export class ConcernedAccounts {
  constructor(
    private readonly queries: LicenseQueries,
    private readonly links: CustomerLinks,
    private readonly access: UserAccess,
    private readonly bare: BareSources,
  ) {}

  async find(environment: Environment, concerned: Concerned): Promise<Account[]> {
    const named = await this.queries.pools(environment, [...concerned.sourceIds], [...concerned.customerIds]);
    const customerIds = [...concerned.customerIds, ...named.flatMap(({ customerId }) => customerId ?? [])];
    const userIds = new Set([...concerned.userIds, ...(await this.links.usersOf(environment, [...new Set(customerIds)]))]);
    const links = await this.links.ofUsers(environment, [...userIds]);
    const linked = [...links.values()].flat().map(({ customerId }) => customerId);
    const pools = await this.queries.pools(environment, [...concerned.sourceIds], [...new Set([...customerIds, ...linked])]);
    if (pools.length === 0) return [];
    const homes = new Set(pools.map(({ customerId }) => customerId));
    const users = [...links].filter(([, own]) => own.some(({ customerId }) => homes.has(customerId))).map(([userId]) => userId);
    const accounts = await this.ofUsers(environment, users, pools);
    const covered = new Set(accounts.flatMap(({ sources }) => sources.map(({ source }) => source.id)));
    const others = pools.filter(({ source }) => !covered.has(source.id));
    return [...accounts, ...(await Promise.all(others.map((pool) => this.bare.accountOf(environment, pool)))).flat()];
  }

  private async ofUsers(environment: Environment, userIds: string[], pools: KnownPool[]): Promise<Account[]> {
    const pooled = new Set(pools.map(({ source }) => source.id));
    const known = await this.access.ofMany(environment, userIds);
    return [...known].map(([userId, { sources, configuration }]) => {
      return { userId, sources: this.bare.entitlements(sources, configuration), pooled, configuration };
    });
  }
}
