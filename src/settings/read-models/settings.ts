import type { Projection } from '../../projections';
import type { Configurations, ConfigurationKey, Configured } from '../configuration-facts';

export interface SettingRow {
  key: ConfigurationKey;
  value: Configurations[ConfigurationKey];
  version: number;
  changedAt: string;
  changedBy: string;
}

/** What is configured now: the newest version of each, and who made it. */
export const settings: Projection<SettingRow, Configured> = {
  name: 'settings',
  version: 2,
  table: {
    key: 'key',
    columns: { key: 'text', value: 'jsonb', version: 'integer', changedAt: 'text', changedBy: 'text' },
    indexes: [],
  },
  handles: ['configured'],
  keysOf: ({ key }) => [key],
  // Every change was appended to the version that it was based on, so there are no two of one version.
  evolve(row, { key, value, version, changedAt, changedBy }) {
    return row && row.version >= version ? row : { key, value, version, changedAt, changedBy };
  },
};
