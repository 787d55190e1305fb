import { rowsOf } from '../../test/support/given';
import type { ProductAccess } from '../access';
import { ProductConfiguration, productSetting } from '../settings/product-configuration';
import { NO_RULES, rulesFor } from './device-rules';

const CONFIGURATION = new ProductConfiguration(
  [
    productSetting({ productId: 'pro_1', deviceLimit: 1, devices: { reclaim: 'oldest' } }),
    productSetting({ productId: 'pro_3', deviceLimit: 3 }),
    productSetting({ productId: 'pro_9', deviceLimit: 9, devices: { churn: { devices: 2, days: 30 } } }),
    productSetting({ productId: 'pro_any' }),
  ],
  { solo: 'pro_1' },
);

function using(...products: string[]): ProductAccess[] {
  return products.map((text) => {
    const [productId, access = 'full'] = text.split(':') as [string, ProductAccess['access']?];
    return { productId, access, reason: 'granted', source: null, until: null, quantity: 1 };
  });
}

const TABLE = `
  may use              | asks for    | limit
  pro_1                |             | 1
  pro_1 pro_3          |             | 3
  pro_3 pro_1          |             | 3
  pro_3 pro_any        |             | 3
  pro_any              |             | any
  pro_1 pro_3:none     |             | 1
  pro_1 pro_3:read_only |            | 3
  pro_1 pro_3          | pro_1       | 1
  pro_1 pro_3          | solo        | 1
  pro_1 pro_any        | pro_any     | any
  pro_1                | pro_9       | 1
  pro_3                | pro_1       | 1
  pro_1                | pro_any     | 1
  pro_1                | pro_unknown | 1
                       |             | 9
                       | pro_3       | 3
                       | pro_any     | 9
  pro_3:none           |             | 9
`;

it.each(rowsOf(TABLE))('who may use "$may use" and asks for "$asks for" may have $limit', (row) => {
  const access = using(...row['may use']!.split(' ').filter(Boolean));
  const { limit } = rulesFor(row['asks for'] || undefined, access, CONFIGURATION);
  expect(String(limit ?? 'any')).toBe(row.limit);
});

it('has the rules of one product, not the best of several', () => {
  expect(rulesFor(undefined, using('pro_1'), CONFIGURATION)).toEqual({ limit: 1, reclaim: 'oldest', churn: null });
  const churn = { devices: 2, days: 30 };
  expect(rulesFor(undefined, using('pro_1', 'pro_9'), CONFIGURATION)).toEqual({ limit: 9, reclaim: 'none', churn });
});

it('is without any where none are configured', () => {
  expect(rulesFor(undefined, using('pro_1'), ProductConfiguration.NONE)).toEqual(NO_RULES);
  expect(rulesFor('pro_1', [], ProductConfiguration.NONE)).toEqual(NO_RULES);
});

it('keeps a budget for new devices where there is no limit, and nobody gets around it by another name', () => {
  const churn = { devices: 2, days: 30 };
  const configuration = new ProductConfiguration([productSetting({ productId: 'pro_slow', devices: { churn } })], {});
  expect(rulesFor(undefined, using('pro_slow'), configuration)).toEqual({ ...NO_RULES, churn });
  expect(rulesFor('pro_unknown', using('pro_slow'), configuration)).toEqual({ ...NO_RULES, churn });
});
