import type { CommandRow } from '../../src/commands';
import type { OrderedItem } from '../../src/provider';
import type { Subscription } from '../../src/subscriptions';

/** When the subscription of these tests is billed next. */
export const RENEWAL = '2026-07-01T00:00:00Z';

export function subscriptionWith(change: Partial<Subscription> = {}): Subscription {
  return {
    id: 'sub_1',
    customerId: 'ctm_1',
    status: 'active',
    collectionMode: 'automatic',
    currency: 'USD',
    startedAt: '2026-01-01T00:00:00Z',
    nextBilledAt: RENEWAL,
    pausedAt: null,
    canceledAt: null,
    currentPeriod: { startsAt: '2026-06-01T00:00:00Z', endsAt: RENEWAL },
    scheduledChange: null,
    items: [itemOf('solo_monthly')],
    lastPayment: null,
    pastDueSince: null,
    ...change,
  };
}

/** `itemOf('team_yearly', 5)`: five of the price `pri_team_yearly` of the product `pro_team`. */
export function itemOf(price: string, quantity = 1): Subscription['items'][number] {
  return {
    status: 'active',
    productId: `pro_${price.split('_')[0]}`,
    productName: null,
    priceId: `pri_${price}`,
    priceName: null,
    unitAmount: '1000',
    quantity,
    recurring: true,
    trialEndsAt: null,
  };
}

/** The command of a switch that waits for the end of the period. */
export function scheduledSwitchCommand(items: OrderedItem[], basedOn: OrderedItem[]): CommandRow {
  const streamId = 'command:sub_1';
  const place = { streamId, subject: 'sub_1', customerId: 'ctm_1', userId: 'user_1' };
  const when = { instanceId: 'i-1', dueAt: '2026-06-30T23:25:00.000000Z', wishedAt: '2026-06-15T12:00:00Z' };
  const details = { items, basedOn, effectiveAt: RENEWAL };
  const wish = { type: 'subscription.switch_scheduled', details, wishEventId: 'wish_switch_1', ...place, ...when };
  return { commandId: 'switch_1', wish, subject: 'sub_1', outcome: null, state: 'scheduled', streamId };
}
