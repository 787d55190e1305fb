import type { Money } from '../platform/money';
import type { BillingEntry } from './billing-entry';

/**
 * The history as a spreadsheet opens it: RFC 4180, a row for each transaction. Amounts are whole numbers of the currency's
 * lowest unit, as everywhere in the API, and the columns say so: `29.99` is a text, or a date, where people write `29,99`.
 */
const COLUMNS: Record<string, (entry: BillingEntry) => string> = {
  transaction_id: ({ transactionId }) => text(transactionId),
  subscription_id: ({ subscriptionId }) => text(subscriptionId),
  status: ({ status }) => text(status),
  origin: ({ origin }) => text(origin),
  billed_at: ({ billedAt }) => text(billedAt),
  invoice_number: ({ invoiceNumber }) => text(invoiceNumber),
  currency: ({ currency }) => text(currency),
  subtotal_minor_units: ({ subtotal }) => subtotal.amount,
  discount_minor_units: ({ discount }) => discount.amount,
  tax_minor_units: ({ tax }) => tax.amount,
  total_minor_units: ({ total }) => total.amount,
  credit_minor_units: ({ credit }) => credit.amount,
  grand_total_minor_units: ({ grandTotal }) => grandTotal.amount,
  paid_minor_units: ({ paid }) => paid.amount,
  refunded_minor_units: ({ refunded }) => refunded.amount,
  items: ({ items }) => text(items.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')),
  payment_method: ({ payment }) => text(payment && [payment.type, payment.brand, payment.last4].filter(Boolean).join(' ')),
  adjustments: ({ adjustments }) => text(adjustments.map(adjustmentInWords).join(', ')),
  has_invoice: ({ hasInvoice }) => String(hasInvoice),
};

/** Without it, the spreadsheet that most people have takes UTF-8 for something else. */
const BYTE_ORDER_MARK = '\ufeff';

export const CSV_HEAD = `${BYTE_ORDER_MARK}${Object.keys(COLUMNS).join(',')}\r\n`;

export function toCsvLine(entry: BillingEntry): string {
  const cells = Object.values(COLUMNS).map((cell) => cell(entry));
  return `${cells.join(',')}\r\n`;
}

function adjustmentInWords({ action, status, total, at }: BillingEntry['adjustments'][number]): string {
  return `${action} ${status} ${inWords(total)} ${at}`;
}

function inWords({ amount, currency }: Money): string {
  return `${amount} ${currency}`;
}

/** What others wrote: never taken for a formula, quoted where it has to be. */
function text(value: string | null): string {
  const safe = /^[=+\-@\t\r\n]/.test(value ?? '') ? `'${value}` : (value ?? '');
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
