/** Compares bodies by what they are made of: fields, JSON types, and the formats of REFERENCE 2. */

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

interface Seen {
  kinds: Set<Kind>;
  values: unknown[];
}

/** What was seen at each path; `[]` stands for every element of an array. */
export type Shape = Map<string, Seen>;

export function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as Kind);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return kindOf(value) === 'object';
}

/** Paths whose insides are the seller's own. */
const OPAQUE = /(^|\.)custom_data$/;

export function shapeOf(body: unknown, shape: Shape = new Map(), path = ''): Shape {
  const seen = shape.get(path) ?? { kinds: new Set<Kind>(), values: [] };
  shape.set(path, seen);
  seen.kinds.add(kindOf(body));
  seen.values.push(body);
  if (OPAQUE.test(path)) return shape;
  if (Array.isArray(body)) for (const element of body) shapeOf(element, shape, `${path}[]`);
  else if (isObject(body)) {
    for (const [name, value] of Object.entries(body)) shapeOf(value, shape, path ? `${path}.${name}` : name);
  }
  return shape;
}

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const STATUSES: Record<string, string[]> = {
  subscription: ['active', 'canceled', 'past_due', 'paused', 'trialing'],
  transaction: ['draft', 'ready', 'billed', 'paid', 'completed', 'canceled', 'past_due'],
  adjustment: ['pending_approval', 'approved', 'rejected', 'reversed'],
};
const CATALOG = ['active', 'archived'];
// prettier-ignore
const CURRENCIES = [
  'USD', 'EUR', 'GBP', 'JPY', 'AUD', 'CAD', 'CHF', 'HKD', 'SGD', 'SEK', 'ARS', 'BRL', 'CLP', 'CNY', 'COP', 'CZK', 'DKK', 'HUF',
  'ILS', 'INR', 'KRW', 'MXN', 'NOK', 'NZD', 'PEN', 'PLN', 'RUB', 'THB', 'TRY', 'TWD', 'UAH', 'VND', 'ZAR',
];

const PREFIXES: Record<string, string> = {
  event_id: 'evt',
  notification_id: 'ntf',
  customer_id: 'ctm',
  address_id: 'add',
  business_id: 'biz',
  subscription_id: 'sub',
  transaction_id: 'txn',
  invoice_id: 'inv',
  discount_id: 'dsc',
  product_id: 'pro',
  price_id: 'pri',
  item_id: 'txnitm',
  payment_method_id: 'paymtd',
};
const OWN_PREFIX: Record<string, string> = {
  subscription: 'sub',
  transaction: 'txn',
  adjustment: 'adj',
  customer: 'ctm',
  address: 'add',
  business: 'biz',
  product: 'pro',
  price: 'pri',
  discount: 'dsc',
  payment_method: 'paymtd',
};

/** REFERENCE 2.2, 2.5: money is a whole number as text, negative where credit is due. */
const MONEY = new RegExp(
  `(^|\\.)(amount|subtotal|discount|tax|total|credit|credit_to_balance|balance|grand_total|grand_total_tax|fee|earnings|retained_fee)$`,
);
const MONEY_PARENT = /(totals|unit_price|chargeback_fee|original|payments\[\]|data\.items\[\])\.[a-z_]+$/;

/** Enumerations by the end of the path, for an entity where the name alone does not say. */
const ENUMS: [RegExp, string[]][] = [
  [/(^|\.)currency_code$/, CURRENCIES],
  [/(^|\.)collection_mode$/, ['automatic', 'manual']],
  [/(^|\.)tax_mode$/, ['account_setting', 'external', 'internal', 'location']],
  [/(^|\.)interval$/, ['day', 'week', 'month', 'year']],
  [/(price|product)\.status$/, CATALOG],
  [/(price|product)\.type$/, ['standard', 'custom']],
  [/scheduled_change\.action$/, ['cancel', 'pause', 'resume']],
  [
    /method_details\.card\.type$/,
    'american_express diners_club discover jcb mada maestro mastercard union_pay unknown visa'.split(' '),
  ],
  [
    /(^|\.)tax_category$/,
    (
      'digital-goods ebooks implementation-services professional-services saas software-programming-services standard ' +
      'training-services website-hosting'
    ).split(' '),
  ],
  [
    /payments\[\]\.status$/,
    'authorized authorized_flagged canceled captured error action_required pending_no_action_required created unknown dropped'.split(
      ' ',
    ),
  ],
  [
    /payments\[\]\.error_code$/,
    (
      'already_canceled already_refunded authentication_failed blocked_card canceled declined declined_not_retryable expired_card ' +
      'fraud invalid_amount invalid_payment_details issuer_unavailable not_enough_balance preferred_network_not_supported ' +
      'psp_error redacted_payment_method system_error transaction_not_permitted unknown'
    ).split(' '),
  ],
  [
    /method_details\.type$/,
    (
      'alipay apple_pay bancontact blik card google_pay ideal kakao_pay south_korea_local_card mb_way naver_pay offline payco ' +
      'paypal pix samsung_pay unknown upi wechat_pay wire_transfer ' +
      'korea_local'
    ) // as recorded: what south_korea_local_card was called before
      .split(' '),
  ],
];

const ENTITY_ENUMS: Record<string, Record<string, string[]>> = {
  subscription: { 'data.status': STATUSES.subscription!, 'data.items[].status': ['active', 'inactive', 'trialing'] },
  transaction: {
    'data.status': STATUSES.transaction!,
    'data.origin':
      'api subscription_charge subscription_payment_method_change subscription_recurring subscription_update web'.split(' '),
  },
  adjustment: {
    'data.status': STATUSES.adjustment!,
    'data.type': ['full', 'partial'],
    'data.action':
      'credit refund chargeback chargeback_reverse chargeback_warning chargeback_warning_reverse credit_reverse'.split(' '),
    'data.items[].type': ['full', 'partial', 'tax', 'proration'],
  },
  customer: { 'data.status': CATALOG },
  address: { 'data.status': CATALOG },
  business: { 'data.status': CATALOG },
  product: { 'data.status': CATALOG, 'data.type': ['standard', 'custom'] },
  price: { 'data.status': CATALOG, 'data.type': ['standard', 'custom'] },
  discount: {
    'data.status': CATALOG,
    'data.type': ['flat', 'flat_per_seat', 'percentage'],
    'data.mode': ['standard', 'custom'],
  },
  payment_method: {
    'data.type': (
      'alipay apple_pay blik card google_pay kakao_pay south_korea_local_card mb_way naver_pay payco paypal pix samsung_pay upi ' +
      'wechat_pay'
    ).split(' '),
    'data.origin': ['saved_during_purchase', 'subscription', 'subscription_saved_during_purchase'],
    'data.deletion_reason': ['replaced_by_newer_version', 'api'],
  },
};

interface Format {
  name: string;
  fits(value: unknown): boolean;
}

const text = (name: string, pattern: RegExp): Format => ({
  name,
  fits: (value) => typeof value === 'string' && pattern.test(value),
});
const oneOf = (values: string[]): Format => ({
  name: `one of ${values.join(' ')}`,
  fits: (value) => values.includes(value as string),
});
const idOf = (prefix: string): Format => text(`${prefix}_ id`, new RegExp(`^${prefix}_[a-z\\d]{26}$`));

/** The format that a path has to have, by its name; null where any value of its type will do. */
export function formatOf(eventType: string, path: string): Format | null {
  const [entity] = eventType.split('.') as [string];
  const leaf = path.slice(path.lastIndexOf('.') + 1);
  const values = ENTITY_ENUMS[entity]?.[path] ?? ENUMS.find(([pattern]) => pattern.test(path))?.[1];
  if (values) return oneOf(values);
  if (leaf === 'event_type') return oneOf([eventType]);
  if (leaf === 'id') return idFormat(entity, path);
  if (leaf === 'payment_attempt_id' || leaf === 'stored_payment_method_id') return text('uuid', UUID);
  if (PREFIXES[leaf]) return idOf(PREFIXES[leaf]);
  if (leaf.endsWith('_at')) return text('RFC 3339 time', TIME);
  if (['tax_rate', 'rate', 'exchange_rate', 'fee_rate'].includes(leaf)) return text('decimal', DECIMAL);
  if (leaf === 'invoice_number') return text('invoice number', /^\d+-\d+$/);
  if (leaf === 'country_code') return text('country', /^[A-Z]{2}$/);
  if (path === 'data.amount') return text('decimal', DECIMAL);
  return MONEY.test(path) && MONEY_PARENT.test(path) ? text('whole number as text', INTEGER) : null;
}

function idFormat(entity: string, path: string): Format | null {
  if (path === 'data.id') return idOf(OWN_PREFIX[entity] ?? entity);
  if (path.endsWith('.price.id')) return idOf('pri');
  if (path.endsWith('.product.id')) return idOf('pro');
  if (path.endsWith('.discount.id')) return idOf('dsc');
  if (path.endsWith('line_items[].id')) return idOf('txnitm');
  return entity === 'adjustment' ? idOf('adjitm') : null;
}

/** Values of a body that are not of the format that their path has. */
export function misformed(eventType: string, shape: Shape): string[] {
  return [...shape].flatMap(([path, { values }]) => {
    const format = formatOf(eventType, path);
    const wrong = format ? values.find((value) => value !== null && !format.fits(value)) : undefined;
    return wrong === undefined ? [] : [`${path}: ${JSON.stringify(wrong)} is not ${format!.name}`];
  });
}

/** Fields of the recorded body that a body of ours lacks: in every object, also in every element of an array. */
export function missing(recorded: unknown, ours: unknown, path = ''): string[] {
  if (OPAQUE.test(path)) return [];
  if (Array.isArray(recorded) && Array.isArray(ours)) {
    const model = merged(recorded.filter(isObject));
    return ours.flatMap((element) => missing(model, element, `${path}[]`));
  }
  if (!isObject(recorded) || !isObject(ours)) return [];
  return Object.entries(recorded).flatMap(([name, value]) => {
    const at = path ? `${path}.${name}` : name;
    return name in ours ? missing(value, ours[name], at) : [at];
  });
}

/** All fields that any of the elements has; a value that is not null goes before one that is. */
function merged(elements: Record<string, unknown>[]): Record<string, unknown> {
  const model: Record<string, unknown> = {};
  for (const element of elements) {
    for (const [name, value] of Object.entries(element)) {
      const known = model[name];
      if (isObject(known) && isObject(value)) model[name] = merged([known, value]);
      else model[name] = known ?? value;
    }
  }
  return model;
}
