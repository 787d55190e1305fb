import { convert, share, taxIn, times } from './currency';
import type { Discount, Price, Product, Proration } from './entities';
import type { LineTotals } from './money-entities';

/** Something to charge for. A negative quantity gives money back. */
export interface Line {
  price: Price;
  product: Product;
  quantity: number;
  proration: Proration | null;
  /** Nothing is charged: a free trial. */
  free?: boolean;
}

export interface PricingContext {
  currency: string;
  country: string | null;
  taxRate: string;
  discount: Discount | null;
  /** How prices of `tax_mode: account_setting` are meant. */
  accountTaxMode: 'external' | 'internal';
}

export interface PricedLine extends Line {
  totals: LineTotals;
  unitTotals: LineTotals;
}

/** The currency that a country is charged in: one that every price names for it, else the first price's own. */
export function currencyFor(prices: Price[], country: string | null): string {
  const overrides = prices.map((price) => overrideFor(price, country)?.currency_code);
  const [first] = overrides;
  return first && overrides.every((currency) => currency === first) ? first : (prices[0]?.unit_price.currency_code ?? 'USD');
}

/** What one unit costs, before tax: named for the country, or converted where a price has no amount in that currency. */
export function unitAmount(price: Price, country: string | null, currency: string): bigint {
  const named = overrideFor(price, country);
  const unitPrice = named?.currency_code === currency ? named : price.unit_price;
  return convert(BigInt(unitPrice.amount), unitPrice.currency_code, currency);
}

function overrideFor(price: Price, country: string | null) {
  return price.unit_price_overrides.find(({ country_codes: codes }) => country !== null && codes.includes(country))?.unit_price;
}

/** Prices lines: amounts, discount and tax of each. The totals of a transaction are their sums. */
export function priceLines(lines: Line[], context: PricingContext): PricedLine[] {
  const gross = lines.map((line) => grossOf(line, context));
  const discounts = discountsOf(lines, gross, context);
  return lines.map((line, index) => {
    const quantity = BigInt(Math.abs(line.quantity) || 1);
    const totals = lineTotals(line.price, gross[index]!, discounts[index]!, context);
    const unitTotals = lineTotals(line.price, gross[index]! / quantity, discounts[index]! / quantity, context);
    return { ...line, totals, unitTotals };
  });
}

function grossOf({ price, quantity, proration, free }: Line, { country, currency }: PricingContext): bigint {
  if (free) return 0n;
  const whole = unitAmount(price, country, currency) * BigInt(quantity);
  return proration ? times(whole, proration.rate) : whole;
}

/** A flat discount is spread over what it covers in proportion; the last line takes what rounding leaves. */
function discountsOf(lines: Line[], gross: bigint[], { discount, currency }: PricingContext): bigint[] {
  if (!discount) return lines.map(() => 0n);
  const covered = lines.map(({ price }, index) => (covers(discount, price) ? gross[index]! : 0n));
  if (discount.type === 'percentage') return covered.map((amount) => times(amount, percent(discount.amount)));
  const off = convert(BigInt(discount.amount), discount.currency_code ?? currency, currency);
  const charged = covered.map((amount) => (amount > 0n ? amount : 0n));
  if (discount.type === 'flat_per_seat') {
    return charged.map((amount, index) => least(amount, amount > 0n ? off * BigInt(lines[index]!.quantity) : 0n));
  }
  const whole = charged.reduce((sum, amount) => sum + amount, 0n);
  const total = least(off, whole);
  const last = charged.findLastIndex((amount) => amount > 0n);
  const parts = charged.map((amount, index) => (index === last ? 0n : share(total, amount, whole)));
  return parts.map((part, index) => (index === last ? total - parts.reduce((sum, one) => sum + one, 0n) : part));
}

function covers({ restrict_to: only }: Discount, price: Price): boolean {
  return !only || only.length === 0 || only.includes(price.id) || only.includes(price.product_id);
}

/** "12.5" percent is "0.125". */
function percent(amount: string): string {
  const [whole, digits = ''] = amount.split('.');
  const padded = whole!.padStart(3, '0');
  return `${padded.slice(0, -2)}.${padded.slice(-2)}${digits}`;
}

/** Prices with tax inside show the part before tax as subtotal, so that subtotal − discount + tax is always the total. */
function lineTotals({ tax_mode: mode }: Price, gross: bigint, discount: bigint, context: PricingContext): LineTotals {
  const { taxRate, accountTaxMode } = context;
  const net = gross - discount;
  if (mode === 'internal' || (mode === 'account_setting' && accountTaxMode === 'internal')) {
    const tax = taxIn(net, taxRate);
    const discountBeforeTax = discount - taxIn(discount, taxRate);
    return inText(net + discountBeforeTax - tax, discountBeforeTax, tax);
  }
  return inText(gross, discount, times(net, taxRate));
}

function inText(subtotal: bigint, discount: bigint, tax: bigint): LineTotals {
  return { subtotal: String(subtotal), discount: String(discount), tax: String(tax), total: String(subtotal - discount + tax) };
}

export function sumTotals(parts: LineTotals[]): LineTotals {
  const sum = (key: keyof LineTotals) => String(parts.reduce((total, part) => total + BigInt(part[key]), 0n));
  return { subtotal: sum('subtotal'), discount: sum('discount'), tax: sum('tax'), total: sum('total') };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
