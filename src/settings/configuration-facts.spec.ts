import { configurationEvent } from '../../test/support/configuration-events';
import { readConfigurationFact } from './configuration-facts';
import { productSetting } from './product-configuration';

it('reads what was configured, by whom and when', () => {
  const after = [productSetting({ productId: 'pro_1', visible: false })];
  expect(readConfigurationFact(configurationEvent('products', { version: 3, after }))).toEqual({
    kind: 'configured',
    key: 'products',
    version: 3,
    value: after,
    changedAt: '2026-06-15T12:00:00.000000Z',
    changedBy: 'admin_1',
  });
  const refs = { solo: 'pro_1' };
  expect(readConfigurationFact(configurationEvent('p_ref', { after: refs }))).toMatchObject({ key: 'p_ref', value: refs });
});

it('fills up what an older event does not say', () => {
  const event = configurationEvent('products', { after: [{ productId: 'pro_1' }] });
  expect(readConfigurationFact(event)).toMatchObject({ value: [productSetting({ productId: 'pro_1' })] });
});

it.each([
  ['of another stream', { streamId: 'config:p_ref' }],
  ['of a type that nobody knows yet', { type: 'config.products_exported' }],
  ['that is not ours', { source: 'webhook' as const }],
])('reads nothing from an event %s', (_, change) => {
  expect(readConfigurationFact(configurationEvent('products', {}, change))).toBeNull();
});

it.each([
  ['products', null],
  ['products', []],
  ['products', { changedBy: 'me', after: [] }],
  ['products', { version: 1, after: [] }],
  ['products', { version: 1, changedBy: 'me' }],
  ['products', { version: 1, changedBy: 'me', after: {} }],
  ['products', { version: 1, changedBy: 'me', after: [null] }],
  ['products', { version: 1, changedBy: 'me', after: [{ visible: true }] }],
  ['p_ref', { version: 1, changedBy: 'me', after: [] }],
  ['p_ref', { version: 1, changedBy: 'me', after: { solo: 1 } }],
] as const)('parks the stream of %s for the body %j', (key, body) => {
  expect(() => readConfigurationFact(configurationEvent(key, {}, { content: () => body }))).toThrow('cannot be read');
});
