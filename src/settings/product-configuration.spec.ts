import { ProductConfiguration, productSetting } from './product-configuration';

const TEAM = {
  productId: 'pro_team',
  visible: false,
  order: 2,
  access: { paused: 'read_only' as const, pastDueGraceDays: 7 },
  deviceLimit: 3,
  devices: { reclaim: 'oldest' as const, churn: { devices: 5, days: 30 } },
  licenses: { whenReduced: 'refuse' as const, restoreDays: 7 },
  prices: [{ priceId: 'pri_team', switchable: false, entities: 5 }],
};
const REFS = { team: 'pro_team', crew: 'pro_team', 'team-2': 'pro_other' };
const CONFIGURATION = new ProductConfiguration([TEAM], REFS);

const DEFAULTS = {
  visible: true,
  order: null,
  access: { paused: 'none', pastDueGraceDays: null },
  deviceLimit: null,
  devices: { reclaim: 'none', churn: null },
  licenses: { whenReduced: 'release_newest', restoreDays: 30 },
  prices: [],
};

it('knows what is configured, and the defaults of everything else', () => {
  expect(CONFIGURATION.of('pro_team')).toEqual(TEAM);
  expect(CONFIGURATION.of('pro_x')).toEqual({ ...DEFAULTS, productId: 'pro_x' });
  expect(CONFIGURATION.ofPrice('pri_team')).toEqual(TEAM.prices[0]);
  expect(CONFIGURATION.ofPrice('pri_x')).toEqual({ priceId: 'pri_x', switchable: true, entities: null });
});

it('tells what is configured from what is not', () => {
  expect(CONFIGURATION.configured('pro_team')).toEqual(TEAM);
  expect(CONFIGURATION.configuredPrice('pri_team')).toEqual(TEAM.prices[0]);
  expect([CONFIGURATION.configured('pro_x'), CONFIGURATION.configuredPrice('pri_x')]).toEqual([null, null]);
});

it('lists what is configured, and nothing else', () => {
  expect(CONFIGURATION.all()).toEqual([TEAM]);
  expect(ProductConfiguration.NONE.all()).toEqual([]);
});

it('finds a product by any of its names, or by its id', () => {
  expect(['team', 'crew', 'team-2', 'pro_team', 'Team'].map((given) => CONFIGURATION.productIdOf(given))).toEqual([
    'pro_team',
    'pro_team',
    'pro_other',
    'pro_team',
    'Team',
  ]);
});

it('calls a product by the first of its names, in whatever order they come', () => {
  for (const refs of [REFS, Object.fromEntries(Object.entries(REFS).toReversed())]) {
    expect(new ProductConfiguration([], refs).refOf('pro_team')).toBe('crew');
  }
  expect(CONFIGURATION.refOf('pro_x')).toBeNull();
});

it.each(['constructor', 'toString', '__proto__'])('knows no product or name "%s" by chance', (name) => {
  expect(CONFIGURATION.productIdOf(name)).toBe(name);
  expect([CONFIGURATION.refOf(name), CONFIGURATION.configured(name), CONFIGURATION.configuredPrice(name)]).toEqual([
    null,
    null,
    null,
  ]);
});

it('fills up what is only half said', () => {
  expect(productSetting({ productId: 'pro_1' })).toEqual({ ...DEFAULTS, productId: 'pro_1' });
  expect(
    productSetting({
      productId: 'pro_1',
      order: 0,
      access: { pastDueGraceDays: 0 },
      devices: { reclaim: 'oldest' },
      prices: [{ priceId: 'pri_1', entities: 2 }],
    }),
  ).toEqual({
    ...DEFAULTS,
    productId: 'pro_1',
    order: 0,
    access: { paused: 'none', pastDueGraceDays: 0 },
    devices: { reclaim: 'oldest', churn: null },
    prices: [{ priceId: 'pri_1', switchable: true, entities: 2 }],
  });
});
