import { parseCsv } from '../../test/support/csv';
import { CSV_HEAD, toCsvLine } from './billing-csv';
import type { BillingEntry } from './billing-entry';

const usd = (amount: string) => ({ amount, currency: 'USD' });

function entry(given: Partial<BillingEntry> = {}): BillingEntry {
  return {
    transactionId: 'txn_1',
    subscriptionId: 'sub_1',
    status: 'completed',
    origin: 'web',
    billedAt: '2026-01-10T09:30:00.444476Z',
    invoiceNumber: '325-10001',
    currency: 'USD',
    subtotal: usd('3000'),
    discount: usd('600'),
    tax: usd('213'),
    total: usd('2613'),
    credit: usd('613'),
    grandTotal: usd('2000'),
    paid: usd('2000'),
    refunded: usd('500'),
    items: [{ productId: 'pro_1', priceId: 'pri_1', name: 'Rowboat Team', quantity: 3, total: usd('2613') }],
    payment: { type: 'card', brand: 'visa', last4: '0042' },
    adjustments: [
      {
        id: 'adj_1',
        action: 'refund',
        status: 'approved',
        total: usd('500'),
        reason: 'asked for',
        at: '2026-01-12T00:00:00.000000Z',
      },
    ],
    hasInvoice: true,
    ...given,
  };
}

const rowOf = (given: Partial<BillingEntry>) => parseCsv(CSV_HEAD + toCsvLine(entry(given)))[0]!;
const item = (name: string, quantity = 1) => ({ productId: 'pro_1', priceId: 'pri_1', name, quantity, total: usd('1') });

it('is a head and a line for each transaction, as RFC 4180 has them', () => {
  expect(CSV_HEAD + toCsvLine(entry())).toBe(
    '\ufefftransaction_id,subscription_id,status,origin,billed_at,invoice_number,currency,' +
      'subtotal_minor_units,discount_minor_units,tax_minor_units,total_minor_units,credit_minor_units,' +
      'grand_total_minor_units,paid_minor_units,refunded_minor_units,items,payment_method,adjustments,has_invoice\r\n' +
      'txn_1,sub_1,completed,web,2026-01-10T09:30:00.444476Z,325-10001,USD,' +
      '3000,600,213,2613,613,2000,2000,500,3 × Rowboat Team,card visa 0042,' +
      'refund approved 500 USD 2026-01-12T00:00:00.000000Z,true\r\n',
  );
});

it('leaves cells empty where there is nothing', () => {
  const nothing = { subscriptionId: null, billedAt: null, invoiceNumber: null, items: [], payment: null, adjustments: [] };
  expect(rowOf(nothing)).toMatchObject({
    subscription_id: '',
    billed_at: '',
    invoice_number: '',
    items: '',
    payment_method: '',
    adjustments: '',
  });
});

it.each([['a, b'], ['the "best" one'], ['two\nlines'], ['two\r\nlines'], ['Ruderboot für Ünü 漢字'], ["it's"], ['a;b']])(
  'gives back %j as it was',
  (name) => {
    expect(rowOf({ items: [item(name), item('B', 2)] }).items).toBe(`1 × ${name}, 2 × B`);
  },
);

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://evil.example","x")'])(
  'is no formula when somebody wrote %j',
  (written) => {
    expect(rowOf({ origin: written, invoiceNumber: written })).toMatchObject({
      origin: `'${written}`,
      invoice_number: `'${written}`,
    });
  },
);

it('keeps a negative amount a number', () => {
  expect(toCsvLine(entry({ total: usd('-1089') }))).toContain(',213,-1089,613,');
});
