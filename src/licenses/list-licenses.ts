import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Environment } from '../platform/environment';
import { poolsOf, type PoolUsage } from './decide-check';
import type { License, LicenseStatus } from './license';
import type { LicenseCursor } from './license-cursor';
import { LicenseQueries } from './license-queries';
import { UserLicenses } from './user-licenses';

/** Which licenses, and how many of them at once. */
export interface LicensesWanted {
  /** Id or name (`p_ref`). */
  product?: string | undefined;
  entityId?: string | undefined;
  status?: LicenseStatus | undefined;
  after: LicenseCursor | null;
  limit: number;
}

export interface LicensePage {
  licenses: License[];
  more: boolean;
}

/** A user's licenses, the oldest first, and the pools they are of. */
export class ListLicenses extends Query<LicensePage & { pools: PoolUsage[] }> {
  constructor(
    readonly environment: Environment,
    readonly userId: string,
    readonly wanted: LicensesWanted,
  ) {
    super();
  }
}

@QueryHandler(ListLicenses)
export class ListLicensesHandler implements IQueryHandler<ListLicenses> {
  constructor(
    private readonly licenses: UserLicenses,
    private readonly queries: LicenseQueries,
  ) {}

  async execute({ environment, userId, wanted }: ListLicenses): Promise<LicensePage & { pools: PoolUsage[] }> {
    const { product, entityId, status, after, limit } = wanted;
    const held = await this.licenses.of(environment, userId);
    const productId = product === undefined ? undefined : held.configuration.productIdOf(product);
    const sourceIds = held.sources.map(({ source }) => source.id);
    const page = await this.queries.page(environment, { productId, entityId, status, sourceIds }, after, limit);
    return { ...page, pools: poolsOf(held, productId) };
  }
}

/** Everybody's licenses, for admins. */
export class SearchLicenses extends Query<LicensePage> {
  /** @param userId null: of everybody */
  constructor(
    readonly environment: Environment,
    readonly userId: string | null,
    readonly wanted: LicensesWanted,
  ) {
    super();
  }
}

@QueryHandler(SearchLicenses)
export class SearchLicensesHandler implements IQueryHandler<SearchLicenses> {
  constructor(
    private readonly licenses: UserLicenses,
    private readonly queries: LicenseQueries,
  ) {}

  async execute({ environment, userId, wanted }: SearchLicenses): Promise<LicensePage> {
    const { product, entityId, status, after, limit } = wanted;
    const productId = product === undefined ? undefined : this.licenses.productIdOf(environment, product);
    const sources = userId === null ? undefined : (await this.licenses.of(environment, userId)).sources;
    const sourceIds = sources?.map(({ source }) => source.id);
    return this.queries.page(environment, { productId, entityId, status, sourceIds }, after, limit);
  }
}
