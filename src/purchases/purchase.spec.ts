import { lineItem, snapshotOfAdjustment } from '../../test/support/facts';
import type { AdjustmentItem, AdjustmentSnapshot, LineItem } from '../provider';
import type { Adjustment } from './adjustments';
import { productsOf, type Purchase } from './purchase';

const BOOK = lineItem({ id: 'txnitm_book', productId: 'pro_book', quantity: 2, total: '3000' });
const MAP = lineItem({ id: 'txnitm_map', productId: 'pro_map', total: '1000' });

let ids = 0;
function adjustment(given: Partial<AdjustmentSnapshot>): Adjustment {
  const firstSeenAt = '2026-02-01T00:00:00.000000Z';
  return { ...snapshotOfAdjustment(given), id: `adj_${++ids}`, watermark: firstSeenAt, firstSeenAt };
}

const part = ({ id }: LineItem, total: string, type = 'partial'): AdjustmentItem => ({ lineId: id, type, total });
const refundOf = (...items: AdjustmentItem[]) => ({
  items,
  total: `${items.reduce((sum, { total }) => sum + Number(total), 0)}`,
});

/** A book and a map for 40.00 in all, and whatever became of them: what is still the buyer's. */
function heldAfter(...news: Partial<AdjustmentSnapshot>[]): Record<string, string> {
  const sale = { id: 'txn_1', customerId: 'ctm_1', purchasedAt: null, currency: 'USD', grandTotal: '4000', lines: [BOOK, MAP] };
  const held = (adjustments: Adjustment[]) =>
    Object.fromEntries(
      productsOf({ ...sale, adjustments }).map(({ productId, state, quantity }) => [productId, `${quantity} ${state}`]),
    );
  const adjustments = news.map(adjustment);
  expect(held(adjustments.toReversed())).toEqual(held(adjustments));
  return held(adjustments);
}

const BOTH = { pro_book: '2 completed', pro_map: '1 completed' };
const NO_MAP = { pro_book: '2 completed', pro_map: '0 refunded' };
const NOTHING = { pro_book: '0 refunded', pro_map: '0 refunded' };
const CHARGED_BACK = { pro_book: '0 charged_back', pro_map: '0 charged_back' };
const CHARGEBACK = { action: 'chargeback', type: 'full', total: '4000' };
const at = (createdAt: string) => ({ createdAt });

it.each<[string, Partial<AdjustmentSnapshot>[], Record<string, string>]>([
  ['nothing', [], BOTH],
  ['a full refund', [{ type: 'full', total: '4000' }], NOTHING],
  ['a full refund that waits for approval', [{ type: 'full', total: '4000', status: 'pending_approval' }], BOTH],
  ['a full refund that was rejected', [{ type: 'full', total: '4000', status: 'rejected' }], BOTH],
  ['a full refund that was undone', [{ type: 'full', total: '4000', status: 'reversed' }], BOTH],
  ['a full refund that does not say so', [{ type: null, total: '4000' }], NOTHING],
  ['a refund of the map in full', [{ items: [part(MAP, '1000', 'full')] }], NO_MAP],
  ['a refund of the map, by its total', [refundOf(part(MAP, '1000'))], NO_MAP],
  ['a refund of most of the map', [refundOf(part(MAP, '999'))], BOTH],
  ['two refunds that add up to the map', [refundOf(part(MAP, '400')), refundOf(part(MAP, '600'))], NO_MAP],
  ['two that add up to one unit less', [refundOf(part(MAP, '400')), refundOf(part(MAP, '599'))], BOTH],
  ['two of which one is not approved', [refundOf(part(MAP, '400')), { ...refundOf(part(MAP, '600')), status: 'rejected' }], BOTH],
  ['a refund of the tax of everything', [refundOf(part(MAP, '200', 'tax'), part(BOOK, '500', 'tax'))], BOTH],
  ['the tax, then the rest', [refundOf(part(MAP, '200', 'tax')), refundOf(part(MAP, '800'))], NO_MAP],
  ['refunds of both items', [refundOf(part(MAP, '1000')), refundOf(part(BOOK, '3000'))], NOTHING],
  ['refunds that name no items, and add up to everything', [{ total: '1500' }, { total: '2500' }], NOTHING],
  ['refunds that name no items, and do not', [{ total: '1500' }, { total: '2499' }], BOTH],
  ['a refund of items that nobody knows', [{ items: [{ lineId: 'txnitm_x', type: 'full', total: '1' }], total: '1' }], BOTH],
  ['a credit over everything', [{ action: 'credit', type: 'full', total: '4000' }], BOTH],
  ['a chargeback', [CHARGEBACK], CHARGED_BACK],
  ['a chargeback of the map', [{ ...CHARGEBACK, type: 'partial', ...refundOf(part(MAP, '100')) }], { ...BOTH, pro_map: '0 charged_back' }],
  ['a chargeback that does not say of what', [{ ...CHARGEBACK, type: null, total: null }], CHARGED_BACK],
  ['a warning of a chargeback', [{ ...CHARGEBACK, action: 'chargeback_warning' }], BOTH],
  ['a warning that was taken back', [{ ...CHARGEBACK, action: 'chargeback_warning' }, { ...CHARGEBACK, action: 'chargeback_warning_reverse' }], BOTH],
  ['a chargeback, reversed', [{ ...CHARGEBACK, status: 'reversed' }, { ...CHARGEBACK, action: 'chargeback_reverse' }], BOTH],
  ['a reversal whose chargeback does not know yet', [{ ...CHARGEBACK, ...at('2026-01-02T00:00:00Z') }, { ...CHARGEBACK, action: 'chargeback_reverse', ...at('2026-01-09T00:00:00Z') }], BOTH],
  ['a chargeback after a reversal', [{ ...CHARGEBACK, action: 'chargeback_reverse', ...at('2026-01-02T00:00:00Z') }, { ...CHARGEBACK, ...at('2026-01-09T00:00:00Z') }], CHARGED_BACK],
  ['a refund, then a chargeback', [{ type: 'full', total: '4000' }, CHARGEBACK], CHARGED_BACK],
  ['a refund of half, and a chargeback of the rest, reversed', [{ total: '2000' }, { ...CHARGEBACK, total: '2000', status: 'reversed' }], BOTH],
  ['words that nobody knows yet', [{ action: 'barter', type: 'full', total: '4000' }, { type: 'full', status: 'mulled', total: '4000' }], BOTH],
])('after %s', (_, news, held) => expect(heldAfter(...news)).toEqual(held)); // prettier-ignore

it('takes what cost nothing only where it is named', () => {
  const gift = lineItem({ id: 'txnitm_gift', productId: 'pro_gift', total: '0' });
  const free: Purchase = {
    id: 'txn_1',
    customerId: null,
    purchasedAt: null,
    currency: 'USD',
    grandTotal: '0',
    lines: [gift],
    adjustments: [],
  };
  const after = (given: Partial<AdjustmentSnapshot>) => productsOf({ ...free, adjustments: [adjustment(given)] })[0]!.state;
  expect(after({ total: '0', items: [part(gift, '0', 'tax')] })).toBe('completed');
  expect(after({ total: '0', items: [part(gift, '0', 'full')] })).toBe('refunded');
});

it('counts the units of both prices of a product, and of what is left', () => {
  const lines = [
    lineItem({ id: 'txnitm_a', quantity: 2, total: '20' }),
    lineItem({ id: 'txnitm_b', priceId: 'pri_2', quantity: 3, total: '30' }),
  ];
  const sale = { id: 'txn_1', customerId: null, purchasedAt: null, currency: 'JPY', grandTotal: '50', lines };
  expect(productsOf({ ...sale, adjustments: [] })).toEqual([{ productId: 'pro_1', state: 'completed', quantity: 5 }]);
  const refund = adjustment(refundOf(part(lines[0]!, '20')));
  expect(productsOf({ ...sale, adjustments: [refund] })).toEqual([{ productId: 'pro_1', state: 'completed', quantity: 3 }]);
});
