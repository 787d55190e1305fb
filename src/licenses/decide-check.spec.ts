import { grantOf, granting, poolWith } from '../../test/support/pools';
import { ProductConfiguration } from '../settings';
import { decideCheck, poolsOf, type HeldLicenses } from './decide-check';
import type { SourceEntitlement } from './entitlement';
import type { License, Seat } from './license';

const CONFIGURATION = ProductConfiguration.NONE;

function held(source: SourceEntitlement, names: string[], change: (seat: Seat) => Partial<Seat> = () => ({})): HeldLicenses {
  const seats = [...poolWith(...names).seats.values()];
  const licenses = seats.map((seat): License => ({ ...seat, ...change(seat), source: source.source }));
  return { licenses: licenses.map((one) => ({ ...one, licenseId: `${source.source.id}_${one.licenseId}` })), sources: [source] };
}

const lapsed = grantOf([{ productId: 'pro_team', total: 0, state: 'lapsed', reason: 'subscription_lapsed' }]);
const paused = grantOf([{ productId: 'pro_team', total: 2, state: 'suspended', reason: 'subscription_paused' }]);
const released = () => ({ status: 'released', reason: 'released_by_user' }) as const;
const waiting = () => ({ status: 'suspended', reason: 'seats_reduced' }) as const;
const check = (all: HeldLicenses, entityId = 'ada', productId = 'pro_team') =>
  decideCheck(all, CONFIGURATION, productId, entityId);

describe('the order of the checks', () => {
  it.each([
    ['not_found', held(granting(2), [])],
    ['released', held(lapsed, ['ada'], released)],
    ['no_entitlement', held(lapsed, ['ada'], waiting)],
    ['suspended', held(granting(2), ['ada'], waiting)],
    ['suspended', held(paused, ['ada'])],
    ['over_limit', held(granting(0), ['ada'])],
    ['valid', held(granting(1), ['ada'])],
  ])('%s', (code, all) => expect(check(all)).toMatchObject({ code, valid: code === 'valid' }));
});

it('finds nothing of another entity or another product', () => {
  const all = held(granting(2), ['ada']);
  expect([check(all, 'bob').code, check(all, 'ada', 'pro_other').code]).toEqual(['not_found', 'not_found']);
});

it('lets those in who stay, and those not who would go: the newest', () => {
  const all = held(granting(2), ['ada', 'bob', 'cora']);
  expect(['ada', 'bob', 'cora'].map((name) => check(all, name).code)).toEqual(['valid', 'valid', 'over_limit']);
  expect(check(all).pool).toMatchObject({ total: 2, used: 3, available: 0, overAllocated: true });
});

it('does not count who waits for a seat', () => {
  const all = held(granting(1), ['ada', 'bob'], ({ entityId }) => (entityId === 'bob' ? waiting() : {}));
  expect(poolsOf(all)).toMatchObject([{ total: 1, used: 1, overAllocated: false }]);
});

it('answers with the best license of several', () => {
  const [ended, good] = [held(lapsed, ['ada']), held(granting(1, 'pro_team', 'sub_2'), ['ada'])];
  const both = { licenses: [...ended.licenses, ...good.licenses], sources: [...ended.sources, ...good.sources] };
  expect(check(both)).toMatchObject({ code: 'valid', license: { source: { id: 'sub_2' } } });
});

it('shows a pool that has lapsed only while it holds seats', () => {
  expect(poolsOf(held(lapsed, ['ada']))).toMatchObject([{ state: 'lapsed', total: 0, used: 1, overAllocated: true }]);
  expect(poolsOf(held(lapsed, ['ada'], released))).toEqual([]);
});
