import type { Configured } from '../configuration-facts';
import { settings, type SettingRow } from './settings';

const configured = (version: number, ref: string): Configured => ({
  kind: 'configured',
  key: 'p_ref',
  version,
  value: { [ref]: 'pro_1' },
  changedAt: `2026-01-0${version}T00:00:00.000000Z`,
  changedBy: `admin_${version}`,
});
const fold = (...facts: Configured[]) =>
  facts.reduce<SettingRow | null>((row, fact) => settings.evolve(row, fact, 'p_ref'), null);

it('shows the newest version, whichever comes last', () => {
  const newest = {
    key: 'p_ref',
    value: { second: 'pro_1' },
    version: 2,
    changedAt: '2026-01-02T00:00:00.000000Z',
    changedBy: 'admin_2',
  };
  expect(settings.keysOf(configured(1, 'first'))).toEqual(['p_ref']);
  expect(fold(configured(1, 'first'), configured(2, 'second'))).toEqual(newest);
  expect(fold(configured(2, 'second'), configured(1, 'first'))).toEqual(newest);
});

it('gives back the same row for what is no news', () => {
  const row = fold(configured(2, 'second'))!;
  expect(settings.evolve(row, configured(2, 'second'), 'p_ref')).toBe(row);
  expect(settings.evolve(row, configured(1, 'first'), 'p_ref')).toBe(row);
});
