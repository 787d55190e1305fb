import type { BillingDetails, Entity, Money, Period, Price, Product, Proration } from './entities';

/** Amounts of a line, in the currency's lowest unit. */
export interface LineTotals {
  subtotal: string;
  discount: string;
  tax: string;
  total: string;
}

export interface LineItem {
  id: string;
  price_id: string;
  quantity: number;
  proration: Proration | null;
  tax_rate: string;
  totals: LineTotals;
  unit_totals: LineTotals;
  product: Product;
}

export interface Totals extends LineTotals {
  credit: string;
  credit_to_balance: string;
  balance: string;
  grand_total: string;
  grand_total_tax: string;
  fee: string | null;
  earnings: string | null;
  currency_code: string;
}

export interface AdjustedTotals {
  subtotal: string;
  tax: string;
  total: string;
  grand_total: string;
  grand_total_tax: string;
  fee: string | null;
  retained_fee: string;
  earnings: string | null;
  currency_code: string;
}

export interface TransactionDetails {
  tax_rates_used: { tax_rate: string; totals: LineTotals }[];
  totals: Totals;
  adjusted_totals: AdjustedTotals;
  payout_totals: (Totals & { exchange_rate: string; fee_rate: string }) | null;
  adjusted_payout_totals:
    (AdjustedTotals & { exchange_rate: string; chargeback_fee: { amount: string; original: Money | null } }) | null;
  line_items: LineItem[];
}

export interface CardDetails {
  type: string;
  last4: string;
  expiry_month: number;
  expiry_year: number;
  cardholder_name: string;
}

export interface Payment {
  payment_attempt_id: string;
  stored_payment_method_id: string;
  payment_method_id: string | null;
  amount: string;
  status: 'captured' | 'error';
  error_code: string | null;
  /** Only cards pay here: what belongs to other methods is null. */
  method_details: { type: string; card: CardDetails | null; underlying_details: null; south_korea_local_card: null };
  created_at: string;
  captured_at: string | null;
}

export type TransactionStatus = 'draft' | 'ready' | 'billed' | 'paid' | 'completed' | 'canceled' | 'past_due';

export type TransactionOrigin =
  'api' | 'web' | 'subscription_charge' | 'subscription_payment_method_change' | 'subscription_recurring' | 'subscription_update';

export interface TransactionItem {
  price: Price;
  quantity: number;
  proration: Proration | null;
}

export interface Transaction extends Omit<Entity, 'import_meta'> {
  status: TransactionStatus;
  customer_id: string | null;
  address_id: string | null;
  business_id: string | null;
  currency_code: string;
  origin: TransactionOrigin;
  subscription_id: string | null;
  invoice_id: string | null;
  invoice_number: string | null;
  collection_mode: 'automatic' | 'manual';
  discount_id: string | null;
  billing_details: BillingDetails | null;
  billing_period: Period | null;
  items: TransactionItem[];
  details: TransactionDetails;
  payments: Payment[];
  checkout: { url: string | null } | null;
  billed_at: string | null;
  revised_at: string | null;
}

export type AdjustmentAction =
  | 'credit'
  | 'refund'
  | 'chargeback'
  | 'chargeback_reverse'
  | 'chargeback_warning'
  | 'chargeback_warning_reverse'
  | 'credit_reverse';

export interface AdjustmentTotals {
  subtotal: string;
  tax: string;
  total: string;
  fee: string;
  retained_fee: string;
  earnings: string;
  currency_code: string;
}

export interface AdjustmentItem {
  id: string;
  item_id: string;
  type: 'full' | 'partial' | 'tax' | 'proration';
  amount: string | null;
  proration: Proration | null;
  totals: { subtotal: string; tax: string; total: string };
}

export interface Adjustment {
  id: string;
  action: AdjustmentAction;
  type: 'full' | 'partial';
  transaction_id: string;
  subscription_id: string | null;
  customer_id: string;
  reason: string;
  credit_applied_to_balance: boolean | null;
  currency_code: string;
  status: 'pending_approval' | 'approved' | 'rejected' | 'reversed';
  items: AdjustmentItem[];
  totals: AdjustmentTotals;
  payout_totals: (AdjustmentTotals & { chargeback_fee: { amount: string; original: Money | null } }) | null;
  tax_rates_used: { tax_rate: string; totals: { subtotal: string; tax: string; total: string } }[];
  created_at: string;
  updated_at: string;
}

/** A saved payment method. How its card behaves is the world's secret: see `payments.ts`. */
export interface PaymentMethod {
  id: string;
  customer_id: string;
  address_id: string;
  type: string;
  origin: 'saved_during_purchase' | 'subscription' | 'subscription_saved_during_purchase';
  saved_at: string;
  updated_at: string;
}
