import { share } from './currency';
import { inCurrency, withAdjustments } from './details';
import type { Adjustment, AdjustmentAction, AdjustmentItem, AdjustmentTotals, LineItem, Transaction } from './money-entities';
import { cancelNow } from './renewals';
import { SimulatorError } from './simulator-error';
import { MINUTE } from './time';
import { announce } from './transactions';
import type { World } from './world';

/** The body of `POST /adjustments` (REFERENCE 4.4). */
export interface AdjustmentRequest {
  action: 'refund' | 'credit';
  transaction_id: string;
  reason: string;
  type?: 'full' | 'partial';
  tax_mode?: 'internal' | 'external';
  items?: { item_id: string; type: 'full' | 'partial' | 'tax' | 'proration'; amount?: string | null }[] | null;
}

const APPROVAL = 10 * MINUTE;
const PAYOUT_CURRENCY = 'USD';
const CHARGEBACK_FEE_CENTS = '1500';

/** Refunds wait for approval; credits are approved at once (REFERENCE 2.6). */
export function createAdjustment(world: World, request: AdjustmentRequest): Adjustment {
  const transaction = world.find(world.tables.transactions, request.transaction_id);
  checkAction(request, transaction);
  if (standing(world, transaction).some(({ status }) => status === 'pending_approval')) {
    throw new SimulatorError('adjustment_pending_refund_request', 'A refund of this transaction awaits approval');
  }
  const full = request.type === 'full';
  const items = full ? everythingLeft(world, transaction) : requestedParts(world, transaction, request);
  const refund = request.action === 'refund';
  const adjustment = newAdjustment(world, transaction, request, items, refund ? 'pending_approval' : 'approved');
  world.emit('adjustment.created', adjustment);
  if (refund && world.assumptions.refundApproval === 'every_ten_minutes') {
    world.tables.agenda.set(`adjustment ${adjustment.id}`, Math.ceil((world.now + 1) / APPROVAL) * APPROVAL);
  }
  if (!refund) takeEffect(world, transaction);
  return adjustment;
}

function checkAction({ action }: AdjustmentRequest, { status, collection_mode: mode, customer_id: customer }: Transaction): void {
  if (!customer) throw new SimulatorError('adjustment_transaction_missing_customer_id', 'The transaction has no customer');
  if (action === 'refund' && (status !== 'completed' || mode !== 'automatic')) {
    throw new SimulatorError('adjustment_transaction_invalid_status_for_refund', `The transaction is ${status}`);
  }
  if (action === 'credit' && !(mode === 'manual' && (status === 'billed' || status === 'past_due'))) {
    throw new SimulatorError('adjustment_transaction_invalid_status_for_credit', `The transaction is ${status}`);
  }
}

/** Adjustments that hold: pending or approved ones that give money back. */
function standing(world: World, transaction: Transaction): Adjustment[] {
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
function everythingLeft(world: World, transaction: Transaction): AdjustmentItem[] {
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

function requestedParts(
  world: World,
  transaction: Transaction,
  { items, tax_mode: taxMode }: AdjustmentRequest,
): AdjustmentItem[] {
  const left = new Map(leftOf(world, transaction).map((one) => [one.line.id, one]));
  const parts = (items ?? []).map(({ item_id: id, type, amount }) => {
    const of = left.get(id);
    if (!of || BigInt(of.line.totals.total) <= 0n) {
      throw new SimulatorError('adjustment_transaction_item_invalid', `${id} is nothing that the transaction charges for`);
    }
    const part = requestedPart(world, of, type, BigInt(amount ?? '0'), taxMode === 'external');
    of.tax -= BigInt(part.totals.tax);
    of.total -= BigInt(part.totals.total);
    return part;
  });
  const total = parts.reduce((sum, { totals }) => sum + BigInt(totals.total), 0n);
  if (total <= remainingOf(world, transaction)) return parts;
  throw new SimulatorError('adjustment_total_amount_above_remaining_allowed', 'That is more than what is left of the payment');
}

function requestedPart(world: World, of: Left, type: AdjustmentItem['type'], amount: bigint, taxOnTop: boolean): AdjustmentItem {
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

interface Why {
  action: AdjustmentAction;
  reason: string;
  type?: 'full' | 'partial';
}

function newAdjustment(
  world: World,
  transaction: Transaction,
  { action, reason, type }: Why,
  items: AdjustmentItem[],
  status: Adjustment['status'],
): Adjustment {
  const totals = totalsOf(transaction, items);
  const chargeback = action === 'chargeback' || action === 'chargeback_warning';
  const fee = { amount: chargeback ? CHARGEBACK_FEE_CENTS : '0', original: null };
  const { subtotal, tax, total } = totals;
  const adjustment: Adjustment = {
    id: world.id('adj'),
    action,
    type: type ?? 'partial',
    transaction_id: transaction.id,
    subscription_id: transaction.subscription_id,
    customer_id: transaction.customer_id!,
    reason,
    credit_applied_to_balance: action === 'credit' ? false : null,
    currency_code: transaction.currency_code,
    status,
    items,
    totals,
    payout_totals: { ...inCurrency(totals, PAYOUT_CURRENCY), chargeback_fee: fee },
    tax_rates_used: [{ tax_rate: transaction.details.tax_rates_used[0]?.tax_rate ?? '0', totals: { subtotal, tax, total } }],
    created_at: world.instant(),
    updated_at: world.instant(),
  };
  world.tables.adjustments.set(adjustment.id, adjustment);
  return adjustment;
}

/** The fee goes back in proportion, but for what the seller keeps paying. */
function totalsOf({ currency_code, details }: Transaction, items: AdjustmentItem[]): AdjustmentTotals {
  const sum = (key: 'subtotal' | 'tax' | 'total') => items.reduce((total, item) => total + BigInt(item.totals[key]), 0n);
  const total = sum('total');
  const fee = share(BigInt(details.totals.fee ?? '0'), total, BigInt(details.totals.grand_total));
  return {
    subtotal: String(sum('subtotal')),
    tax: String(sum('tax')),
    total: String(total),
    fee: String(fee),
    retained_fee: '0',
    earnings: String(sum('subtotal') - fee),
    currency_code,
  };
}

export function decideRefund(world: World, adjustment: Adjustment, status: 'approved' | 'rejected'): void {
  if (adjustment.status !== 'pending_approval') {
    throw new SimulatorError('conflict', `The adjustment is ${adjustment.status}`);
  }
  world.tables.agenda.delete(`adjustment ${adjustment.id}`);
  Object.assign(adjustment, { status, updated_at: world.instant() });
  world.emit('adjustment.updated', adjustment);
  if (status === 'approved') takeEffect(world, world.find(world.tables.transactions, adjustment.transaction_id));
}

/** The buyer's bank takes the money back, or warns that it may. */
export function chargeBack(world: World, transaction: Transaction, action: 'chargeback' | 'chargeback_warning'): Adjustment {
  checkAction({ action: 'refund', transaction_id: transaction.id, reason: '' }, transaction);
  const items = everythingLeft(world, transaction);
  const adjustment = newAdjustment(world, transaction, { action, reason: 'fraud', type: 'full' }, items, 'approved');
  world.emit('adjustment.created', adjustment);
  if (action === 'chargeback') {
    takeEffect(world, transaction);
    const subscription = world.tables.subscriptions.get(transaction.subscription_id ?? '');
    const cancels = world.assumptions.chargebackOnSubscription === 'cancel';
    if (cancels && subscription && subscription.status !== 'canceled') cancelNow(world, subscription);
  }
  return adjustment;
}

/** The seller wins: an adjustment of its own says so, and the first one turns `reversed`. */
export function reverseChargeback(world: World, chargeback: Adjustment): Adjustment {
  if (!chargeback.action.startsWith('chargeback') || chargeback.action.endsWith('reverse') || chargeback.status !== 'approved') {
    throw new SimulatorError('conflict', `The adjustment is a ${chargeback.action}, ${chargeback.status}`);
  }
  const transaction = world.find(world.tables.transactions, chargeback.transaction_id);
  const action = `${chargeback.action}_reverse` as AdjustmentAction;
  const items = chargeback.items.map((item) => ({ ...item, id: world.id('adjitm') }));
  const reverse = newAdjustment(world, transaction, { action, reason: 'chargeback won', type: 'full' }, items, 'approved');
  world.emit('adjustment.created', reverse);
  Object.assign(chargeback, { status: 'reversed', updated_at: world.instant() });
  world.emit('adjustment.updated', chargeback);
  takeEffect(world, transaction);
  return reverse;
}

/** What was given back of a transaction, as `include=adjustments_totals` shows it. */
export function adjustmentsTotals(world: World, transaction: Transaction) {
  const approved = standing(world, transaction).filter(({ status }) => status === 'approved');
  const sum = (key: 'subtotal' | 'tax' | 'total' | 'fee' | 'earnings', of = approved) =>
    String(of.reduce((total, { totals }) => total + BigInt(totals[key]), 0n));
  const by = (wanted: AdjustmentAction) =>
    sum(
      'total',
      approved.filter(({ action }) => action === wanted),
    );
  return {
    subtotal: sum('subtotal'),
    tax: sum('tax'),
    total: sum('total'),
    fee: sum('fee'),
    earnings: sum('earnings'),
    breakdown: { credit: by('credit'), refund: by('refund'), chargeback: by('chargeback') },
    currency_code: transaction.currency_code,
  };
}

/** The transaction shows what is left of it; whether an event says so is assumed (`adjustmentUpdatesTransaction`). */
function takeEffect(world: World, transaction: Transaction): void {
  const approved = standing(world, transaction).filter(({ status }) => status === 'approved');
  transaction.details = withAdjustments(transaction.details, approved);
  if (world.assumptions.adjustmentUpdatesTransaction) {
    transaction.updated_at = world.instant();
    announce(world, 'updated', transaction);
  }
}
