import { itemOf } from '../../test/support/subscriptions';
import { accessChanges, type AccessChanges } from './access-changes';

const PRICES = new Map(
  ['solo_monthly', 'solo_yearly', 'team_monthly', 'team_yearly', 'maps_monthly'].map((name) => [
    `pri_${name}`,
    { productId: `pro_${name.split('_')[0]}` },
  ]),
);

/** `team_monthly 3` */
function items(text: string) {
  return text
    .split(', ')
    .filter((one) => one !== '')
    .map((one) => itemOf(one.split(' ')[0]!, Number(one.split(' ')[1] ?? 1)));
}

function changes(before: string, after: string): AccessChanges {
  const ordered = items(after).map(({ priceId, quantity }) => ({ priceId, quantity }));
  return accessChanges({ items: items(before) }, ordered, PRICES);
}

const nothing: AccessChanges = { access: { gained: [], lost: [] }, seats: [] };

it.each<[string, string, string, AccessChanges]>([
  ['nothing, where nothing changes', 'solo_monthly', 'solo_monthly', nothing],
  ['nothing, where only the cycle changes', 'team_monthly 3', 'team_yearly 3', nothing],
  ['another plan', 'solo_monthly', 'team_monthly', { access: { gained: ['pro_team'], lost: ['pro_solo'] }, seats: [] }],
  ['an addon more', 'solo_monthly', 'solo_monthly, maps_monthly', { ...nothing, access: { gained: ['pro_maps'], lost: [] } }],
  ['an addon less', 'solo_monthly, maps_monthly', 'solo_monthly', { ...nothing, access: { gained: [], lost: ['pro_maps'] } }],
  ['more seats', 'team_monthly 3', 'team_monthly 5', { ...nothing, seats: [{ productId: 'pro_team', before: 3, after: 5 }] }],
  ['fewer seats', 'team_monthly 3', 'team_yearly', { ...nothing, seats: [{ productId: 'pro_team', before: 3, after: 1 }] }],
  ['the seats of two prices of one product together', 'team_monthly 2, team_yearly 2', 'team_monthly 4', nothing],
  [
    'no seats of a product that comes or goes',
    'team_monthly 3',
    'maps_monthly 5',
    {
      access: { gained: ['pro_maps'], lost: ['pro_team'] },
      seats: [],
    },
  ],
  ['nothing of a price that only the subscription knows', 'x_monthly 2', 'x_monthly 2', nothing],
  ['nothing of a price that nobody knows', 'solo_monthly', 'solo_monthly, ghost_monthly', nothing],
  [
    'everything at first',
    '',
    'team_monthly, solo_monthly',
    { ...nothing, access: { gained: ['pro_solo', 'pro_team'], lost: [] } },
  ],
])('gives and takes %s', (_, before, after, expected) => expect(changes(before, after)).toEqual(expected));
