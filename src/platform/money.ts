/** An amount in the currency's lowest unit, as the provider wrote it: `{ amount: "2999", currency: "USD" }`. Never a float. */
export interface Money {
  amount: string;
  currency: string;
}

const MINOR_UNITS = /^-?\d+$/;

/** @returns null unless `amount` is a whole number of minor units in text */
export function money(amount: unknown, currency: unknown): Money | null {
  if (typeof amount !== 'string' || typeof currency !== 'string' || !MINOR_UNITS.test(amount)) return null;
  return { amount, currency };
}

export function isZero(value: Money): boolean {
  return BigInt(value.amount) === 0n;
}

/** The sum of amounts of one currency. */
export function sumOf(amounts: string[]): string {
  return amounts.reduce((sum, amount) => sum + BigInt(amount), 0n).toString();
}
