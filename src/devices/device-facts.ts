import type { FoldableEvent } from '../ledger';
import { parseInstant, type Instant } from '../platform/instant';
import type { Fact } from '../projections';
import type { DeviceDetails, Metadata, RetireReason } from './device';

/** Of each user one: what is decided of a device depends on all the others of its owner. */
export const DEVICE_STREAM = 'device:';
/** Beside it, since nothing is decided on sightings: a day of heartbeats must not make a decision wait, or read more. */
export const SIGHTINGS_STREAM = 'device-sightings:';

/** The bodies of the events, by what happened. `version` is the stream's, with the event: it orders them, in whatever order they are read. */
export interface DeviceEvents {
  'device.registered': DeviceDetails & { name: string | null };
  'device.renamed': { name: string | null };
  'device.details_changed': DeviceDetails;
  'device.retired': { reason: RetireReason; note: string | null; by: string };
  'device.blocked': { reason: string; by: string };
  'device.unblocked': { by: string };
}

export type DeviceEventType = keyof DeviceEvents;

/** What happened to a device, in its place in the order of everything that happened to its owner's. */
export type DeviceChanged = {
  [Type in DeviceEventType]: Fact & {
    kind: 'device_changed';
    type: Type;
    uuid: string;
    userId: string;
    version: number;
    at: Instant;
    data: DeviceEvents[Type];
  };
}[DeviceEventType];

/** Somebody had it in use. */
export interface DeviceSighted extends Fact {
  kind: 'device_sighted';
  uuid: string;
  userId: string;
  at: Instant;
}

export type DeviceFact = DeviceChanged | DeviceSighted;

export const SIGHTED = 'device.sighted';

type Body = Record<string, unknown>;

const READERS: { [Type in DeviceEventType]: (body: Body) => DeviceEvents[Type] } = {
  'device.registered': (body) => ({ name: textOrNull(body, 'name'), ...detailsOf(body) }),
  'device.renamed': (body) => ({ name: textOrNull(body, 'name') }),
  'device.details_changed': detailsOf,
  'device.retired': (body) => ({ reason: retireReasonOf(body), note: textOrNull(body, 'note'), by: textOf(body, 'by') }),
  'device.blocked': (body) => ({ reason: textOf(body, 'reason'), by: textOf(body, 'by') }),
  'device.unblocked': (body) => ({ by: textOf(body, 'by') }),
};

/** The event types that devices are read from. */
export const DEVICE_EVENT_TYPES: Record<DeviceFact['kind'], string[]> = {
  device_changed: Object.keys(READERS),
  device_sighted: [SIGHTED],
};

/**
 * Reads an event of a user's devices; null for any other, and for types that nobody knows yet.
 * @throws Error when the body does not say what an event of its type says: its stream has to wait until that is mended
 */
export function readDeviceFact(event: FoldableEvent): DeviceFact | null {
  if (event.source !== 'native') return null;
  if (event.type === SIGHTED && event.streamId.startsWith(SIGHTINGS_STREAM))
    return { kind: 'device_sighted', ...deviceOf(event) };
  if (!isDeviceEventType(event.type) || !event.streamId.startsWith(DEVICE_STREAM)) return null;
  const body = bodyOf(event);
  const data = READERS[event.type](body);
  const version = countOf(body, 'version');
  return { kind: 'device_changed', type: event.type, ...deviceOf(event), version, data } as DeviceChanged;
}

function isDeviceEventType(type: string): type is DeviceEventType {
  return Object.hasOwn(READERS, type);
}

function deviceOf(event: FoldableEvent): { uuid: string; userId: string; at: Instant } {
  const at = parseInstant(event.occurredAt);
  if (!event.userId || !at) throw unreadable('owner or time');
  return { uuid: textOf(bodyOf(event), 'uuid'), userId: event.userId, at };
}

function detailsOf(body: Body): DeviceDetails {
  const { metadata } = body;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) throw unreadable('metadata');
  return {
    platform: textOrNull(body, 'platform'),
    appVersion: textOrNull(body, 'appVersion'),
    metadata: metadata as Metadata,
  };
}

function bodyOf(event: FoldableEvent): Body {
  const body = event.content();
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  throw unreadable('body');
}

function textOf(body: Body, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  throw unreadable(name);
}

function textOrNull(body: Body, name: string): string | null {
  return body[name] === null ? null : textOf(body, name);
}

function retireReasonOf(body: Body): RetireReason {
  const reason = textOf(body, 'reason');
  if (reason === 'user' || reason === 'reclaimed' || reason === 'admin') return reason;
  throw unreadable('reason');
}

function countOf(body: Body, name: string): number {
  const value = body[name];
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw unreadable(name);
}

function unreadable(name: string): Error {
  return new Error(`the ${name} of a device's event cannot be read`);
}
