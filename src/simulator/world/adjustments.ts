import { share } from './currency';
import { inCurrency, withAdjustments } from './details';
import type { Adjustment, AdjustmentAction, AdjustmentItem, AdjustmentTotals, Transaction } from './money-entities';
import { everythingLeft, partsLeft, standing, type WantedPart } from './refundable';
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
  items?: WantedPart[] | null;
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
  const items = full
    ? everythingLeft(world, transaction)
    : partsLeft(world, transaction, request.items ?? [], request.tax_mode === 'external');
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
