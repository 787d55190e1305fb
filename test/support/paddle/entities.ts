import { PRODUCT_OF, type Price } from './catalog';

/** What a story knows of its subscription; {@link subscriptionData} writes it as Paddle does. */
export interface SubscriptionState {
  id: string;
  customerId: string;
  addressId: string;
  userId: string | null;
  status: string;
  items: { price: Price; quantity: number }[];
  startedAt: string;
  firstBilledAt: string | null;
  previouslyBilledAt: string | null;
  nextBilledAt: string | null;
  period: { starts_at: string; ends_at: string } | null;
  trialEndsAt: string | null;
  pausedAt: string | null;
  canceledAt: string | null;
  scheduledChange: { action: string; effective_at: string; resume_at: string | null } | null;
  updatedAt: string;
}

export interface TransactionState {
  id: string;
  subscriptionId: string | null;
  customerId: string | null;
  addressId: string | null;
  userId: string | null;
  origin: string;
  status: string;
  items: { price: Price; quantity: number }[];
  /** Nothing is charged: a free trial. */
  free: boolean;
  payments: { id: string; status: string; errorCode: string | null; createdAt: string; capturedAt: string | null }[];
  period: { starts_at: string; ends_at: string } | null;
  createdAt: string;
  updatedAt: string;
  billedAt: string | null;
  invoiceNumber: string | null;
}

const TAX_PERCENT = 20n;

export function subscriptionData(state: SubscriptionState) {
  const running = ['active', 'trialing', 'past_due'].includes(state.status);
  return {
    id: state.id,
    status: state.status,
    customer_id: state.customerId,
    address_id: state.addressId,
    business_id: null,
    currency_code: 'USD',
    created_at: state.startedAt,
    updated_at: state.updatedAt,
    started_at: state.startedAt,
    first_billed_at: state.firstBilledAt,
    next_billed_at: state.nextBilledAt,
    paused_at: state.pausedAt,
    canceled_at: state.canceledAt,
    discount: null,
    collection_mode: 'automatic',
    billing_details: null,
    current_billing_period: state.period,
    billing_cycle: { interval: 'month', frequency: 1 },
    scheduled_change: state.scheduledChange,
    custom_data: customData(state.userId),
    import_meta: null,
    consent_requirements: [],
    items: state.items.map(({ price, quantity }) => ({
      status: state.status === 'trialing' ? 'trialing' : 'active',
      quantity,
      recurring: true,
      created_at: state.startedAt,
      updated_at: state.updatedAt,
      previously_billed_at: state.previouslyBilledAt,
      next_billed_at: running ? state.nextBilledAt : null,
      trial_dates: state.trialEndsAt ? { starts_at: state.startedAt, ends_at: state.trialEndsAt } : null,
      price,
      product: PRODUCT_OF.get(price.product_id)!,
    })),
  };
}

export function transactionData(state: TransactionState) {
  const lines = state.items.map(({ price, quantity }) => ({
    price,
    quantity,
    totals: totalsOf(state.free ? 0n : BigInt(price.unit_price.amount) * BigInt(quantity)),
  }));
  const totals = totalsOf(lines.reduce((sum, line) => sum + BigInt(line.totals.subtotal), 0n));
  const settled = state.status === 'completed';
  const paid = settled || state.status === 'paid';
  const money = {
    fee: settled ? feeOf(totals.total) : null,
    earnings: settled ? String(BigInt(totals.subtotal) - BigInt(feeOf(totals.total))) : null,
  };
  const due = {
    ...totals,
    credit: '0',
    balance: paid ? '0' : totals.total,
    grand_total: totals.total,
    grand_total_tax: totals.tax,
    credit_to_balance: '0',
    currency_code: 'USD',
  };
  return {
    id: state.id,
    status: state.status,
    origin: state.origin,
    customer_id: state.customerId,
    address_id: state.addressId,
    business_id: null,
    custom_data: customData(state.userId),
    currency_code: 'USD',
    subscription_id: state.subscriptionId,
    invoice_id: null,
    invoice_number: state.invoiceNumber,
    collection_mode: 'automatic',
    discount_id: null,
    billing_details: null,
    billing_period: state.period,
    created_at: state.createdAt,
    updated_at: state.updatedAt,
    billed_at: state.billedAt,
    revised_at: null,
    checkout: { url: `https://rowboat.example.com/pay?_ptxn=${state.id}` },
    items: state.items.map(({ price, quantity }) => ({ price, quantity, proration: null })),
    details: {
      totals: { ...due, ...money },
      line_items: lines.map(({ price, quantity, totals: line }, index) => ({
        id: `${state.id.replace('txn_', 'txnitm_').slice(0, -1)}${index}`,
        price_id: price.id,
        quantity,
        proration: null,
        tax_rate: '0.2',
        totals: line,
        unit_totals: totalsOf(state.free ? 0n : BigInt(price.unit_price.amount)),
        product: PRODUCT_OF.get(price.product_id)!,
      })),
      payout_totals: settled ? { ...due, ...money, exchange_rate: '1', fee_rate: '0.05' } : null,
      tax_rates_used: [{ tax_rate: '0.2', totals }],
      adjusted_totals: {
        ...money,
        subtotal: totals.subtotal,
        tax: totals.tax,
        total: totals.total,
        grand_total: totals.total,
        grand_total_tax: totals.tax,
        retained_fee: '0',
        currency_code: 'USD',
      },
    },
    payments: state.payments.map((payment) => ({
      payment_attempt_id: payment.id,
      stored_payment_method_id: payment.id,
      payment_method_id: null,
      amount: totals.total,
      status: payment.status,
      error_code: payment.errorCode,
      method_details: {
        type: 'card',
        card: { type: 'visa', last4: '4242', expiry_month: 11, expiry_year: 2029, cardholder_name: 'Robin Oarsman' },
      },
      created_at: payment.createdAt,
      captured_at: payment.capturedAt,
    })),
  };
}

export function customerData(customerId: string, email: string, at: string) {
  return {
    id: customerId,
    name: 'Robin Oarsman',
    email,
    marketing_consent: false,
    status: 'active',
    custom_data: null,
    locale: 'en',
    created_at: at,
    updated_at: at,
    import_meta: null,
  };
}

export function addressData(addressId: string, customerId: string, at: string) {
  return {
    id: addressId,
    customer_id: customerId,
    description: null,
    first_line: null,
    second_line: null,
    city: null,
    postal_code: 'SW1A 1AA',
    region: null,
    country_code: 'GB',
    custom_data: null,
    status: 'active',
    created_at: at,
    updated_at: at,
    import_meta: null,
  };
}

function customData(userId: string | null) {
  return userId === null ? null : { user_id: userId };
}

function totalsOf(subtotal: bigint) {
  const tax = (subtotal * TAX_PERCENT) / 100n;
  return { subtotal: String(subtotal), discount: '0', tax: String(tax), total: String(subtotal + tax) };
}

function feeOf(total: string): string {
  return total === '0' ? '0' : String(BigInt(total) / 20n + 50n);
}
