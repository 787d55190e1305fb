import { DomainError } from '../platform/domain-error';
import { plusDays, type Instant } from '../platform/instant';
import { statusOf, type Device, type Metadata } from './device';
import { placesOf, type DeviceEvent, type DeviceList } from './device-list';
import type { DeviceRules } from './device-rules';

/** A device as its app says it is. What is left out stays as it was, null takes it away. */
export interface WantedDevice {
  uuid: string;
  name?: string | null | undefined;
  platform?: string | null | undefined;
  appVersion?: string | null | undefined;
  metadata?: Metadata | null | undefined;
  /** At the limit the device that was not seen for the longest may go. */
  reclaim?: 'oldest' | undefined;
  userId: string;
}

/** When a device was last seen, as far as anybody knows. */
export type LastSeen = (device: Device) => Instant;

/** A problem document is no list: an app that offers to remove a device shows a few. */
const SHOWN = 100;

/**
 * Registers a device: a new one, one that comes back, or one that says something else of itself. The same again adds nothing, and
 * a blocked device changes nothing. Pure.
 * @throws DomainError `device_churn_limit`, `device_limit_reached`
 */
export function decideRegistration(
  list: DeviceList,
  wanted: WantedDevice,
  rules: DeviceRules,
  now: Instant,
  lastSeen: LastSeen,
): DeviceEvent[] {
  const known = list.devices.get(wanted.uuid);
  if (known?.blocked) return [];
  if (known && !known.retired) return changesOf(known, wanted);
  // Before the limit: who is told to remove a device shall not find out afterwards that no other may come.
  refuseTooMany(list, rules, now);
  const leaving = makingRoom(list, wanted, rules, lastSeen);
  const { uuid, userId: by } = wanted;
  return [
    ...leaving.map((device): DeviceEvent => ({
      type: 'device.retired',
      uuid: device.uuid,
      data: { reason: 'reclaimed', note: null, by },
    })),
    { type: 'device.registered', uuid, data: saying(known ?? null, wanted) },
  ];
}

/** Whether a device needs a place that is not there, so that it matters when the others were last seen. */
export function isFullFor(uuid: string, list: DeviceList, { limit }: DeviceRules): boolean {
  const known = list.devices.get(uuid);
  return limit !== null && (!known || known.retired !== null) && placesOf(list).length >= limit;
}

function changesOf(known: Device, wanted: WantedDevice): DeviceEvent[] {
  const { uuid } = wanted;
  const { name, ...details } = saying(known, wanted);
  const before = { platform: known.platform, appVersion: known.appVersion, metadata: known.metadata };
  return [
    ...(name === known.name ? [] : [{ type: 'device.renamed' as const, uuid, data: { name } }]),
    ...(isSame(details, before) ? [] : [{ type: 'device.details_changed' as const, uuid, data: details }]),
  ];
}

function saying(known: Device | null, { name, platform, appVersion, metadata }: WantedDevice) {
  return {
    name: name === undefined ? (known?.name ?? null) : name,
    platform: platform === undefined ? (known?.platform ?? null) : platform,
    appVersion: appVersion === undefined ? (known?.appVersion ?? null) : appVersion,
    metadata: metadata === undefined ? (known?.metadata ?? {}) : (metadata ?? {}),
  };
}

function refuseTooMany({ arrivals }: DeviceList, { churn }: DeviceRules, now: Instant): void {
  if (!churn) return;
  const { devices, days } = churn;
  const since = plusDays(now, -days);
  const counting = arrivals.filter((at) => at > since);
  if (counting.length < devices) return;
  const nextAt = plusDays(counting.at(-devices)! as Instant, days);
  const detail = `New devices allowed within ${days} days: ${devices}; so many came: ${counting.length}. The next may come at ${nextAt}.`;
  throw new DomainError('device_churn_limit', detail, { limit: devices, days, nextAt });
}

function makingRoom(list: DeviceList, wanted: WantedDevice, { limit, reclaim }: DeviceRules, lastSeen: LastSeen): Device[] {
  if (limit === null) return [];
  const places = placesOf(list);
  const excess = places.length + 1 - limit;
  if (excess <= 0) return [];
  const longestUnseen = places
    .map((device) => ({ device, at: lastSeen(device) }))
    .sort((a, b) => (a.at === b.at ? order(a.device.uuid, b.device.uuid) : order(a.at, b.at)));
  if (wanted.reclaim === 'oldest' && reclaim === 'oldest') return longestUnseen.slice(0, excess).map(({ device }) => device);
  const shown = longestUnseen.slice(0, SHOWN).map(({ device, at }) => {
    const { uuid, name, platform, firstSeenAt } = device;
    return { uuid, status: statusOf(device), name, platform, firstSeenAt, lastSeenAt: at };
  });
  const detail = `Devices allowed: ${limit}; registered: ${places.length}. Remove one that is not needed any more.`;
  throw new DomainError('device_limit_reached', detail, { limit, active: places.length, reclaim, devices: shown });
}

function order(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** Whatever the order of the members of its objects. */
function isSame(a: unknown, b: unknown): boolean {
  const inOrder = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => order(one, other)))
      : value;
  return JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder);
}
