import { convert, exchangeRate, times } from './currency';
import type { AdjustedTotals, Adjustment, LineItem, Totals, TransactionDetails } from './money-entities';
import { sumTotals, type PricedLine } from './pricing';

const PAYOUT_CURRENCY = 'USD';
const FEE_RATE = '0.05';
const FEE_PER_TRANSACTION_CENTS = 50n;

export interface DetailsInput {
  lines: PricedLine[];
  /** Ids of the line items, one for each line. */
  ids: string[];
  currency: string;
  taxRate: string;
  /** Credit of the customer that this uses up. */
  credit: bigint;
}

/** The money of a transaction that is not paid yet (REFERENCE 2.5). */
export function openDetails({ lines, ids, currency, taxRate, credit }: DetailsInput): TransactionDetails {
  const line_items = lines.map((line, index): LineItem => ({
    id: ids[index]!,
    price_id: line.price.id,
    quantity: line.quantity,
    proration: line.proration,
    tax_rate: taxRate,
    totals: line.totals,
    unit_totals: line.unitTotals,
    product: line.product,
  }));
  const sums = sumTotals(lines.map((line) => line.totals));
  const total = BigInt(sums.total);
  const due = total > 0n ? String(total - credit) : '0';
  const totals: Totals = {
    ...sums,
    credit: String(credit),
    credit_to_balance: total < 0n ? String(-total) : '0',
    balance: due,
    grand_total: due,
    grand_total_tax: total > 0n ? sums.tax : '0',
    fee: null,
    earnings: null,
    currency_code: currency,
  };
  return {
    tax_rates_used: [{ tax_rate: taxRate, totals: sums }],
    totals,
    adjusted_totals: adjustedTotals(totals, []),
    payout_totals: null,
    adjusted_payout_totals: null,
    line_items,
  };
}

/** Nothing is due any more. Fees are known when the transaction is completed. */
export function paidDetails(details: TransactionDetails): TransactionDetails {
  return { ...details, totals: { ...details.totals, balance: '0' } };
}

export function completedDetails(details: TransactionDetails): TransactionDetails {
  const { totals } = details;
  const due = BigInt(totals.grand_total);
  const fee = due > 0n ? times(due, FEE_RATE) + convert(FEE_PER_TRANSACTION_CENTS, 'USD', totals.currency_code) : 0n;
  const earnings = due - BigInt(totals.grand_total_tax) - fee;
  const settled: Totals = { ...totals, balance: '0', fee: String(fee), earnings: String(earnings) };
  return withAdjustments({ ...details, totals: settled, payout_totals: payout(settled) }, []);
}

/** Takes what has been refunded, charged back or credited off the adjusted totals. */
export function withAdjustments(details: TransactionDetails, adjustments: Adjustment[]): TransactionDetails {
  const adjusted = adjustedTotals(details.totals, adjustments);
  const chargebackFee = adjustments.reduce(
    (sum, { payout_totals: payout }) => sum + BigInt(payout?.chargeback_fee.amount ?? 0),
    0n,
  );
  const inPayout = details.payout_totals && {
    ...inCurrency(adjusted, PAYOUT_CURRENCY),
    exchange_rate: details.payout_totals.exchange_rate,
    chargeback_fee: { amount: String(chargebackFee), original: null },
  };
  return { ...details, adjusted_totals: adjusted, adjusted_payout_totals: inPayout };
}

function adjustedTotals(totals: Totals, adjustments: Adjustment[]): AdjustedTotals {
  const less = (from: string, key: 'subtotal' | 'tax' | 'total' | 'fee' | 'earnings') =>
    String(adjustments.reduce((rest, { totals: back }) => rest - BigInt(back[key]), BigInt(from)));
  return {
    subtotal: less(String(BigInt(totals.subtotal) - BigInt(totals.discount)), 'subtotal'),
    tax: less(totals.tax, 'tax'),
    total: less(totals.total, 'total'),
    grand_total: less(totals.grand_total, 'total'),
    grand_total_tax: less(totals.grand_total_tax, 'tax'),
    fee: totals.fee && less(totals.fee, 'fee'),
    retained_fee: String(adjustments.reduce((sum, { totals: back }) => sum + BigInt(back.retained_fee), 0n)),
    earnings: totals.earnings && less(totals.earnings, 'earnings'),
    currency_code: totals.currency_code,
  };
}

function payout(totals: Totals): TransactionDetails['payout_totals'] {
  const rate = exchangeRate(totals.currency_code, PAYOUT_CURRENCY);
  return { ...inCurrency(totals, PAYOUT_CURRENCY), exchange_rate: rate, fee_rate: FEE_RATE };
}

/** The same amounts in another currency. */
export function inCurrency<T extends { currency_code: string }>(amounts: T, to: string): T {
  const from = amounts.currency_code;
  const entries = Object.entries(amounts).map(([key, value]) => [
    key,
    typeof value === 'string' && key !== 'currency_code' ? String(convert(BigInt(value), from, to)) : value,
  ]);
  return { ...(Object.fromEntries(entries) as T), currency_code: to };
}
