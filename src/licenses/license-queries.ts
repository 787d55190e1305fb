import { Injectable } from '@nestjs/common';
import { In, IsNull, Not, type FindOptionsWhere } from 'typeorm';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import type { License, LicenseStatus, PoolSource } from './license';
import type { LicenseCursor } from './license-cursor';
import { licenses, toLicense, type LicenseRow } from './read-models/licenses';

/** Which licenses of an environment. */
export interface LicenseFilter {
  productId?: string | undefined;
  entityId?: string | undefined;
  status?: LicenseStatus | undefined;
  /** Of these sources alone. */
  sourceIds?: string[] | undefined;
}

/** A license, and the customer whose shard it lies on. */
export type PlacedLicense = License & { customerId: string | null };

/** A pool that has seats. */
export interface KnownPool {
  source: PoolSource;
  customerId: string | null;
}

/** Reads named seats. */
@Injectable()
export class LicenseQueries {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  /** Every license of these sources, released ones included, in the order in which they were assigned. */
  async ofSources(environment: Environment, sourceIds: string[]): Promise<License[]> {
    if (sourceIds.length === 0) return [];
    const rows = await this.readModels.of(licenses).find({
      where: { shardId: this.shardsOf(environment), sourceId: In(sourceIds) },
      order: { sourceId: 'ASC', number: 'ASC' },
    });
    return rows.flatMap((row) => toLicense(row) ?? []);
  }

  /** One license, whoever's it is. */
  async one(environment: Environment, licenseId: string): Promise<PlacedLicense | null> {
    const row = await this.readModels.of(licenses).findOneBy({ shardId: this.shardsOf(environment), licenseId });
    const license = row && toLicense(row);
    return license && { ...license, customerId: row.customerId };
  }

  /** The pools that are named, or that began with one of these customers. */
  async pools(environment: Environment, sourceIds: string[], customerIds: string[]): Promise<KnownPool[]> {
    const shardId = this.shardsOf(environment);
    const rows = await this.readModels
      .of(licenses)
      .createQueryBuilder('one')
      .select(['one.sourceId AS "id"', 'one.sourceType AS "type"', 'max(one.customerId) AS "customerId"'])
      .where([
        { shardId, sourceId: In(sourceIds) },
        { shardId, customerId: In(customerIds) },
      ])
      .groupBy('one.sourceId, one.sourceType')
      .getRawMany<PoolSource & { customerId: string | null }>();
    return rows.map(({ id, type, customerId }) => ({ source: { type, id }, customerId }));
  }

  /** Whether anybody has ever had a license. */
  async any(environment: Environment): Promise<boolean> {
    return (await this.readModels.of(licenses).findOneBy({ shardId: this.shardsOf(environment) })) !== null;
  }

  /** A page of them, the oldest first, and whether there are more. */
  async page(
    environment: Environment,
    { sourceIds, ...filter }: LicenseFilter,
    after: LicenseCursor | null,
    limit: number,
  ): Promise<{ licenses: License[]; more: boolean }> {
    const where: FindOptionsWhere<LicenseRow> = { createdAt: Not(IsNull()), ...definedOf(filter) };
    const query = this.readModels
      .of(licenses)
      .createQueryBuilder('one')
      .where({ shardId: this.shardsOf(environment), ...where, ...(sourceIds && { sourceId: In(sourceIds) }) });
    if (after) query.andWhere('(one.createdAt, one.number, one.licenseId) > (:createdAt, :number, :licenseId)', after);
    const rows = await query
      .orderBy({ 'one.createdAt': 'ASC', 'one.number': 'ASC', 'one.licenseId': 'ASC' })
      .limit(limit + 1)
      .getMany();
    return { licenses: rows.slice(0, limit).flatMap((row) => toLicense(row) ?? []), more: rows.length > limit };
  }

  private shardsOf(environment: Environment) {
    return In(this.shards.shardsOf(environment));
  }
}

function definedOf(filter: Omit<LicenseFilter, 'sourceIds'>): Omit<LicenseFilter, 'sourceIds'> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
