import type { AdjustmentObserved, TransactionObserved } from '../billing-facts';
import { translate } from './translate';

function transactionWith(data: object): TransactionObserved {
  const event = { eventId: 'evt_1', type: 'transaction.completed', occurredAt: '2026-01-01T00:00:00Z' };
  return translate({ ...event, content: () => ({ data: { id: 'txn_1', ...data } }) }, 'user_id') as TransactionObserved;
}

function adjustmentWith(data: object): AdjustmentObserved | null {
  const event = { eventId: 'evt_1', type: 'adjustment.updated', occurredAt: '2026-01-01T00:00:00Z' };
  const given = { id: 'adj_1', transaction_id: 'txn_1', ...data };
  return translate({ ...event, content: () => ({ data: given }) }, 'user_id') as AdjustmentObserved | null;
}

const TOTALS = { subtotal: '4000', discount: '500', tax: '700', total: '4200', credit: '200', grand_total: '4000' };

it('reads what was bought, once and again and again, and for how much', () => {
  const { transaction } = transactionWith({
    status: 'completed',
    origin: 'web',
    currency_code: 'EUR',
    created_at: '2026-01-01T00:00:00.123456789Z',
    billed_at: '2026-01-01T00:00:01Z',
    invoice_number: '325-1',
    items: [
      { quantity: 1, price: { id: 'pri_month', product_id: 'pro_solo', billing_cycle: { interval: 'month', frequency: 1 } } },
      { quantity: 2, price: { id: 'pri_once', product_id: 'pro_book', billing_cycle: null, name: 'One-time' } },
    ],
    details: {
      totals: { ...TOTALS, currency_code: 'EUR' },
      line_items: [
        {
          id: 'txnitm_1',
          price_id: 'pri_month',
          quantity: 1,
          totals: { total: '1200' },
          product: { id: 'pro_solo', name: 'Solo' },
        },
        { id: 'txnitm_2', price_id: 'pri_once', quantity: 2, totals: { total: '3000' }, product: null },
      ],
    },
  });
  expect(transaction).toEqual({
    status: 'completed',
    origin: 'web',
    currency: 'EUR',
    createdAt: '2026-01-01T00:00:00.123456789Z',
    billedAt: '2026-01-01T00:00:01Z',
    invoiceNumber: '325-1',
    totals: { subtotal: '4000', discount: '500', tax: '700', total: '4200', credit: '200', grandTotal: '4000' },
    lines: [
      { id: 'txnitm_1', productId: 'pro_solo', priceId: 'pri_month', name: 'Solo', quantity: 1, recurring: true, total: '1200' },
      {
        id: 'txnitm_2',
        productId: 'pro_book',
        priceId: 'pri_once',
        name: 'One-time',
        quantity: 2,
        recurring: false,
        total: '3000',
      },
    ],
    payment: null,
  });
});

it('does not claim to know whether something recurs when the price does not say', () => {
  const { transaction } = transactionWith({
    items: [{ price: { id: 'pri_1', product_id: 'pro_1' } }],
    details: { line_items: [{ id: 'txnitm_1', price_id: 'pri_1', quantity: 1, totals: { total: '1' } }] },
  });
  expect(transaction.lines).toMatchObject([{ productId: 'pro_1', recurring: null }]);
});

it.each([
  ['nothing but an id', {}],
  ['everything null', { details: null, items: null, payments: null, billed_at: null }],
  ['everything of another type', { details: [], items: 7, payments: {}, billed_at: 7, status: {} }],
  ['parts of another type', { details: { totals: 'x', line_items: [null, 1, {}, { price_id: 'pri_1' }] }, items: [null, {}] }],
  ['money that is none', { details: { totals: { total: '1.50' } } }],
])('never throws at a transaction with %s', (_, data) => {
  expect(transactionWith(data).transaction).toMatchObject({ status: 'unknown', totals: null, lines: [], billedAt: null });
});

it('reads a refund', () => {
  expect(
    adjustmentWith({
      action: 'refund',
      type: 'partial',
      status: 'pending_approval',
      currency_code: 'USD',
      reason: 'error',
      customer_id: 'ctm_1',
      subscription_id: 'sub_1',
      totals: { total: '100', tax: '8', subtotal: '92' },
      created_at: '2026-01-01T00:00:00.1Z',
      items: [{ item_id: 'txnitm_1', type: 'partial', amount: '100', totals: { total: '100' } }],
    }),
  ).toMatchObject({
    kind: 'adjustment_observed',
    adjustmentId: 'adj_1',
    transactionId: 'txn_1',
    subscriptionId: 'sub_1',
    customerId: 'ctm_1',
    adjustment: {
      action: 'refund',
      type: 'partial',
      status: 'pending_approval',
      currency: 'USD',
      reason: 'error',
      total: '100',
      createdAt: '2026-01-01T00:00:00.1Z',
      items: [{ lineId: 'txnitm_1', type: 'partial', total: '100' }],
    },
  });
});

it('takes the zero time for none, keeps words that nobody knows yet, and cannot read an adjustment of nothing', () => {
  expect(adjustmentWith({ created_at: '0001-01-01T00:00:00Z', action: 'barter', status: 'mulled' })).toMatchObject({
    adjustment: { action: 'barter', status: 'mulled', createdAt: null, type: null, total: null, items: [] },
  });
  expect(adjustmentWith({ transaction_id: null })).toBeNull();
});

it('orders what happened to an adjustment at the same time: asked for, decided, undone', () => {
  const statuses = ['reversed', 'approved', 'pending_approval'];
  const watermarks = statuses
    .map((status) => [adjustmentWith({ status })!.watermark, status] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  expect(watermarks.map(([, status]) => status)).toEqual(['pending_approval', 'approved', 'reversed']);
});
