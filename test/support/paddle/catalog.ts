import { paddleId } from './ids';

const CREATED_AT = '2025-11-03T09:12:44.605Z';

export type Product = ReturnType<typeof product>;
export type Price = ReturnType<typeof price>;

function product(label: string, name: string, description: string) {
  return {
    id: paddleId('pro', label),
    name,
    type: 'standard',
    tax_category: 'standard',
    description,
    image_url: `https://cdn.example.com/products/${label}.png`,
    custom_data: {
      features: { sync: true, exports: label !== 'solo', audit_log: label === 'team', priority_support: label === 'team' },
    },
    status: 'active',
    import_meta: null,
    created_at: CREATED_AT,
    updated_at: '2025-12-01T15:53:44.687Z',
  };
}

function price(label: string, of: Product, name: string, amount: string, trialDays = 0) {
  return {
    id: paddleId('pri', label),
    name,
    type: 'standard',
    status: 'active',
    quantity: { minimum: 1, maximum: 100 },
    tax_mode: 'account_setting',
    created_at: CREATED_AT,
    product_id: of.id,
    unit_price: { amount, currency_code: 'USD' },
    updated_at: '2025-12-01T15:55:52.254748Z',
    custom_data: null,
    description: name,
    import_meta: null,
    trial_period: trialDays ? { interval: 'day', frequency: trialDays, requires_payment_method: true } : null,
    billing_cycle: { interval: 'month', frequency: 1 },
    unit_price_overrides: [],
  };
}

export const SOLO = product(
  'solo',
  'Rowboat Solo',
  'For one person: unlimited projects, sync between devices and a year of version history.',
);
export const TEAM = product(
  'team',
  'Rowboat Team',
  'For teams: everything in Solo, with shared projects, roles, exports and an audit log.',
);
export const REPORTS = product(
  'reports',
  'Reports addon',
  'Scheduled reports with templates and trends across projects, delivered by mail.',
);

export const SOLO_MONTHLY = price('solo-monthly', SOLO, 'Monthly', '1200');
export const SOLO_TRIAL = price('solo-trial', SOLO, 'Monthly, 14 days free', '1200', 14);
export const TEAM_MONTHLY = price('team-monthly', TEAM, 'Monthly (per seat)', '3000');
export const REPORTS_MONTHLY = price('reports-monthly', REPORTS, 'Monthly (addon)', '500');

export const PRODUCT_OF = new Map([SOLO, TEAM, REPORTS].map((one) => [one.id, one]));
