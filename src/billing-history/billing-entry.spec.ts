import { lineItem, snapshotOfAdjustment, snapshotOfTransaction } from '../../test/support/facts';
import type { AdjustmentSnapshot, TransactionSnapshot } from '../provider';
import type { Adjustment } from '../purchases';
import { toEntry } from './billing-entry';
import { whyNoInvoice } from './invoices';

const TOTALS = { subtotal: '3000', discount: '600', tax: '213', total: '2613', credit: '613', grandTotal: '2000' };

function entryOf(given: Partial<TransactionSnapshot> = {}, adjustments: Adjustment[] = []) {
  const snapshot = snapshotOfTransaction(given);
  const about = { transactionId: 'txn_1', customerId: 'ctm_1', subscriptionId: 'sub_1', watermark: 'w' };
  return toEntry({ ...about, snapshot, adjustments, orderedAt: '2026-01-01T00:00:00.000000Z' });
}

function adjustment(id: string, given: Partial<AdjustmentSnapshot> = {}): Adjustment {
  return { ...snapshotOfAdjustment(given), id, watermark: id, firstSeenAt: '2026-02-01T00:00:00.000000Z' };
}

it('says what was charged, for what, how it was paid, and what went back', () => {
  const payment = { amount: '2000', capturedAt: '2026-01-01T00:00:05Z', method: { type: 'card', brand: 'visa', last4: '0042' } };
  const given = { invoiceNumber: '325-1', billedAt: '2026-01-01T00:00:00.123456Z', totals: TOTALS, lines: [lineItem()], payment };
  expect(entryOf(given, [adjustment('adj_1', { total: '500', reason: 'asked for' })])).toEqual({
    transactionId: 'txn_1',
    subscriptionId: 'sub_1',
    status: 'completed',
    origin: 'web',
    billedAt: '2026-01-01T00:00:00.123456Z',
    invoiceNumber: '325-1',
    currency: 'USD',
    subtotal: { amount: '3000', currency: 'USD' },
    discount: { amount: '600', currency: 'USD' },
    tax: { amount: '213', currency: 'USD' },
    total: { amount: '2613', currency: 'USD' },
    credit: { amount: '613', currency: 'USD' },
    grandTotal: { amount: '2000', currency: 'USD' },
    paid: { amount: '2000', currency: 'USD' },
    refunded: { amount: '500', currency: 'USD' },
    items: [{ productId: 'pro_1', priceId: 'pri_1', name: 'Handbook', quantity: 1, total: { amount: '1000', currency: 'USD' } }],
    payment: { type: 'card', brand: 'visa', last4: '0042' },
    adjustments: [
      {
        id: 'adj_1',
        action: 'refund',
        status: 'approved',
        total: { amount: '500', currency: 'USD' },
        reason: 'asked for',
        at: '2026-01-02T00:00:00.000000Z',
      },
    ],
    hasInvoice: true,
  });
});

it('leaves amounts as they are, also where the currency has no smaller unit', () => {
  const totals = { ...TOTALS, subtotal: '2980', total: '2980', grandTotal: '2980' };
  const yen = entryOf({ currency: 'JPY', totals, lines: [lineItem({ total: '2980' })] }, [
    adjustment('adj_1', { currency: 'JPY', total: '2980' }),
  ]);
  const whole = { amount: '2980', currency: 'JPY' };
  expect(yen).toMatchObject({
    currency: 'JPY',
    total: whole,
    refunded: whole,
    items: [{ total: whole }],
    adjustments: [{ total: whole }],
  });
});

it('shows a change of plan that gives more back than it costs as it is', () => {
  const totals = { ...TOTALS, subtotal: '-1000', total: '-1089', grandTotal: '0' };
  expect(entryOf({ totals, lines: [lineItem({ total: '-1089' })] })).toMatchObject({
    total: { amount: '-1089' },
    items: [{ total: { amount: '-1089' } }],
    paid: { amount: '0' },
  });
});

it('lists adjustments of every status, the oldest first, and counts those in force', () => {
  const { adjustments, refunded } = entryOf({ totals: TOTALS }, [
    adjustment('adj_a', { createdAt: null, status: 'pending_approval' }),
    adjustment('adj_b', { createdAt: '2026-01-03T00:00:00Z', total: '100' }),
    adjustment('adj_c', { createdAt: '2026-01-02T00:00:00Z', status: 'rejected' }),
    adjustment('adj_d', { createdAt: '2026-01-03T00:00:00Z', total: '20', action: 'chargeback' }),
  ]);
  expect(adjustments.map(({ id }) => id)).toEqual(['adj_c', 'adj_b', 'adj_d', 'adj_a']);
  expect(refunded).toEqual({ amount: '120', currency: 'USD' });
});

it('has a word for everything that the provider left out', () => {
  const nothing = {
    origin: null,
    currency: null,
    billedAt: null,
    invoiceNumber: null,
    totals: null,
    lines: [lineItem({ name: null })],
  };
  expect(entryOf(nothing, [adjustment('adj_1', { reason: null, total: null, currency: null })])).toMatchObject({
    origin: 'unknown',
    currency: 'XXX',
    total: { amount: '0', currency: 'XXX' },
    items: [{ name: 'pro_1' }],
    payment: null,
    adjustments: [{ reason: '', total: { amount: '0', currency: 'XXX' } }],
    hasInvoice: false,
  });
});

it.each([
  ['completed', '325-1', '2613', true],
  ['completed', null, '2613', true],
  ['completed', '325-1', '-1089', false],
  ['completed', '325-1', '0', false],
  ['billed', '325-1', '2613', true],
  ['billed', null, '2613', false],
  ['paid', null, '2613', false],
  ['past_due', '325-1', '2613', false],
  ['canceled', '325-1', '2613', false],
  ['ready', null, '2613', false],
  ['moored', null, '2613', false],
])('of one that is %s, with number %s and total %s, there is an invoice: %s', (status, invoiceNumber, total, has) => {
  const given = { status, invoiceNumber, totals: { ...TOTALS, total } };
  expect(entryOf(given).hasInvoice).toBe(has);
  expect(whyNoInvoice(snapshotOfTransaction(given)) ?? '').toMatch(has ? /^$/ : /^[A-Z].*invoice.*\.$/);
});
