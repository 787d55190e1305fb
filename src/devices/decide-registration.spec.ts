import {
  deviceBlocked as blocked,
  deviceList,
  deviceRegistered as registered,
  deviceRetired as retired,
  deviceUnblocked as unblocked,
  NOTHING_SAID,
} from '../../test/support/device-lists';
import { given } from '../../test/support/given';
import type { Instant } from '../platform/instant';
import { decideRegistration, isFullFor, type WantedDevice } from './decide-registration';
import { listAfter, NO_DEVICES, type DeviceEvent, type DeviceList } from './device-list';
import { NO_RULES, type DeviceRules } from './device-rules';

/** The n-th event of a list happened on the n-th of January. */
const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T00:00:00.000000Z` as Instant;
const LAPTOP = { name: 'Laptop', platform: 'macos', appVersion: '1.0', metadata: { cores: 8, ram: 16 } };

const devices = (...decided: DeviceEvent[]) => given(deviceList(...decided));
const registering =
  (uuid: string, said: Partial<WantedDevice> = {}, rules: Partial<DeviceRules> = {}, seen: Record<string, Instant> = {}) =>
  (list: DeviceList) => {
    const lastSeen = (device: { uuid: string; seenAt: Instant }) => seen[device.uuid] ?? device.seenAt;
    return decideRegistration(list, { uuid, userId: 'user_1', ...said }, { ...NO_RULES, ...rules }, day(20), lastSeen);
  };
const reclaimed = (uuid: string) => retired(uuid, { reason: 'reclaimed' });

describe('a device', () => {
  it('is registered for the first time, with what it says of itself', () => {
    devices()
      .when(registering('a'))
      .then([registered('a')]);
    devices()
      .when(registering('a', LAPTOP))
      .then([registered('a', LAPTOP)]);
  });

  it('adds nothing the second time', () => {
    devices(registered('a', LAPTOP)).when(registering('a', LAPTOP)).then([]);
    devices(registered('a', LAPTOP)).when(registering('a')).then([]);
    devices(registered('a', LAPTOP))
      .when(registering('a', { metadata: { ram: 16, cores: 8 } }))
      .then([]);
  });

  it('says something else of itself: each change by its name, what is left out stays', () => {
    const { name, ...details } = LAPTOP;
    const known = devices(registered('a', LAPTOP));
    known.when(registering('a', { name: 'Mine' })).then([{ type: 'device.renamed', uuid: 'a', data: { name: 'Mine' } }]);
    known
      .when(registering('a', { name, appVersion: '2.0' }))
      .then([{ type: 'device.details_changed', uuid: 'a', data: { ...details, appVersion: '2.0' } }]);
    known.when(registering('a', { name: null, platform: null, metadata: null })).then([
      { type: 'device.renamed', uuid: 'a', data: { name: null } },
      { type: 'device.details_changed', uuid: 'a', data: { platform: null, appVersion: '1.0', metadata: {} } },
    ]);
  });

  it('comes back after it was retired, as what it was', () =>
    devices(registered('a', LAPTOP), retired('a'))
      .when(registering('a', { appVersion: '2.0' }))
      .then([registered('a', { ...LAPTOP, appVersion: '2.0' })]));

  it('does not come in while it is blocked, whether it has a place or not', () => {
    devices(registered('a'), blocked('a')).when(registering('a', LAPTOP)).then([]);
    devices(registered('a'), blocked('a'), retired('a')).when(registering('a', LAPTOP)).then([]);
    devices(registered('a'), blocked('a'), unblocked('a'))
      .when(registering('a', { name: 'x' }))
      .then([{ type: 'device.renamed', uuid: 'a', data: { name: 'x' } }]);
  });
});

describe('at the limit', () => {
  const two = devices(registered('a', { name: 'A', platform: 'ios' }), registered('b'));
  const limit = 2;
  const reclaim = 'oldest' as const;

  it('another one is refused, with the list of those that could go', () => {
    const a = { uuid: 'a', status: 'active', name: 'A', platform: 'ios', firstSeenAt: day(1), lastSeenAt: day(9) };
    const b = { uuid: 'b', status: 'active', name: null, platform: null, firstSeenAt: day(2), lastSeenAt: day(2) };
    const refused = { limit: 2, active: 2, reclaim: 'none', devices: [b, a] };
    two.when(registering('c', {}, { limit }, { a: day(9) })).thenThrows('device_limit_reached', refused);
    two.when(registering('c', { reclaim }, { limit })).thenThrows('device_limit_reached', { reclaim: 'none' });
    two.when(registering('c', {}, { limit, reclaim })).thenThrows('device_limit_reached', { reclaim });
  });

  it('those that are there may say what they like', () => {
    two.when(registering('a', {}, { limit: 1 })).then([]);
    expect(isFullFor('a', deviceList(registered('a'), registered('b')), { ...NO_RULES, limit: 1 })).toBe(false);
  });

  it('one that is retired leaves room, one that comes back needs it', () => {
    devices(registered('a'), registered('b'), retired('a'))
      .when(registering('c', {}, { limit }))
      .then([registered('c')]);
    devices(registered('a'), retired('a'), registered('b'), registered('c'))
      .when(registering('a', {}, { limit }))
      .thenThrows('device_limit_reached', { active: 2 });
  });

  it('one that is blocked keeps its place, unless it is retired', () => {
    devices(registered('a'), blocked('a'), registered('b'))
      .when(registering('c', {}, { limit }))
      .thenThrows('device_limit_reached', { active: 2 });
    devices(registered('a'), blocked('a'), registered('b'), retired('a'))
      .when(registering('c', {}, { limit }))
      .then([registered('c')]);
  });

  it('the one that was not seen for the longest goes, where the app asks and the product allows it', () => {
    two.when(registering('c', { reclaim }, { limit, reclaim })).then([reclaimed('a'), registered('c')]);
    two.when(registering('c', { reclaim }, { limit, reclaim }, { a: day(3) })).then([reclaimed('b'), registered('c')]);
    two.when(registering('c', { reclaim }, { limit: 3, reclaim })).then([registered('c')]);
  });

  it('of two that were seen at the same time always the same goes', () => {
    const seen = { a: day(5), b: day(5) };
    two.when(registering('c', { reclaim }, { limit, reclaim }, seen)).then([reclaimed('a'), registered('c')]);
  });

  it('as many go as it takes when the limit was lowered', () =>
    devices(registered('a'), registered('b'), registered('c'))
      .when(registering('d', { reclaim }, { limit, reclaim }))
      .then([reclaimed('a'), reclaimed('b'), registered('d')]));

  it('matters when the others were seen', () => {
    const list = deviceList(registered('a'), retired('a'), registered('b'));
    expect(isFullFor('a', list, { ...NO_RULES, limit: 1 })).toBe(true);
    expect(isFullFor('c', list, { ...NO_RULES, limit: 1 })).toBe(true);
    expect(isFullFor('c', list, { ...NO_RULES, limit: 2 })).toBe(false);
    expect(isFullFor('c', list, NO_RULES)).toBe(false);
  });

  it('the answer is no longer than an app can show', () => {
    const many = deviceList(...Array.from({ length: 28 }, (_, n) => registered(`device-${n}`)));
    const rows = new Map([...many.devices].flatMap(([uuid, one]) => [1, 2, 3, 4].map((n) => [`${uuid}-${n}`, one] as const)));
    given({ ...many, devices: rows })
      .when((list) => {
        try {
          return registering('x', {}, { limit: 1 })(list);
        } catch (error) {
          return (error as { extensions: { devices: unknown[]; active: number } }).extensions.devices.length;
        }
      })
      .then(100);
  });
});

describe('a budget for new devices', () => {
  const churn = { devices: 2, days: 10 };

  it('is used up by new ones and by those that come back, whoever left', () => {
    const nextAt = day(22);
    const many = [registered('x'), retired('x'), ...Array(8).fill(unblocked('x')), registered('a'), registered('b')];
    devices(...(many as DeviceEvent[]), registered('c')) // on the 11th, 12th and 13th
      .when(registering('d', {}, { churn }))
      .thenThrows('device_churn_limit', { limit: 2, days: 10, nextAt });
  });

  it('is free again when the days are over, to the moment', () => {
    const filler = Array(8).fill(unblocked('a')) as DeviceEvent[];
    const list = deviceList(registered('a'), ...filler, registered('b'), registered('c')); // on the 1st, 10th and 11th
    given(list)
      .when(registering('d', {}, { churn }))
      .then([registered('d')]); // the 20th: that of the 10th counts no more
  });

  it('is not touched by what is known', () => {
    const list = devices(...(Array(10).fill(unblocked('x')) as DeviceEvent[]), registered('a'), registered('b'));
    list.when(registering('a', {}, { churn })).then([]);
    list.when(registering('c', {}, { churn })).thenThrows('device_churn_limit', { nextAt: day(21) });
  });

  it('comes before the limit: nobody removes a device for one that may not come', () => {
    const list = devices(...(Array(10).fill(unblocked('x')) as DeviceEvent[]), registered('a'), registered('b'));
    list.when(registering('c', { reclaim: 'oldest' }, { churn, limit: 2, reclaim: 'oldest' })).thenThrows('device_churn_limit');
  });
});

it('folds a list of ten thousand in no time, each event once', () => {
  const many = deviceList(registered('a'));
  const facts = Array.from({ length: 10_000 }, (_, n) => ({
    kind: 'device_changed' as const,
    type: 'device.registered' as const,
    uuid: `device-${n}`,
    userId: 'user_1',
    version: n + 2,
    at: day(2),
    data: NOTHING_SAID,
  }));
  const started = performance.now();
  expect(listAfter(many, facts, 10_001).devices.size).toBe(10_001);
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(NO_DEVICES.devices.size).toBe(0);
});
