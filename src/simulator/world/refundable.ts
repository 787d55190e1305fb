import { share } from './currency';
import type { Adjustment, AdjustmentItem, LineItem, Transaction } from './money-entities';
import { SimulatorError } from './simulator-error';
import type { World } from './world';

/** A line of a transaction, or some of it, as a request for an adjustment names it. */
export interface WantedPart {
  item_id: string;
  type: AdjustmentItem['type'];
  amount?: string | null;
}

/** Adjustments that hold: pending or approved ones that give money back. */
export function standing(world: World, transaction: Transaction): Adjustment[] {
  return [...world.tables.adjustments.values()].filter(
    ({ transaction_id: of, status, action }) =>
      of === transaction.id &&
      (status === 'pending_approval' || status === 'approved') &&
      ['refund', 'credit', 'chargeback'].includes(action),
  );
}

interface Left {
  line: LineItem;
  tax: bigint;
  total: bigint;
}

/** What has not been given back of each line. */
function leftOf(world: World, transaction: Transaction): Left[] {
  const given = standing(world, transaction).flatMap(({ items }) => items);
  return transaction.details.line_items.map((line) => {
    const of = given.filter(({ item_id: id }) => id === line.id);
    const less = (key: 'tax' | 'total') => of.reduce((sum, { totals }) => sum - BigInt(totals[key]), BigInt(line.totals[key]));
    return { line, tax: less('tax'), total: less('total') };
  });
}

/** What has not been given back of the payment: less than of the lines, when credit has paid for a part of them. */
function remainingOf(world: World, transaction: Transaction): bigint {
  const given = standing(world, transaction).reduce((sum, { totals }) => sum + BigInt(totals.total), 0n);
  return BigInt(transaction.details.totals.grand_total) - given;
}

/** All that was paid, spread over the lines. Those that gave money back when a plan changed take their part away again. */
export function everythingLeft(world: World, transaction: Transaction): AdjustmentItem[] {
  const lines = leftOf(world, transaction).filter(({ total }) => total !== 0n);
  const whole = lines.reduce((sum, { total }) => sum + total, 0n);
  let remaining = remainingOf(world, transaction);
  if (remaining <= 0n || lines.length === 0) {
    throw new SimulatorError('adjustment_transaction_item_has_already_been_fully_adjusted', 'Everything has been given back');
  }
  if (remaining >= whole) return lines.map((left) => itemOf(world, left, 'full', left.total, left.tax));
  const scale = remaining;
  return lines.map((left, index) => {
    const total = index === lines.length - 1 ? remaining : share(left.total, scale, whole);
    remaining -= total;
    return itemOf(world, left, 'partial', total, share(left.tax, total, left.total));
  });
}

/** What is wanted back of some lines; `taxOnTop` says that the amounts are before tax. */
export function partsLeft(world: World, transaction: Transaction, wanted: WantedPart[], taxOnTop: boolean): AdjustmentItem[] {
  const left = new Map(leftOf(world, transaction).map((one) => [one.line.id, one]));
  const parts = wanted.map(({ item_id: id, type, amount }) => {
    const of = left.get(id);
    if (!of || BigInt(of.line.totals.total) <= 0n) {
      throw new SimulatorError('adjustment_transaction_item_invalid', `${id} is nothing that the transaction charges for`);
    }
    const part = partLeft(world, of, type, BigInt(amount ?? '0'), taxOnTop);
    of.tax -= BigInt(part.totals.tax);
    of.total -= BigInt(part.totals.total);
    return part;
  });
  const total = parts.reduce((sum, { totals }) => sum + BigInt(totals.total), 0n);
  if (total <= remainingOf(world, transaction)) return parts;
  throw new SimulatorError('adjustment_total_amount_above_remaining_allowed', 'That is more than what is left of the payment');
}

function partLeft(world: World, of: Left, type: AdjustmentItem['type'], amount: bigint, taxOnTop: boolean): AdjustmentItem {
  if (of.total <= 0n) {
    const code = 'adjustment_transaction_item_has_already_been_fully_adjusted';
    throw new SimulatorError(code, `${of.line.id} has been given back`);
  }
  if (type === 'full') return itemOf(world, of, 'full', of.total, of.tax);
  if (type !== 'tax') return partOf(world, of, amount, taxOnTop);
  if (of.tax === 0n) throw new SimulatorError('adjustment_no_tax_available_to_adjust', `${of.line.id} has no tax left`);
  return itemOf(world, of, 'tax', of.tax, of.tax);
}

function partOf(world: World, left: Left, amount: bigint, taxOnTop: boolean): AdjustmentItem {
  if (amount <= 0n) throw new SimulatorError('adjustment_amount_cannot_be_zero', 'The amount must be more than nothing');
  const beforeTax = left.total - left.tax;
  const tax = taxOnTop ? share(amount, left.tax, beforeTax) : share(amount, left.tax, left.total);
  const total = taxOnTop ? amount + tax : amount;
  if (total > left.total) {
    throw new SimulatorError('adjustment_amount_above_remaining_allowed', `At most ${left.total} is left of ${left.line.id}`);
  }
  return itemOf(world, left, 'partial', total, total === left.total ? left.tax : tax, String(amount));
}

function itemOf(
  world: World,
  { line }: Left,
  type: AdjustmentItem['type'],
  total: bigint,
  tax: bigint,
  amount: string | null = null,
) {
  const totals = { subtotal: String(total - tax), tax: String(tax), total: String(total) };
  return { id: world.id('adjitm'), item_id: line.id, type, amount: amount ?? String(total), proration: null, totals };
}
