/** The entities as Paddle's webhooks show them (REFERENCE 2): the world keeps them in this very form. */

export type CustomData = Record<string, unknown> | null;

export interface Money {
  amount: string;
  currency_code: string;
}

export interface Duration {
  interval: 'day' | 'week' | 'month' | 'year';
  frequency: number;
}

export interface Period {
  starts_at: string;
  ends_at: string;
}

export interface Proration {
  rate: string;
  billing_period: Period;
}

export interface Entity {
  id: string;
  created_at: string;
  updated_at: string;
  custom_data: CustomData;
  import_meta: { external_id: string | null; imported_from: string } | null;
}

export interface Product extends Entity {
  name: string;
  type: 'standard' | 'custom';
  status: 'active' | 'archived';
  description: string | null;
  image_url: string | null;
  tax_category: string;
}

export interface Price extends Entity {
  product_id: string;
  name: string | null;
  description: string;
  type: 'standard' | 'custom';
  status: 'active' | 'archived';
  billing_cycle: Duration | null;
  trial_period: (Duration & { requires_payment_method: boolean }) | null;
  tax_mode: 'account_setting' | 'external' | 'internal' | 'location';
  unit_price: Money;
  unit_price_overrides: { country_codes: string[]; unit_price: Money }[];
  quantity: { minimum: number; maximum: number };
}

export interface Customer extends Entity {
  name: string | null;
  email: string;
  locale: string;
  status: 'active' | 'archived';
  marketing_consent: boolean;
}

export interface Address extends Entity {
  customer_id: string;
  description: string | null;
  first_line: string | null;
  second_line: string | null;
  city: string | null;
  postal_code: string | null;
  region: string | null;
  country_code: string;
  status: 'active' | 'archived';
}

export interface Business extends Entity {
  customer_id: string;
  name: string;
  company_number: string | null;
  tax_identifier: string | null;
  contacts: { name: string; email: string }[];
  status: 'active' | 'archived';
}

export interface Discount extends Entity {
  status: 'active' | 'archived';
  description: string;
  enabled_for_checkout: boolean;
  code: string | null;
  type: 'flat' | 'flat_per_seat' | 'percentage';
  mode: 'standard' | 'custom';
  amount: string;
  currency_code: string | null;
  recur: boolean;
  maximum_recurring_intervals: number | null;
  usage_limit: number | null;
  restrict_to: string[] | null;
  expires_at: string | null;
  discount_group_id: string | null;
}

export interface BillingDetails {
  enable_checkout: boolean;
  purchase_order_number: string;
  additional_information: string | null;
  payment_terms: Duration;
}

export interface ScheduledChange {
  action: 'cancel' | 'pause' | 'resume';
  effective_at: string;
  resume_at: string | null;
}

export interface SubscriptionItem {
  status: 'active' | 'inactive' | 'trialing';
  quantity: number;
  recurring: boolean;
  created_at: string;
  updated_at: string;
  previously_billed_at: string | null;
  next_billed_at: string | null;
  trial_dates: Period | null;
  price: Price;
  product: Product;
}

export interface Subscription extends Entity {
  status: 'active' | 'canceled' | 'past_due' | 'paused' | 'trialing';
  customer_id: string;
  address_id: string;
  business_id: string | null;
  currency_code: string;
  started_at: string | null;
  first_billed_at: string | null;
  next_billed_at: string | null;
  paused_at: string | null;
  canceled_at: string | null;
  discount: { id: string; starts_at: string | null; ends_at: string | null } | null;
  collection_mode: 'automatic' | 'manual';
  billing_details: BillingDetails | null;
  current_billing_period: Period | null;
  billing_cycle: Duration;
  scheduled_change: ScheduledChange | null;
  items: SubscriptionItem[];
  consent_requirements: never[];
}
