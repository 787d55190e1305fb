import type { FoldableEvent } from '../../src/ledger';
import type { DeviceEvents, DeviceEventType } from '../../src/devices/device-facts';
import { commandEvent } from './command-events';

export const UUIDS = ['aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'] as const;

const BODIES: DeviceEvents = {
  'device.registered': { name: 'Laptop', platform: 'macos', appVersion: '1.0', metadata: {} },
  'device.renamed': { name: 'Old laptop' },
  'device.details_changed': { platform: 'macos', appVersion: '2.0', metadata: { cores: 8 } },
  'device.retired': { reason: 'user', note: null, by: 'user_1' },
  'device.blocked': { reason: 'cloned', by: 'admin_1' },
  'device.unblocked': { by: 'admin_1' },
};

/** An event of a user's devices, as a fold meets it. A day lies between two versions. */
export function deviceEvent(
  type: DeviceEventType,
  version: number,
  body: object = {},
  change: Partial<FoldableEvent> = {},
): FoldableEvent {
  const occurredAt = `2026-01-${String(version).padStart(2, '0')}T00:00:00.000000Z`;
  const place = { streamId: 'device:1', eventId: `device_${version}`, occurredAt, customerId: null };
  return commandEvent(type, { uuid: UUIDS[0], version, ...BODIES[type], ...body }, { ...place, ...change });
}

export function sightedEvent(day: number, uuid: string = UUIDS[0], change: Partial<FoldableEvent> = {}): FoldableEvent {
  const occurredAt = `2026-01-${String(day).padStart(2, '0')}T12:00:00.000000Z`;
  const place = { streamId: 'device-sightings:1', eventId: `sighted_${uuid}_${day}`, occurredAt, customerId: null };
  return commandEvent('device.sighted', { uuid }, { ...place, ...change });
}
