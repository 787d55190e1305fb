import { DomainError } from '../platform/domain-error';
import type { Device } from './device';
import type { DeviceEvent, DeviceList } from './device-list';

export interface WantedRetirement {
  uuid: string;
  reason: 'user' | 'admin';
  /** An admin's words; null for the owner, who owes none. */
  note: string | null;
  by: string;
}

/**
 * Takes a device's place away. What is retired stays as it was retired first.
 * @throws DomainError `not_found`, as the next two
 */
export function retireDevice(list: DeviceList, { uuid, ...data }: WantedRetirement): DeviceEvent[] {
  return deviceIn(list, uuid).retired ? [] : [{ type: 'device.retired', uuid, data }];
}

/** Keeps a device out, whatever it registers. What is blocked stays as it was blocked first. */
export function blockDevice(list: DeviceList, { uuid, ...data }: { uuid: string; reason: string; by: string }): DeviceEvent[] {
  return deviceIn(list, uuid).blocked ? [] : [{ type: 'device.blocked', uuid, data }];
}

/** Lifts a block: the device is what it was without it. */
export function unblockDevice(list: DeviceList, { uuid, ...data }: { uuid: string; by: string }): DeviceEvent[] {
  return deviceIn(list, uuid).blocked ? [{ type: 'device.unblocked', uuid, data }] : [];
}

function deviceIn(list: DeviceList, uuid: string): Device {
  const device = list.devices.get(uuid);
  if (!device) throw noSuchDevice();
  return device;
}

export function noSuchDevice(): DomainError {
  return new DomainError('not_found', 'There is no such device.');
}
