import { given } from '../../test/support/given';
import { after, assigning, granting, grantOf, poolWith, shown, told } from '../../test/support/pools';
import { assignSeats, changeSeat, forceRelease, type ChangeSeat } from './decide-seats';
import type { SourceEntitlement } from './entitlement';
import { EMPTY_POOL, type LicensePool } from './license-pool';

const assign =
  (source: SourceEntitlement, ...entityIds: string[]) =>
  (pool: LicensePool) =>
    told(assignSeats({ ...assigning(...entityIds), source }, pool));
const change =
  (wanted: Omit<ChangeSeat, 'licenseId'>, n = 1) =>
  (pool: LicensePool) =>
    changeSeat({ licenseId: `lic_sub_1_${n}`, ...wanted }, pool);

describe('assigning', () => {
  it('gives a free seat, and notes at first what the source grants', () =>
    given(EMPTY_POOL)
      .when(assign(granting(2), 'ada'))
      .then(['pool_resized 2', 'seat_assigned ada']));
  it('adds nothing the second time', () =>
    given(poolWith('ada'))
      .when(assign(granting(1), 'ada'))
      .then([]));
  it('gives only those a seat who have none', () =>
    given(poolWith('ada'))
      .when(assign(granting(3), 'ada', 'bob', 'cora'))
      .then(['seat_assigned bob', 'seat_assigned cora']));
  it('refuses when every seat is taken', () =>
    given(poolWith('ada', 'bob'))
      .when(assign(granting(2), 'cora'))
      .thenThrows('no_seats_available', { total: 2, used: 2, available: 0, wanted: 1 }));
  it('gives all or none', () =>
    given(poolWith('ada'))
      .when(assign(granting(2), 'bob', 'cora'))
      .thenThrows('no_seats_available', { available: 1, wanted: 2 }));
  it('refuses a product of which no seats are granted', () =>
    given(EMPTY_POOL)
      .when(assign(granting(2, 'pro_other'), 'ada'))
      .thenThrows('no_entitlement', { reason: null }));
  it.each(['subscription_paused', 'subscription_past_due'] as const)('refuses while the source is %s', (reason) =>
    given(EMPTY_POOL)
      .when(assign(grantOf([{ productId: 'pro_team', total: 2, state: 'suspended', reason }]), 'ada'))
      .thenThrows('no_entitlement', { reason }),
  );
  it('gives a seat that was released to the next', () => {
    const pool = poolWith('ada');
    const released = after(pool, changeSeat({ licenseId: 'lic_sub_1_1', release: true }, pool));
    expect(shown(released)).toEqual(['ada released released_by_user']);
    const next = after(released, assignSeats({ ...assigning('ada'), source: granting(1) }, released));
    expect(shown(next)).toEqual(['ada released released_by_user', 'ada active']);
  });
});

describe('changing', () => {
  const place = { licenseId: 'lic_sub_1_1', revision: 2, productId: 'pro_team', entityId: 'ada' };

  it('renames', () =>
    given(poolWith('ada'))
      .when(change({ name: 'Ada' }))
      .then([{ type: 'license.seat_renamed', data: { ...place, name: 'Ada' } }]));
  it('hands over', () =>
    given(poolWith('ada'))
      .when(change({ entityId: 'bob' }))
      .then([{ type: 'license.seat_handed_over', data: { ...place, from: 'ada', entityId: 'bob' } }]));
  it('counts revisions on where much changes at once', () => {
    const events = changeSeat({ licenseId: 'lic_sub_1_1', name: 'Ada', metadata: { a: 1 }, release: true }, poolWith('ada'));
    expect(events.map(({ type, data }) => [type, 'revision' in data && data.revision])).toEqual([
      ['license.seat_renamed', 2],
      ['license.seat_metadata_replaced', 3],
      ['license.seat_released', 4],
    ]);
  });
  it('adds nothing where nothing differs', () =>
    given(poolWith('ada'))
      .when(change({ name: null, metadata: {}, entityId: 'ada' }))
      .then([]));
  it('refuses an entity that has a seat already', () =>
    given(poolWith('ada', 'bob'))
      .when(change({ entityId: 'bob' }))
      .thenThrows('entity_has_license'));
  it('refuses a license that is not there', () => given(poolWith('ada')).when(change({}, 2)).thenThrows('not_found'));
  it('changes nothing of a released one, and releases it no second time', () => {
    const pool = poolWith('ada');
    const released = after(pool, changeSeat({ licenseId: 'lic_sub_1_1', release: true }, pool));
    given(released)
      .when(change({ name: 'Ada' }))
      .thenThrows('license_released');
    given(released)
      .when(change({ release: true }))
      .then([]);
  });
});

it('lets an admin release, once', () => {
  const pool = poolWith('ada');
  const force = (state: LicensePool) => forceRelease({ licenseId: 'lic_sub_1_1', note: 'left the company' }, state);
  const data = { licenseId: 'lic_sub_1_1', revision: 2, productId: 'pro_team', entityId: 'ada' };
  const why = { reason: 'released_by_admin', note: 'left the company' } as const;
  given(pool)
    .when(force)
    .then([{ type: 'license.seat_released', data: { ...data, ...why } }]);
  given(after(pool, force(pool)))
    .when(force)
    .then([]);
  given(EMPTY_POOL).when(force).thenThrows('not_found');
});
