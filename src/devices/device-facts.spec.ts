import { deviceEvent, sightedEvent, UUIDS } from '../../test/support/device-events';
import { readDeviceFact, type DeviceEventType } from './device-facts';

it('reads what happened to a device, in its place', () => {
  expect(readDeviceFact(deviceEvent('device.retired', 3, { reason: 'admin', note: 'left', by: 'admin_1' }))).toEqual({
    kind: 'device_changed',
    type: 'device.retired',
    uuid: UUIDS[0],
    userId: 'user_1',
    version: 3,
    at: '2026-01-03T00:00:00.000000Z',
    data: { reason: 'admin', note: 'left', by: 'admin_1' },
  });
  const details = { platform: null, appVersion: '2.0', metadata: { a: 1 } };
  expect(readDeviceFact(deviceEvent('device.registered', 1, { name: null, ...details }))).toMatchObject({
    data: { name: null, ...details },
  });
  expect(readDeviceFact(deviceEvent('device.details_changed', 1, details))).toMatchObject({ data: details });
});

it('reads that it was seen', () => {
  const at = '2026-01-03T12:00:00.000000Z';
  expect(readDeviceFact(sightedEvent(3))).toEqual({ kind: 'device_sighted', uuid: UUIDS[0], userId: 'user_1', at });
});

it.each([
  ['of another stream', { streamId: 'grant:1' }],
  ['on the stream of sightings', { streamId: 'device-sightings:1' }],
  ['of a type that nobody knows yet', { type: 'device.painted' }],
  ['with the name of what every object has', { type: 'constructor' }],
  ['that is not ours', { source: 'webhook' as const }],
])('reads nothing from an event %s', (_, change) => {
  expect(readDeviceFact(deviceEvent('device.registered', 1, {}, change))).toBeNull();
});

it.each<[DeviceEventType, object]>([
  ['device.registered', { uuid: 7 }],
  ['device.registered', { version: 0 }],
  ['device.registered', { version: '1' }],
  ['device.registered', { name: undefined }],
  ['device.registered', { metadata: [] }],
  ['device.registered', { metadata: null }],
  ['device.renamed', { name: '' }],
  ['device.details_changed', { platform: 7 }],
  ['device.retired', { reason: 'lost' }],
  ['device.retired', { by: null }],
  ['device.blocked', { reason: null }],
  ['device.unblocked', { by: undefined }],
])('parks the stream of %s for a body with %j', (type, wrong) => {
  expect(() => readDeviceFact(deviceEvent(type, 1, wrong))).toThrow('cannot be read');
});

it.each([{ userId: null }, { content: () => null }, { content: () => [] }])('parks the stream for an event with %j', (change) => {
  expect(() => readDeviceFact(deviceEvent('device.unblocked', 1, {}, change))).toThrow('cannot be read');
});
