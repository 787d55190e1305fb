import { lineItem, snapshotOfAdjustment } from '../../test/support/facts';
import { itemOf, subscriptionWith } from '../../test/support/subscriptions';
import type { Instant } from '../platform/instant';
import type { Purchase } from '../purchases';
import { ProductConfiguration, productSetting } from '../settings';
import type { Subscription } from '../subscriptions';
import { entitlementsOf } from './entitlement';

const NOW = '2026-06-15T12:00:00.000000Z' as Instant;
const access = { paused: 'read_only', pastDueGraceDays: 3 } as const;
const CONFIGURATION = new ProductConfiguration(
  [
    productSetting({
      productId: 'pro_team',
      access,
      prices: [
        { priceId: 'pri_team_yearly', entities: 2 },
        { priceId: 'pri_team_extra', entities: 1 },
      ],
    }),
    productSetting({ productId: 'pro_1', prices: [{ priceId: 'pri_1', entities: 5 }] }),
  ],
  {},
);

const ofSubscription = (change: Partial<Subscription>, now = NOW) =>
  entitlementsOf(
    { subscriptions: [subscriptionWith({ items: [itemOf('team_yearly', 3)], ...change })], purchases: [] },
    CONFIGURATION,
    now,
  )[0]!;

describe('a subscription', () => {
  it('grants entities × quantity, of all its prices that grant any', () => {
    const items = [itemOf('team_yearly', 3), itemOf('team_extra', 4), itemOf('solo_monthly', 9)];
    expect(ofSubscription({ items })).toEqual({
      source: { type: 'subscription', id: 'sub_1' },
      customerId: 'ctm_1',
      holds: ['pro_team', 'pro_solo'],
      products: [{ productId: 'pro_team', total: 10, state: 'granting', reason: null }],
      changesAt: null,
    });
  });
  it('grants nothing for an inactive item', () =>
    expect(ofSubscription({ items: [{ ...itemOf('team_yearly', 3), status: 'inactive' }] }).products).toMatchObject([
      { total: 0 },
    ]));
  it.each([
    [{ status: 'trialing' }, 6, 'granting', null],
    [{ status: 'paused' }, 6, 'suspended', 'subscription_paused'],
    [{ status: 'canceled' }, 0, 'lapsed', 'subscription_lapsed'],
    [{ status: 'hibernating' }, 6, 'suspended', 'subscription_status_unknown'],
    [{ status: 'past_due', pastDueSince: '2026-06-13T12:00:00Z' }, 6, 'granting', null],
    [{ status: 'past_due', pastDueSince: '2026-06-10T12:00:00Z' }, 6, 'suspended', 'subscription_past_due'],
  ])('that is %p grants %d: %s', (change, total, state, reason) =>
    expect(ofSubscription(change).products).toEqual([{ productId: 'pro_team', total, state, reason }]),
  );
  it('says when this changes by itself', () => {
    expect(ofSubscription({ status: 'past_due', pastDueSince: '2026-06-13T12:00:00Z' }).changesAt).toBe(
      '2026-06-16T12:00:00.000000Z',
    );
    const scheduledChange = { action: 'cancel', effectiveAt: '2026-07-01T00:00:00Z', resumeAt: null };
    expect(ofSubscription({ scheduledChange }).changesAt).toBe('2026-07-01T00:00:00.000000Z');
    const later = ofSubscription({ scheduledChange }, '2026-07-01T00:00:00.000000Z' as Instant);
    expect(later).toMatchObject({ changesAt: null, products: [{ state: 'lapsed' }] });
  });
});

describe('a purchase', () => {
  const purchase: Purchase = {
    id: 'txn_1',
    customerId: 'ctm_1',
    purchasedAt: null,
    currency: 'USD',
    grandTotal: '2000',
    lines: [lineItem({ quantity: 2 }), lineItem({ id: 'txnitm_2' })],
    adjustments: [],
  };
  const adjusted = (given: object) => ({
    ...purchase,
    adjustments: [{ ...snapshotOfAdjustment(given), id: 'adj_1', watermark: '', firstSeenAt: NOW }],
  });
  const productsOf = (one: Purchase) => entitlementsOf({ subscriptions: [], purchases: [one] }, CONFIGURATION, NOW)[0]!.products;

  it('grants for every line', () =>
    expect(productsOf(purchase)).toEqual([{ productId: 'pro_1', total: 15, state: 'granting', reason: null }]));
  it('grants less when one line is refunded', () => {
    const items = [{ lineId: 'txnitm_1', type: 'full', total: '1000' }];
    expect(productsOf(adjusted({ items }))).toMatchObject([{ total: 5, state: 'granting' }]);
  });
  it.each([
    ['refund', 'purchase_refunded'],
    ['chargeback', 'purchase_charged_back'],
  ])('has lapsed by a full %s', (action, reason) =>
    expect(productsOf(adjusted({ action, type: 'full' }))).toEqual([{ productId: 'pro_1', total: 0, state: 'lapsed', reason }]),
  );
});
