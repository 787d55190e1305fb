import {
  deviceBlocked as blocked,
  deviceList,
  deviceRegistered as registered,
  deviceRetired as retired,
  deviceUnblocked as unblocked,
} from '../../test/support/device-lists';
import { given } from '../../test/support/given';
import { blockDevice, retireDevice, unblockDevice } from './decide-device';
import type { DeviceList } from './device-list';

const retiring = (uuid: string) => (list: DeviceList) => retireDevice(list, { uuid, reason: 'user', note: null, by: 'user_1' });
const blocking = (uuid: string) => (list: DeviceList) => blockDevice(list, { uuid, reason: 'cloned', by: 'admin_1' });
const unblocking = (uuid: string) => (list: DeviceList) => unblockDevice(list, { uuid, by: 'admin_1' });

const ACTIVE = deviceList(registered('a'));
const RETIRED = deviceList(registered('a'), retired('a'));
const BLOCKED = deviceList(registered('a'), blocked('a'));

it('is retired once', () => {
  given(ACTIVE)
    .when(retiring('a'))
    .then([retired('a')]);
  given(RETIRED).when(retiring('a')).then([]);
  given(deviceList(registered('a'), retired('a'), registered('a')))
    .when(retiring('a'))
    .then([retired('a')]);
});

it('is blocked once, and let in again once', () => {
  given(ACTIVE)
    .when(blocking('a'))
    .then([blocked('a')]);
  given(BLOCKED).when(blocking('a')).then([]);
  given(BLOCKED)
    .when(unblocking('a'))
    .then([unblocked('a')]);
  given(ACTIVE).when(unblocking('a')).then([]);
});

it('may be retired while it is blocked, and blocked while it is retired', () => {
  given(BLOCKED)
    .when(retiring('a'))
    .then([retired('a')]);
  given(RETIRED)
    .when(blocking('a'))
    .then([blocked('a')]);
});

it.each([retiring('b'), blocking('b'), unblocking('b')])('is not there when nobody registered it', (decide) => {
  given(ACTIVE).when(decide).thenThrows('not_found');
});
