import { given } from '../../test/support/given';
import { decideCheckout, type BuyablePrice } from './decide-checkout';

function price(id: string, cycle: string | null, change: Partial<BuyablePrice> = {}): BuyablePrice {
  const [frequency, interval] = cycle?.split(' ') ?? [];
  const billingCycle = interval === undefined ? null : { interval, frequency: Number(frequency) };
  return { id, offered: true, billingCycle, quantity: { min: 1, max: 10 }, ...change };
}

const PRICES = new Map(
  [
    price('monthly', '1 month'),
    price('also_monthly', '1 month'),
    price('quarterly', '3 month'),
    price('yearly', '1 year'),
    price('handbook', null),
    price('poster', null),
    price('pack', null, { quantity: { min: 5, max: 5 } }),
    price('archived', '1 month', { offered: false }),
  ].map((one) => [one.id, one]),
);

/** `monthly 2`: two of it; `monthly`: without a number. */
function wanting(text: string) {
  const wanted = text
    .split(', ')
    .filter((item) => item !== '')
    .map((item) => {
      const [priceId, quantity] = item.split(' ');
      return { priceId: priceId!, ...(quantity !== undefined && { quantity: Number(quantity) }) };
    });
  return given(wanted).when((items) => decideCheckout(items, PRICES));
}

it.each<[string, { priceId: string; quantity: number }[]]>([
  ['monthly', [{ priceId: 'monthly', quantity: 1 }]],
  ['monthly 10', [{ priceId: 'monthly', quantity: 10 }]],
  ['pack 5', [{ priceId: 'pack', quantity: 5 }]],
  [
    'poster, handbook 2',
    [
      { priceId: 'poster', quantity: 1 },
      { priceId: 'handbook', quantity: 2 },
    ],
  ],
  [
    'monthly, also_monthly',
    [
      { priceId: 'monthly', quantity: 1 },
      { priceId: 'also_monthly', quantity: 1 },
    ],
  ],
  [
    'yearly, handbook',
    [
      { priceId: 'yearly', quantity: 1 },
      { priceId: 'handbook', quantity: 1 },
    ],
  ],
])('sells %s', (wanted, items) => wanting(wanted).then(items));

it.each<[string, string, object]>([
  ['ghost', 'price_not_available', { priceId: 'ghost' }],
  ['monthly, archived', 'price_not_available', { priceId: 'archived' }],
  ['monthly 0', 'invalid_request', { errors: [{ pointer: '/items/0/quantity', detail: 'must be from 1 to 10' }] }],
  ['monthly, also_monthly 11', 'invalid_request', { errors: [{ pointer: '/items/1/quantity' }] }],
  ['pack', 'invalid_request', { errors: [{ pointer: '/items/0/quantity', detail: 'must be from 5 to 5' }] }],
  ['monthly, handbook, monthly', 'invalid_request', { errors: [{ pointer: '/items/2/priceId' }] }],
  ['monthly, yearly', 'invalid_request', { errors: [{ pointer: '/items' }] }],
  ['monthly, quarterly', 'invalid_request', { errors: [{ pointer: '/items' }] }],
])('does not sell "%s": %s', (wanted, code, extensions) => wanting(wanted).thenThrows(code, extensions));
