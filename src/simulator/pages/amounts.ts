import { unitsOf } from '../world/currency';

/** An amount in the currency's lowest unit as people read it: `$12.00`, `¥1,800`. */
export function amountText(amount: string, currency: string): string {
  const digits = String(unitsOf(currency)).length - 1;
  const units = amount.replace('-', '').padStart(digits + 1, '0');
  const decimal = digits === 0 ? units : `${units.slice(0, -digits)}.${units.slice(-digits)}`;
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(`${amount.startsWith('-') ? '-' : ''}${decimal}` as Intl.StringNumericLiteral);
}

/** `every month`, `every 2 weeks`. */
export function everyText({ interval, frequency }: { interval: string; frequency: number }): string {
  return frequency === 1 ? `every ${interval}` : `every ${frequency} ${interval}s`;
}

/** `14 days`. */
export function lengthText({ interval, frequency }: { interval: string; frequency: number }): string {
  return `${frequency} ${interval}${frequency === 1 ? '' : 's'}`;
}

/** `2026-01-10 09:30:00 UTC`; a dash where there is none. */
export function timeText(instant: string | null): string {
  return instant ? `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC` : '–';
}
