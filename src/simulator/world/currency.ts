/** Money is whole numbers of the currency's lowest unit, in `bigint`; rates are decimal text. */

const WITHOUT_DECIMALS = new Set(['JPY', 'KRW', 'VND', 'CLP']);

/** Units of a currency for one US dollar: simple and fixed, so that a seed gives the same history. */
// prettier-ignore
const PER_DOLLAR: Record<string, string> = {
  USD: '1', EUR: '0.92', GBP: '0.79', JPY: '150', AUD: '1.52', CAD: '1.36', CHF: '0.88', HKD: '7.8', SGD: '1.34', SEK: '10.5',
  ARS: '900', BRL: '5', CLP: '930', CNY: '7.2', COP: '3900', CZK: '23', DKK: '6.9', HUF: '360', ILS: '3.7', INR: '83',
  KRW: '1340', MXN: '17', NOK: '10.6', NZD: '1.64', PEN: '3.8', PLN: '4', RUB: '90', THB: '36', TRY: '32', TWD: '32',
  UAH: '39', VND: '24500', ZAR: '18.5',
};

/** Tax on digital goods, by country; countries that are not named charge none. */
// prettier-ignore
const TAX_RATES: Record<string, string> = {
  US: '0.08875', GB: '0.2', DE: '0.19', FR: '0.2', NL: '0.21', ES: '0.21', IT: '0.22', SE: '0.25', PL: '0.23', IE: '0.23',
  CH: '0.081', NO: '0.25', JP: '0.1', AU: '0.1', NZ: '0.15', CA: '0.05', KR: '0.1', IN: '0.18', SG: '0.09',
};

export function isCurrency(code: string): boolean {
  return Object.hasOwn(PER_DOLLAR, code);
}

export function taxRateOf(country: string | null): string {
  return (country && TAX_RATES[country]) || '0';
}

/** An amount times a decimal rate, rounded half away from zero. */
export function times(amount: bigint, rate: string): bigint {
  const [numerator, denominator] = fraction(rate);
  return divideRounded(amount * numerator, denominator);
}

/** What of a gross amount is tax at this rate: `amount × rate / (1 + rate)`. */
export function taxIn(gross: bigint, rate: string): bigint {
  const [numerator, denominator] = fraction(rate);
  return divideRounded(gross * numerator, denominator + numerator);
}

/** `amount × part / whole`, rounded half away from zero; 0 of nothing. */
export function share(amount: bigint, part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : divideRounded(amount * part, whole);
}

/** An amount of one currency in another, at the fixed rates. */
export function convert(amount: bigint, from: string, to: string): bigint {
  if (from === to) return amount;
  const [fromNumerator, fromDenominator] = fraction(PER_DOLLAR[from]!);
  const [toNumerator, toDenominator] = fraction(PER_DOLLAR[to]!);
  const scale = unitsOf(to) * fromDenominator * toNumerator;
  return divideRounded(amount * scale, unitsOf(from) * fromNumerator * toDenominator);
}

/** Units of `to` for one of `from`, as decimal text. */
export function exchangeRate(from: string, to: string): string {
  return (Number(PER_DOLLAR[to]) / Number(PER_DOLLAR[from])).toPrecision(8).replace(/\.?0+$/, '');
}

/** How many of the lowest unit make one of the currency. */
export function unitsOf(currency: string): bigint {
  return WITHOUT_DECIMALS.has(currency) ? 1n : 100n;
}

function fraction(decimal: string): [bigint, bigint] {
  const [whole, digits = ''] = decimal.split('.');
  return [BigInt(`${whole}${digits}`), 10n ** BigInt(digits.length)];
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  if (divisor < 0n) return divideRounded(-dividend, -divisor);
  const half = divisor / 2n;
  return dividend >= 0n ? (dividend + half) / divisor : -((-dividend + half) / divisor);
}
