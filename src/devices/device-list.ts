import type { Device } from './device';
import type { DeviceChanged, DeviceEvents, DeviceEventType } from './device-facts';
import { deviceKeyOf, devices, toDevice, type DeviceRow } from './read-models/devices';

/** All devices of one user, as their stream has them: what the next decision is based on. */
export interface DeviceList {
  /** Of the stream; 0 for a user without devices. */
  version: number;
  /** By uuid. */
  devices: ReadonlyMap<string, Device>;
  /** When devices came, those that came back included; in order. */
  arrivals: readonly string[];
  rows: ReadonlyMap<string, DeviceRow>;
}

/** What is decided of a device, before it has its place on the stream. */
export type DeviceEvent = {
  [Type in DeviceEventType]: { type: Type; uuid: string; data: DeviceEvents[Type] };
}[DeviceEventType];

export const NO_DEVICES: DeviceList = { version: 0, devices: new Map(), arrivals: [], rows: new Map() };

/** The list after what happened next on its stream. It copies the list once, however many events there are. */
export function listAfter(list: DeviceList, facts: DeviceChanged[], version: number): DeviceList {
  const [all, rows, arrivals] = [new Map(list.devices), new Map(list.rows), [...list.arrivals]];
  for (const fact of facts) {
    const { uuid, userId } = fact;
    const row = devices.evolve(rows.get(uuid) ?? null, fact, deviceKeyOf(userId, uuid))!;
    rows.set(uuid, row);
    const device = toDevice(row);
    if (device) all.set(uuid, device);
    if (fact.type === 'device.registered') arrivals.push(fact.at);
  }
  return { version, devices: all, arrivals, rows };
}

/** The devices that count against a limit: blocked ones too. */
export function placesOf({ devices }: DeviceList): Device[] {
  return [...devices.values()].filter(({ retired }) => !retired);
}
