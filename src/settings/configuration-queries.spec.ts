import type { ProductSetting } from './product-configuration';
import { configurationOf } from './configuration-queries';

const CHANGED = { version: 3, changedAt: '2026-01-01T00:00:00.000000Z', changedBy: 'admin_1' };

it('is at version 0 where nothing was ever configured', () => {
  const nothing = { version: 0, changedAt: null, changedBy: null };
  expect(configurationOf('products', null)).toEqual({ ...nothing, value: [] });
  expect(configurationOf('p_ref', null)).toEqual({ ...nothing, value: {} });
});

it('fills up what a row of an older version of the app does not say', () => {
  const old = [{ productId: 'pro_1', visible: false }] as ProductSetting[];
  expect(configurationOf('products', { ...CHANGED, value: old })).toMatchObject({
    ...CHANGED,
    value: [{ productId: 'pro_1', visible: false, devices: { reclaim: 'none', churn: null } }],
  });
  expect(configurationOf('p_ref', { ...CHANGED, value: { solo: 'pro_1' } })).toEqual({ ...CHANGED, value: { solo: 'pro_1' } });
});
