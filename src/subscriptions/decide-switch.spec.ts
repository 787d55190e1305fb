import { given, outcomeOf } from '../../test/support/given';
import { itemOf, RENEWAL, subscriptionWith } from '../../test/support/subscriptions';
import type { Instant } from '../platform/instant';
import { WISHES, type Decidable } from './decide-command';
import { decideSwitch, type SwitchablePrice, type WantedSwitch } from './decide-switch';
import type { Subscription } from './subscription';

const NOW = '2026-06-15T12:00:00.000000Z' as Instant;

/** `pri_team_monthly`: the month's price of the product `pro_team`. */
function price(name: string, change: Partial<SwitchablePrice> = {}): SwitchablePrice {
  const [product, cycle] = name.split('_');
  const interval = { daily: 'day', monthly: 'month', yearly: 'year' }[cycle ?? ''];
  return {
    id: `pri_${name}`,
    productId: `pro_${product}`,
    recurring: interval !== undefined,
    offered: true,
    switchable: true,
    billingCycle: interval === undefined ? null : { interval, frequency: 1 },
    quantity: { min: 1, max: 10 },
    ...change,
  };
}

const PRICES = new Map(
  [
    price('solo_monthly', { quantity: { min: 1, max: 1 } }),
    price('solo_yearly', { quantity: { min: 1, max: 1 } }),
    price('team_monthly'),
    price('team_yearly'),
    price('fleet_monthly', { quantity: { min: 5, max: 100 } }),
    price('legacy_monthly', { offered: false }),
    price('legacy_yearly', { offered: false }),
    // An addon with a price for each cycle, one without, and one with two for a year.
    price('reports_monthly'),
    price('reports_yearly'),
    price('support_monthly'),
    price('storage_monthly'),
    price('storage_yearly'),
    price('storage_yearly_big'),
    // Of the two for a year only one is sold.
    price('maps_monthly'),
    price('maps_yearly'),
    price('maps_yearly_old', { offered: false }),
    // Sold, but not to those who subscribe already; of the two charts for a year, one is.
    price('intro_monthly', { switchable: false }),
    price('charts_monthly'),
    price('charts_yearly'),
    price('charts_yearly_intro', { switchable: false }),
    price('handbook_once'),
    price('crew_monthly', { billingCycle: { interval: 'month', frequency: 3 } }),
  ].map((one) => [one.id, one]),
);

/** `have('team_monthly 3', 'reports_monthly')` */
function have(...items: string[]): Subscription['items'] {
  return items.map((item) => itemOf(item.split(' ')[0]!, Number(item.split(' ')[1] ?? 1)));
}

const ordered = (...items: string[]) => have(...items).map(({ priceId, quantity }) => ({ priceId, quantity }));

/** `team_monthly 3`, `team_monthly` for whatever number that comes to. */
function wants(items: string[]): WantedSwitch {
  return {
    items: items.map((item) => {
      const [name, quantity] = item.split(' ');
      return { priceId: `pri_${name}`, ...(quantity !== undefined && { quantity: Number(quantity) }) };
    }),
  };
}

const to = (name: string, quantity?: number): WantedSwitch => ({
  priceId: `pri_${name}`,
  ...(quantity !== undefined && { quantity }),
});

function deciding(items: string[], wanted: WantedSwitch, change: Partial<Subscription> = {}) {
  const state: Decidable = { subscription: subscriptionWith({ items: have(...items), ...change }), scheduled: null, now: NOW };
  return given(state).when((found) => decideSwitch(found, wanted, PRICES));
}

const switched = (...items: string[]) => ({
  type: WISHES.switch,
  details: { items: ordered(...items), prorationBillingMode: 'prorated_immediately', onPaymentFailure: 'prevent_change' },
  dueAt: null,
});

describe('by one price', () => {
  it.each<[string, string[], WantedSwitch, string[]]>([
    ['another price of the product', ['solo_monthly'], to('solo_yearly'), ['solo_yearly']],
    ['another product', ['solo_monthly'], to('team_monthly'), ['team_monthly']],
    ['another product, with seats', ['solo_monthly'], to('team_monthly', 3), ['team_monthly 3']],
    ['seats alone', ['team_monthly 3'], to('team_monthly', 5), ['team_monthly 5']],
    ['seats stay with another price', ['team_monthly 3'], to('team_yearly'), ['team_yearly 3']],
    ['seats that the other product cannot have become one', ['team_monthly 3'], to('solo_monthly'), ['solo_monthly']],
    ['addons stay', ['solo_monthly', 'reports_monthly 2'], to('team_monthly'), ['team_monthly', 'reports_monthly 2']],
    ['addons move along', ['solo_monthly', 'reports_monthly 2'], to('solo_yearly'), ['solo_yearly', 'reports_yearly 2']],
    ['to the only price that is sold', ['solo_monthly', 'maps_monthly'], to('team_yearly'), ['team_yearly', 'maps_yearly']],
    [
      'to the only price that is offered to subscribers',
      ['solo_monthly', 'charts_monthly'],
      to('team_yearly'),
      ['team_yearly', 'charts_yearly'],
    ],
    ['a price not offered to subscribers, of one who has it', ['intro_monthly'], to('intro_monthly', 2), ['intro_monthly 2']],
    ['an addon alone', ['solo_monthly', 'reports_monthly'], to('reports_monthly', 4), ['solo_monthly', 'reports_monthly 4']],
    [
      'the plan in second place',
      ['reports_monthly', 'team_monthly'],
      to('team_monthly', 2),
      ['reports_monthly', 'team_monthly 2'],
    ],
    ['a grandfathered price grows', ['legacy_monthly 2'], to('legacy_monthly', 5), ['legacy_monthly 5']],
    ['a grandfathered addon stays', ['solo_monthly', 'legacy_monthly'], to('team_monthly'), ['team_monthly', 'legacy_monthly']],
    [
      'an addon that the catalog never heard of stays',
      ['solo_monthly', 'x_monthly 2'],
      to('team_monthly'),
      ['team_monthly', 'x_monthly 2'],
    ],
    ['nothing to take the place of', [], to('team_monthly', 2), ['team_monthly 2']],
  ])('%s', (_, items, wanted, after) => deciding(items, wanted).then(switched(...after)));

  it.each<[string, string[], WantedSwitch, string, object]>([
    ['exactly what is there', ['team_monthly 3'], to('team_monthly'), 'same_plan', {}],
    ['exactly what is there, with its number', ['team_monthly 3'], to('team_monthly', 3), 'same_plan', {}],
    [
      'a price that nobody knows',
      ['solo_monthly'],
      to('ghost_monthly'),
      'price_not_switchable',
      { priceId: 'pri_ghost_monthly' },
    ],
    [
      'a price that is bought once',
      ['solo_monthly'],
      to('handbook_once'),
      'price_not_switchable',
      { priceId: 'pri_handbook_once' },
    ],
    [
      'a price that is not sold',
      ['solo_monthly'],
      to('legacy_monthly'),
      'price_not_switchable',
      { priceId: 'pri_legacy_monthly' },
    ],
    [
      'a price that is not offered to subscribers',
      ['solo_monthly'],
      to('intro_monthly'),
      'price_not_switchable',
      { priceId: 'pri_intro_monthly' },
    ],
    [
      'more seats of a price that is not known',
      ['x_monthly'],
      to('x_monthly', 2),
      'price_not_switchable',
      { priceId: 'pri_x_monthly' },
    ],
    ['another price not sold of the same product', ['legacy_monthly'], to('legacy_yearly'), 'price_not_switchable', {}],
    ['too many', ['team_monthly'], to('team_monthly', 11), 'invalid_request', { errors: [{ pointer: '/quantity' }] }],
    ['none', ['team_monthly'], to('team_monthly', 0), 'invalid_request', { errors: [{ pointer: '/quantity' }] }],
    ['too few, where many are the least', ['team_monthly 3'], to('fleet_monthly'), 'invalid_request', {}],
    ['more of a grandfathered price than it allows', ['legacy_monthly'], to('legacy_monthly', 11), 'invalid_request', {}],
    [
      'an addon without a price for the new cycle',
      ['solo_monthly', 'support_monthly'],
      to('solo_yearly'),
      'price_not_switchable',
      { priceId: 'pri_support_monthly' },
    ],
    [
      'an addon with two',
      ['solo_monthly', 'storage_monthly'],
      to('solo_yearly'),
      'price_not_switchable',
      { priceId: 'pri_storage_monthly' },
    ],
    ['the same interval, another number', ['solo_monthly', 'support_monthly'], to('crew_monthly'), 'price_not_switchable', {}],
    ['the other price of a product that is there with both', ['team_monthly', 'team_daily'], to('team_daily'), 'same_plan', {}],
    ['no price at all', ['solo_monthly'], {}, 'invalid_request', { errors: [{ pointer: '/priceId' }] }],
    ['only a number', ['solo_monthly'], { quantity: 2 }, 'invalid_request', { errors: [{ pointer: '/priceId' }] }],
  ])('refuses %s', (_, items, wanted, code, extensions) => deciding(items, wanted).thenThrows(code, extensions));

  it.each([
    ['ghost_monthly', 'is not known here'],
    ['handbook_once', 'is bought once, not subscribed to'],
    ['legacy_monthly', 'is not sold any more'],
    ['intro_monthly', 'is not offered to those who subscribe already'],
  ])('says why not %s', (name, why) => {
    const state: Decidable = { subscription: subscriptionWith(), scheduled: null, now: NOW };
    expect(() => decideSwitch(state, to(name), PRICES)).toThrow(`One cannot switch to pri_${name}: it ${why}.`);
  });

  it('never moves the plan for the sake of an addon: a month’s bill would become a year’s', () =>
    deciding(['solo_monthly', 'reports_monthly'], to('reports_yearly')).thenThrows('price_not_switchable'));
});

describe('by all items', () => {
  it.each<[string, string[], string[], string[]]>([
    ['one is removed', ['solo_monthly', 'reports_monthly'], ['solo_monthly'], ['solo_monthly']],
    ['one is added', ['solo_monthly'], ['solo_monthly', 'reports_monthly 2'], ['solo_monthly', 'reports_monthly 2']],
    [
      'a number that is not named stays',
      ['team_monthly 3'],
      ['team_monthly', 'maps_monthly'],
      ['team_monthly 3', 'maps_monthly'],
    ],
    ['a new one without a number is one', ['solo_monthly'], ['team_monthly'], ['team_monthly']],
    [
      'a price that is not sold any more stays',
      ['legacy_monthly 2'],
      ['legacy_monthly', 'maps_monthly'],
      ['legacy_monthly 2', 'maps_monthly'],
    ],
    ['and shrinks', ['legacy_monthly 4', 'maps_monthly'], ['legacy_monthly 2'], ['legacy_monthly 2']],
    ['an unknown one stays', ['x_monthly 2'], ['x_monthly', 'maps_monthly'], ['x_monthly 2', 'maps_monthly']],
    ['all of it changes cycle', ['solo_monthly', 'maps_monthly'], ['solo_yearly', 'maps_yearly'], ['solo_yearly', 'maps_yearly']],
    ['the price beside it is not looked at', ['solo_monthly'], ['team_monthly 2'], ['team_monthly 2']],
  ])('%s', (_, items, wanted, after) =>
    deciding(items, { ...wants(wanted), priceId: 'pri_ghost_monthly', quantity: 99 }).then(switched(...after)),
  );

  it.each<[string, string[], string[], string, object]>([
    ['none', ['solo_monthly'], [], 'invalid_request', { errors: [{ pointer: '/items' }] }],
    [
      'one twice',
      ['solo_monthly'],
      ['maps_monthly', 'maps_monthly 2'],
      'invalid_request',
      { errors: [{ pointer: '/items/1/priceId' }] },
    ],
    [
      'too many',
      ['solo_monthly'],
      ['solo_monthly', 'maps_monthly 11'],
      'invalid_request',
      { errors: [{ pointer: '/items/1/quantity' }] },
    ],
    ['what is there', ['solo_monthly', 'maps_monthly 2'], ['solo_monthly', 'maps_monthly'], 'same_plan', {}],
    [
      'what is there, in another order',
      ['solo_monthly', 'maps_monthly 2'],
      ['maps_monthly 2', 'solo_monthly 1'],
      'same_plan',
      {},
    ],
    ['mixed cycles', ['solo_monthly'], ['solo_monthly', 'maps_yearly'], 'price_not_switchable', { priceId: 'pri_maps_yearly' }],
    [
      'something that is bought once',
      ['solo_monthly'],
      ['solo_monthly', 'handbook_once'],
      'price_not_switchable',
      { priceId: 'pri_handbook_once' },
    ],
    [
      'something that is not sold',
      ['solo_monthly'],
      ['solo_monthly', 'legacy_monthly'],
      'price_not_switchable',
      { priceId: 'pri_legacy_monthly' },
    ],
    ['something unknown', ['solo_monthly'], ['ghost_monthly'], 'price_not_switchable', { priceId: 'pri_ghost_monthly' }],
  ])('refuses %s', (_, items, wanted, code, extensions) => deciding(items, wants(wanted)).thenThrows(code, extensions));
});

describe('how it is billed', () => {
  it.each([
    ['active', {}, 'prorated_immediately', 'prevent_change'],
    ['trialing', {}, 'do_not_bill', 'prevent_change'],
    ['trialing', { prorationBillingMode: 'full_immediately' }, 'full_immediately', 'prevent_change'],
    ['active', { prorationBillingMode: 'do_not_bill' }, 'do_not_bill', 'prevent_change'],
    ['active', { onPaymentFailure: 'apply_change' }, 'prorated_immediately', 'apply_change'],
  ] as const)('%s, wanted %j: %s, %s', (status, wanted, prorationBillingMode, onPaymentFailure) =>
    deciding(['solo_monthly'], { ...to('team_monthly'), ...wanted }, { status }).then({
      type: WISHES.switch,
      details: { items: ordered('team_monthly'), prorationBillingMode, onPaymentFailure },
      dueAt: null,
    }),
  );
});

describe('with the next period', () => {
  const later = { ...to('team_monthly', 2), effectiveFrom: 'next_billing_period' } as const;

  it('waits until shortly before the renewal, and remembers what it was based on', () =>
    deciding(['solo_monthly'], later).then({
      type: WISHES.switchLater,
      details: { items: ordered('team_monthly 2'), basedOn: ordered('solo_monthly'), effectiveAt: RENEWAL },
      dueAt: '2026-06-30T23:25:00.000000Z',
    }));

  it.each<[string, Partial<Subscription>, string]>([
    ['there is no next period', { nextBilledAt: null }, 'subscription_not_active'],
    ['its time makes no sense', { nextBilledAt: 'someday' }, 'subscription_not_active'],
    ['it has begun, and has not been heard of', { nextBilledAt: '2026-06-15T11:59:59Z' }, 'subscription_renewing'],
  ])('is refused when %s', (_, change, code) => deciding(['solo_monthly'], later, change).thenThrows(code));

  it('is checked as if it were made now', () => {
    const { effectiveFrom } = later;
    deciding(['solo_monthly'], { ...to('solo_monthly'), effectiveFrom }).thenThrows('same_plan');
    deciding(['solo_monthly'], { ...to('legacy_monthly'), effectiveFrom }).thenThrows('price_not_switchable');
  });
});

it('refuses, or leaves the subscription with one billing cycle and every price once, whatever is asked for', () => {
  const names = [...PRICES.keys()].map((id) => id.slice('pri_'.length));
  let decided = 0;
  for (const plan of names.filter((name) => name.endsWith('monthly'))) {
    for (const addon of names.filter((name) => name.endsWith('monthly') && name !== plan)) {
      const state = { subscription: subscriptionWith({ items: have(plan, addon) }), scheduled: null, now: NOW };
      for (const name of names) {
        const outcome = outcomeOf(() => decideSwitch(state, to(name), PRICES));
        if ('refused' in outcome) continue;
        decided++;
        const ids = (outcome.details.items as { priceId: string }[]).map(({ priceId }) => priceId);
        expect(new Set(ids).size).toBe(2);
        expect(new Set(ids.map((id) => JSON.stringify(PRICES.get(id)!.billingCycle))).size).toBe(1);
      }
    }
  }
  expect(decided).toBeGreaterThan(100);
});
