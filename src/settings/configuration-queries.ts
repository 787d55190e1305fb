import { Injectable } from '@nestjs/common';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import type { Configurations, ConfigurationKey } from './configuration-facts';
import { productSetting } from './product-configuration';
import { settings, type SettingRow } from './read-models/settings';

/** Something as it is configured, and who made it so. */
export interface Configuration<Key extends ConfigurationKey> {
  /** 0: nothing was ever configured. */
  version: number;
  value: Configurations[Key];
  changedAt: string | null;
  changedBy: string | null;
}

export type AllConfigurations = { [Key in ConfigurationKey]: Configuration<Key> };

const NOTHING: Configurations = { products: [], p_ref: {} };

/** What is configured in an environment, as the read model has it. */
@Injectable()
export class ConfigurationQueries {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  async of<Key extends ConfigurationKey>(environment: Environment, key: Key): Promise<Configuration<Key>> {
    return (await this.all(environment))[key];
  }

  async all(environment: Environment): Promise<AllConfigurations> {
    // It belongs to no customer, so it lies on one shard.
    const shardId = this.shards.shardFor(environment, null);
    const rows = await this.readModels.of(settings).find({ where: { shardId } });
    const row = (key: ConfigurationKey) => rows.find((one) => one.key === key) ?? null;
    return { products: configurationOf('products', row('products')), p_ref: configurationOf('p_ref', row('p_ref')) };
  }
}

/** @param row of this key; null where nothing was ever configured */
export function configurationOf<Key extends ConfigurationKey>(key: Key, row: Omit<SettingRow, 'key'> | null): Configuration<Key> {
  if (!row) return { version: 0, value: NOTHING[key], changedAt: null, changedBy: null };
  const { version, changedAt, changedBy } = row;
  return { version, value: filledUp(key, row.value as Configurations[Key]), changedAt, changedBy };
}

/** A row that an older version of the app has made lacks what can be configured since. */
function filledUp<Key extends ConfigurationKey>(key: Key, value: Configurations[Key]): Configurations[Key] {
  if (key !== 'products') return value;
  return (value as Configurations['products']).map(productSetting) as Configurations[Key];
}
