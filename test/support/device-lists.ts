import { readDeviceFact, type DeviceChanged } from '../../src/devices/device-facts';
import { listAfter, NO_DEVICES, type DeviceEvent, type DeviceList } from '../../src/devices/device-list';
import { deviceEvent } from './device-events';

/** A user's devices after what was decided of them, a day after the other; so `then` can say what comes next. */
export function deviceList(...decided: DeviceEvent[]): DeviceList {
  const facts = decided.map(
    ({ type, uuid, data }, index) => readDeviceFact(deviceEvent(type, index + 1, { uuid, ...data })) as DeviceChanged,
  );
  return listAfter(NO_DEVICES, facts, facts.length);
}

export const NOTHING_SAID = { name: null, platform: null, appVersion: null, metadata: {} };

export function deviceRegistered(uuid: string, data: object = {}): DeviceEvent {
  return { type: 'device.registered', uuid, data: { ...NOTHING_SAID, ...data } };
}

export function deviceRetired(uuid: string, data: object = {}): DeviceEvent {
  return { type: 'device.retired', uuid, data: { reason: 'user', note: null, by: 'user_1', ...data } };
}

export function deviceBlocked(uuid: string): DeviceEvent {
  return { type: 'device.blocked', uuid, data: { reason: 'cloned', by: 'admin_1' } };
}

export function deviceUnblocked(uuid: string): DeviceEvent {
  return { type: 'device.unblocked', uuid, data: { by: 'admin_1' } };
}
