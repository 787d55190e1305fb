/** Where REFERENCE 2 lets a field be null, by the entity of the event. */

const PRODUCT = ['description', 'image_url', 'custom_data', 'import_meta'];
const PRICE = ['name', 'billing_cycle', 'trial_period', 'custom_data', 'import_meta'];
const of = (path: string, names: string[]) => names.map((name) => `${path}.${name}`);

const NULLABLE: Record<string, string[]> = {
  subscription: [
    ...of('data', ['business_id', 'started_at', 'first_billed_at', 'next_billed_at', 'paused_at', 'canceled_at', 'discount']),
    ...of('data', ['billing_details', 'current_billing_period', 'scheduled_change', 'custom_data', 'import_meta']),
    ...of('data.discount', ['starts_at', 'ends_at']),
    'data.billing_details.additional_information',
    'data.scheduled_change.resume_at',
    ...of('data.items[]', ['previously_billed_at', 'next_billed_at', 'trial_dates']),
    ...of('data.items[].price', PRICE),
    ...of('data.items[].product', PRODUCT),
  ],
  transaction: [
    ...of('data', ['customer_id', 'address_id', 'business_id', 'custom_data', 'subscription_id', 'invoice_id', 'invoice_number']),
    ...of('data', ['discount_id', 'billing_details', 'billing_period', 'billed_at', 'revised_at', 'checkout', 'checkout.url']),
    'data.billing_details.additional_information',
    'data.items[].proration',
    ...of('data.items[].price', PRICE),
    ...of('data.details', ['payout_totals', 'adjusted_payout_totals']),
    ...['totals', 'adjusted_totals'].flatMap((totals) => of(`data.details.${totals}`, ['fee', 'earnings'])),
    'data.details.adjusted_payout_totals.chargeback_fee.original',
    'data.details.line_items[].proration',
    ...of('data.details.line_items[].product', PRODUCT),
    ...of('data.payments[]', ['payment_method_id', 'error_code', 'captured_at', 'method_details.card']),
    ...of('data.payments[].method_details', ['underlying_details', 'south_korea_local_card']),
  ],
  adjustment: [
    ...of('data', ['subscription_id', 'credit_applied_to_balance', 'payout_totals']),
    'data.payout_totals.chargeback_fee.original',
    ...of('data.items[]', ['amount', 'proration']),
  ],
  customer: of('data', ['name', 'custom_data', 'import_meta']),
  address: [
    ...of('data', ['description', 'first_line', 'second_line', 'city', 'postal_code', 'region']),
    ...of('data', ['custom_data', 'import_meta']),
  ],
  business: of('data', ['company_number', 'tax_identifier', 'custom_data', 'import_meta']),
  product: of('data', PRODUCT),
  price: of('data', PRICE),
  discount: [
    ...of('data', ['code', 'mode', 'currency_code', 'maximum_recurring_intervals', 'usage_limit', 'restrict_to']),
    ...of('data', ['discount_group_id', 'custom_data', 'import_meta', 'expires_at']),
  ],
  payment_method: [],
};

export function isNullable(eventType: string, path: string): boolean {
  return NULLABLE[eventType.split('.')[0]!]?.includes(path) ?? false;
}
