/** JSON Schemas of the bodies that Paddle's API takes (REFERENCE 4). A field that is not named here is refused. */

type Schema = Record<string, unknown>;

const string: Schema = { type: 'string' };
const text: Schema = { type: 'string', minLength: 1 };
const boolean: Schema = { type: 'boolean' };
const amount: Schema = { type: 'string', pattern: '^-?\\d+$' };
const decimal: Schema = { type: 'string', pattern: '^\\d+(\\.\\d+)?$' };
const time: Schema = { type: 'string', format: 'date-time' };
const quantity: Schema = { type: 'integer', minimum: 1 };
const currency: Schema = { type: 'string', pattern: '^[A-Z]{3}$' };
const country: Schema = { type: 'string', pattern: '^[A-Z]{2}$' };
const customData = orNull({ type: 'object' });

function id(prefix: string): Schema {
  return { type: 'string', pattern: `^${prefix}_[a-z\\d]{26}$` };
}

function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

function oneOf(...values: string[]): Schema {
  return { type: 'string', enum: values };
}

function list(items: Schema, least = 0, most = 100): Schema {
  return { type: 'array', items, minItems: least, maxItems: most };
}

/** Names that end with `!` are required. */
function object(properties: Record<string, Schema>): Schema {
  const entries = Object.entries(properties).map(([name, schema]) => [name.replace('!', ''), schema]);
  const required = Object.keys(properties).flatMap((name) => (name.endsWith('!') ? name.slice(0, -1) : []));
  return { type: 'object', additionalProperties: false, required, properties: Object.fromEntries(entries) };
}

const money = object({ 'amount!': amount, 'currency_code!': currency });
const duration = object({ 'interval!': oneOf('day', 'week', 'month', 'year'), 'frequency!': quantity });
const trial = object({
  'interval!': oneOf('day', 'week', 'month', 'year'),
  'frequency!': quantity,
  requires_payment_method: boolean,
});
const period = object({ 'starts_at!': time, 'ends_at!': time });
const range = object({ 'minimum!': quantity, 'maximum!': quantity });

const product = object({
  'name!': text,
  'tax_category!': text,
  description: orNull(string),
  image_url: orNull(string),
  custom_data: customData,
});

const priceFields = {
  'description!': text,
  name: orNull(string),
  'unit_price!': money,
  unit_price_overrides: list(object({ 'country_codes!': list(country, 1), 'unit_price!': money })),
  tax_mode: oneOf('account_setting', 'external', 'internal', 'location'),
  quantity: range,
  billing_cycle: orNull(duration),
  trial_period: orNull(trial),
  custom_data: customData,
};
const describedPrice: Schema = {
  anyOf: [object({ ...priceFields, 'product_id!': id('pro') }), object({ ...priceFields, 'product!': product })],
};

/** @param named whether a price from the catalog may leave its quantity out */
function items(named: Schema): Schema {
  return list(
    { anyOf: [object({ 'price_id!': id('pri'), ...named }), object({ 'price!': describedPrice, 'quantity!': quantity })] },
    1,
  );
}

const billingDetails = object({
  enable_checkout: boolean,
  purchase_order_number: orNull(string),
  additional_information: orNull(string),
  'payment_terms!': duration,
});

const inlineDiscount = object({
  'description!': text,
  'type!': oneOf('flat', 'flat_per_seat', 'percentage'),
  'amount!': decimal,
  recur: boolean,
  maximum_recurring_intervals: orNull(quantity),
  custom_data: customData,
  restrict_to: orNull(list(string)),
  currency_code: orNull(currency),
});

const transactionFields = {
  status: oneOf('draft', 'ready', 'billed', 'canceled'),
  customer_id: orNull(id('ctm')),
  address_id: orNull(id('add')),
  business_id: orNull(id('biz')),
  custom_data: customData,
  currency_code: currency,
  collection_mode: oneOf('automatic', 'manual'),
  discount_id: orNull(id('dsc')),
  discount: orNull(inlineDiscount),
  billing_details: orNull(billingDetails),
  billing_period: orNull(period),
  checkout: orNull(object({ url: orNull(string) })),
};

const effectiveFrom = orNull(oneOf('next_billing_period', 'immediately'));
const onResume = oneOf('start_new_billing_period', 'continue_existing_billing_period');
const onPaymentFailure = oneOf('prevent_change', 'apply_change');

export const NO_BODY = null;

export const SUBSCRIPTION_UPDATE = object({
  customer_id: id('ctm'),
  address_id: id('add'),
  business_id: orNull(id('biz')),
  currency_code: currency,
  next_billed_at: time,
  discount: orNull(object({ 'id!': id('dsc'), 'effective_from!': oneOf('immediately', 'next_billing_period') })),
  collection_mode: oneOf('automatic', 'manual'),
  billing_details: orNull(billingDetails),
  scheduled_change: orNull({ type: 'object' }),
  items: items({ quantity }),
  custom_data: customData,
  proration_billing_mode: oneOf(
    'prorated_immediately',
    'prorated_next_billing_period',
    'full_immediately',
    'full_next_billing_period',
    'do_not_bill',
  ),
  on_payment_failure: onPaymentFailure,
});
export const CANCEL = object({ effective_from: effectiveFrom });
export const PAUSE = object({ effective_from: effectiveFrom, resume_at: orNull(time), on_resume: onResume });
export const RESUME = object({ 'effective_from!': { anyOf: [oneOf('immediately'), time] }, on_resume: onResume });
export const CHARGE = object({
  'effective_from!': oneOf('next_billing_period', 'immediately'),
  'items!': items({ 'quantity!': quantity }),
  on_payment_failure: onPaymentFailure,
});
export const TRANSACTION_CREATE = object({ 'items!': items({ 'quantity!': quantity }), ...transactionFields });
export const TRANSACTION_UPDATE = object({ items: items({ 'quantity!': quantity }), ...transactionFields });
export const TRANSACTION_PREVIEW = object({
  'items!': list(
    {
      anyOf: [
        object({ 'price_id!': id('pri'), 'quantity!': quantity, include_in_totals: boolean }),
        object({ 'price!': describedPrice, 'quantity!': quantity, include_in_totals: boolean }),
      ],
    },
    1,
  ),
  customer_id: orNull(id('ctm')),
  address_id: orNull(id('add')),
  business_id: orNull(id('biz')),
  currency_code: currency,
  discount_id: orNull(id('dsc')),
  discount: orNull(inlineDiscount),
  address: orNull(object({ postal_code: orNull(string), 'country_code!': country })),
  customer_ip_address: orNull(string),
  ignore_trials: boolean,
});
export const TRANSACTION_REVISE = object({
  customer: object({ name: orNull(string) }),
  business: object({ name: orNull(string), tax_identifier: orNull(string) }),
  address: object({ first_line: orNull(string), second_line: orNull(string), city: orNull(string), region: orNull(string) }),
});
export const ADJUSTMENT_CREATE = object({
  'action!': oneOf('credit', 'refund'),
  'transaction_id!': id('txn'),
  'reason!': text,
  type: oneOf('full', 'partial'),
  tax_mode: oneOf('internal', 'external'),
  items: orNull(
    list(object({ 'item_id!': id('txnitm'), 'type!': oneOf('full', 'partial', 'tax', 'proration'), amount: orNull(amount) }), 1),
  ),
});
export const PRODUCT_CREATE = product;
export const PRODUCT_UPDATE = object({
  name: text,
  tax_category: text,
  description: orNull(string),
  image_url: orNull(string),
  custom_data: customData,
  status: oneOf('active', 'archived'),
});
export const PRICE_CREATE = object({ ...priceFields, 'product_id!': id('pro') });
export const PRICE_UPDATE = object({ ...optional(priceFields), status: oneOf('active', 'archived') });
export const CUSTOMER_CREATE = object({ 'email!': text, name: orNull(string), locale: string, custom_data: customData });
export const CUSTOMER_UPDATE = object({
  email: text,
  name: orNull(string),
  locale: string,
  custom_data: customData,
  status: oneOf('active', 'archived'),
});
const addressFields = {
  description: orNull(string),
  first_line: orNull(string),
  second_line: orNull(string),
  city: orNull(string),
  postal_code: orNull(string),
  region: orNull(string),
  custom_data: customData,
};
export const ADDRESS_CREATE = object({ 'country_code!': country, ...addressFields });
export const BUSINESS_CREATE = object({
  'name!': text,
  company_number: orNull(string),
  tax_identifier: orNull(string),
  contacts: list(object({ 'name!': string, 'email!': text })),
  custom_data: customData,
});
export const DISCOUNT_CREATE = object({
  'description!': text,
  'type!': oneOf('flat', 'flat_per_seat', 'percentage'),
  'amount!': decimal,
  code: orNull(text),
  enabled_for_checkout: boolean,
  currency_code: orNull(currency),
  recur: boolean,
  maximum_recurring_intervals: orNull(quantity),
  usage_limit: orNull(quantity),
  restrict_to: orNull(list(string)),
  expires_at: orNull(time),
  custom_data: customData,
});
export const PORTAL_SESSION = object({ subscription_ids: orNull(list(id('sub'), 0, 25)) });
export const SETTING_CREATE = object({
  'description!': text,
  'destination!': text,
  'subscribed_events!': list(text, 1),
  'type!': oneOf('url', 'email'),
  api_version: { type: 'integer' },
  include_sensitive_fields: boolean,
  traffic_source: oneOf('platform', 'simulation', 'all'),
});
export const SETTING_UPDATE = object({
  description: text,
  destination: text,
  subscribed_events: list(text, 1),
  active: boolean,
  api_version: { type: 'integer' },
  include_sensitive_fields: boolean,
  traffic_source: oneOf('platform', 'simulation', 'all'),
});

function optional(properties: Record<string, Schema>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name.replace('!', ''), schema]));
}
