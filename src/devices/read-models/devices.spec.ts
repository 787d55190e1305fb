import { deviceEvent, sightedEvent, UUIDS } from '../../../test/support/device-events';
import { readDeviceFact } from '../device-facts';
import type { FoldableEvent } from '../../ledger';
import { deviceKeyOf, devices, toDevice, type DeviceRow } from './devices';

const KEY = deviceKeyOf('user_1', UUIDS[0]);
const fold = (...events: FoldableEvent[]) =>
  events.reduce<DeviceRow | null>((row, event) => devices.evolve(row, readDeviceFact(event)!, KEY), null);
const bothWays = (...events: FoldableEvent[]) => {
  expect(fold(...events.toReversed())).toEqual(fold(...events));
  return fold(...events);
};

const REGISTERED = deviceEvent('device.registered', 1);
const LAPTOP = {
  uuid: UUIDS[0],
  userId: 'user_1',
  name: 'Laptop',
  platform: 'macos',
  appVersion: '1.0',
  metadata: {},
  firstSeenAt: '2026-01-01T00:00:00.000000Z',
  seenAt: '2026-01-01T00:00:00.000000Z',
  retired: null,
  blocked: null,
};

it('shows what was registered', () => {
  expect(devices.keysOf(readDeviceFact(REGISTERED)!)).toEqual([KEY]);
  expect(fold(REGISTERED)).toMatchObject({ deviceKey: KEY, userId: 'user_1', uuid: UUIDS[0], status: 'active' });
  expect(toDevice(fold(REGISTERED))).toEqual(LAPTOP);
});

it('shows the newest name and the newest details, whichever comes last', () => {
  const row = bothWays(REGISTERED, deviceEvent('device.renamed', 2), deviceEvent('device.details_changed', 3));
  expect(toDevice(row)).toEqual({ ...LAPTOP, name: 'Old laptop', appVersion: '2.0', metadata: { cores: 8 } });
});

it('keeps when it came first, and knows that it came back', () => {
  const retired = deviceEvent('device.retired', 2);
  const back = deviceEvent('device.registered', 3, { name: 'Back' });
  expect(bothWays(REGISTERED, retired)).toMatchObject({ status: 'retired', firstSeenAt: LAPTOP.firstSeenAt });
  const seenAt = '2026-01-03T00:00:00.000000Z';
  expect(toDevice(bothWays(REGISTERED, retired, back))).toEqual({ ...LAPTOP, name: 'Back', seenAt });
});

it('keeps place and block apart', () => {
  const [blocked, unblocked] = [deviceEvent('device.blocked', 2), deviceEvent('device.unblocked', 4)];
  expect(bothWays(REGISTERED, blocked)).toMatchObject({ status: 'blocked', retired: { value: null } });
  const retired = deviceEvent('device.retired', 3);
  expect(bothWays(REGISTERED, blocked, retired)).toMatchObject({ status: 'blocked', retired: { value: { reason: 'user' } } });
  expect(bothWays(REGISTERED, blocked, retired, unblocked)).toMatchObject({ status: 'retired' });
  expect(bothWays(REGISTERED, blocked, unblocked)).toMatchObject({ status: 'active' });
});

it('was last seen when it was seen last, not when an admin was busy with it', () => {
  const row = bothWays(REGISTERED, sightedEvent(5), sightedEvent(3), deviceEvent('device.blocked', 9));
  expect(toDevice(row)).toMatchObject({ firstSeenAt: LAPTOP.firstSeenAt, seenAt: '2026-01-05T12:00:00.000000Z' });
});

it('is no device as long as nobody knows that it was registered', () => {
  const row = fold(sightedEvent(5), deviceEvent('device.renamed', 2), deviceEvent('device.blocked', 3));
  expect([row!.status, toDevice(row), toDevice(null)]).toEqual([null, null, null]);
});
