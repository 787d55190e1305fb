import { createPrice, createProduct, type NewPrice, type NewProduct } from './catalog';
import { createDiscount } from './discounts';
import type { Duration, Price, Product } from './entities';
import { Random } from './random';
import { microsOf } from './time';
import type { World } from './world';

/** The ids of the demo catalog depend on the seed alone, so that they can be written down. */
const MADE_AT = microsOf('2026-01-01T00:00:00Z');

const MONTHLY: Duration = { interval: 'month', frequency: 1 };
const YEARLY: Duration = { interval: 'year', frequency: 1 };

/** Two plans, monthly and yearly, the second of them by seats; an addon; something to buy once; a discount code. */
export function makeDemoCatalog(world: World): void {
  const solo = product(world, 'solo', { name: 'Rowboat Solo', description: 'For one person: all projects, on all devices.' });
  const team = product(world, 'team', { name: 'Rowboat Team', description: 'For teams: shared projects, roles, an audit log.' });
  const reports = product(world, 'reports', { name: 'Reports', description: 'An addon: scheduled reports by mail.' });
  const handbook = product(world, 'handbook', { name: 'The Rowing Handbook', description: 'A book, bought once.' });
  price(world, solo, 'solo-monthly', 'Monthly', '1200', { billing_cycle: MONTHLY, ...inEuropeAndJapan('1100', '1800') });
  price(world, solo, 'solo-yearly', 'Yearly', '12000', { billing_cycle: YEARLY, ...inEuropeAndJapan('11000', '18000') });
  price(world, solo, 'solo-trial', 'Monthly, 14 days free', '1200', {
    billing_cycle: MONTHLY,
    trial_period: { interval: 'day', frequency: 14 },
  });
  price(world, team, 'team-monthly', 'Monthly (per seat)', '3000', { billing_cycle: MONTHLY, quantity: SEATS });
  price(world, team, 'team-yearly', 'Yearly (per seat)', '30000', { billing_cycle: YEARLY, quantity: SEATS });
  price(world, reports, 'reports-monthly', 'Monthly', '500', { billing_cycle: MONTHLY, quantity: ONE });
  price(world, reports, 'reports-yearly', 'Yearly', '5000', { billing_cycle: YEARLY, quantity: ONE });
  price(world, handbook, 'handbook', 'One-time', '4900', { quantity: { minimum: 1, maximum: 10 } });
  createDiscount(world, {
    description: 'Ten percent off for three months',
    type: 'percentage',
    amount: '10',
    code: 'ROW10',
    recur: true,
    maximum_recurring_intervals: 3,
  });
}

const SEATS = { minimum: 1, maximum: 500 };
const ONE = { minimum: 1, maximum: 1 };

/** What the demo catalog calls a price (`solo-monthly`), as Paddle's id. */
export function demoPriceId(seed: string, label: string): string {
  return demoId(seed, 'pri', label);
}

function product(world: World, label: string, input: Omit<NewProduct, 'tax_category'>): Product {
  return createProduct(world, {
    ...input,
    id: demoId(world.options.seed, 'pro', label),
    tax_category: 'saas',
    image_url: `https://cdn.example.com/products/${label}.png`,
    custom_data: { demo: label },
  });
}

function price(world: World, of: Product, label: string, name: string, amount: string, rest: Partial<NewPrice>): Price {
  const id = demoPriceId(world.options.seed, label);
  const unitPrice = { amount, currency_code: 'USD' };
  return createPrice(world, of.id, { id, name, description: `${of.name}, ${name}`, unit_price: unitPrice, ...rest });
}

function inEuropeAndJapan(euro: string, yen: string): Pick<NewPrice, 'unit_price_overrides'> {
  return {
    unit_price_overrides: [
      { country_codes: ['DE', 'FR', 'NL', 'ES', 'IT', 'IE'], unit_price: { amount: euro, currency_code: 'EUR' } },
      { country_codes: ['JP'], unit_price: { amount: yen, currency_code: 'JPY' } },
    ],
  };
}

function demoId(seed: string, prefix: string, label: string): string {
  return Random.from(`${seed}\ncatalog\n${label}`).id(prefix, MADE_AT);
}
