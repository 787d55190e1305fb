import type { LineItem, Transaction, TransactionDetails, TransactionItem } from '../world/money-entities';
import { amountText, everyText, lengthText } from './amounts';
import { Html, markup } from './markup';

/** What is bought and what it comes to. */
export function summary({ items, origin }: Pick<Transaction, 'items' | 'origin'>, details: TransactionDetails): Html {
  const { totals, line_items: lines, tax_rates_used: rates } = details;
  const amount = (value: string) => amountText(value, totals.currency_code);
  const rate = rates.length === 1 ? ` (${percent(rates[0]!.tax_rate)})` : '';
  const shown = lines.map((line, index) => lineOf(line, items[index], totals.currency_code, origin));
  return markup`
    <ul class="lines">${shown}</ul>
    <dl class="sums">
      <div><dt>Subtotal</dt><dd>${amount(totals.subtotal)}</dd></div>
      ${isZero(totals.discount) ? null : markup`<div><dt>Discount</dt><dd>${amount(`-${totals.discount}`)}</dd></div>`}
      <div><dt>Tax${rate}</dt><dd>${amount(totals.tax)}</dd></div>
      ${isZero(totals.credit) ? null : markup`<div><dt>Credit</dt><dd>${amount(`-${totals.credit}`)}</dd></div>`}
      <div class="total"><dt>Total</dt><dd>${amount(totals.grand_total)}</dd></div>
    </dl>`;
}

/** What the button says. */
export function payLabel({ origin, items }: Pick<Transaction, 'origin' | 'items'>, { totals }: TransactionDetails): string {
  if (!isZero(totals.balance)) return `Pay ${amountText(totals.balance, totals.currency_code)}`;
  if (origin === 'subscription_payment_method_change') return 'Save the card';
  return items.some(({ price }) => price.trial_period) ? 'Start the trial' : 'Pay nothing';
}

function lineOf(line: LineItem, item: TransactionItem | undefined, currency: string, origin: Transaction['origin']): Html {
  const { product, quantity, totals } = line;
  return markup`<li>
      <span>${product.name}${quantity === 1 ? null : ` × ${quantity}`}<br /><small>${item ? termsOf(item, currency, origin) : ''}</small></span>
      <b>${amountText(totals.subtotal, currency)}</b>
    </li>`;
}

function termsOf({ price, proration }: TransactionItem, currency: string, origin: Transaction['origin']): string {
  if (proration) return `${price.name ?? price.description}, for a part of the period`;
  const { billing_cycle: cycle, trial_period: trial, unit_price: unit } = price;
  if (!cycle) return price.name ?? price.description;
  const terms = `renews ${everyText(cycle)}`;
  if (!trial || (origin !== 'web' && origin !== 'api')) return terms;
  const later = unit.currency_code === currency ? `, then ${amountText(unit.amount, currency)} ${everyText(cycle)}` : '';
  return `${lengthText(trial)} free${later}`;
}

function isZero(amount: string): boolean {
  return BigInt(amount) === 0n;
}

function percent(rate: string): string {
  return `${Number((Number(rate) * 100).toFixed(3))} %`;
}
