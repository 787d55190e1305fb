import type { Instant } from '../../platform/instant';
import type { Projection } from '../../projections';
import { statusOf, type Block, type Device, type DeviceDetails, type DeviceStatus, type Retirement } from '../device';
import type { DeviceChanged, DeviceFact } from '../device-facts';

/** Something as the event of that version has left it. */
interface AsOf<Value> {
  version: number;
  value: Value;
}

export interface DeviceRow {
  deviceKey: string;
  userId: string;
  uuid: string;
  /** Null while its registration is not known, as the next. */
  status: DeviceStatus | null;
  firstSeenAt: string | null;
  /** Null while neither its registration nor a sighting is known. */
  seenAt: string | null;
  name: AsOf<string | null> | null;
  details: AsOf<DeviceDetails> | null;
  /** Since when it has none; null while it has its place. */
  retired: AsOf<Retirement | null> | null;
  blocked: AsOf<Block | null> | null;
}

const NOTHING = { status: null, firstSeenAt: null, seenAt: null, name: null, details: null, retired: null, blocked: null };

/** The devices of all users. Of each thing that can change, the newest version counts; versions of one stream are never the same. */
export const devices: Projection<DeviceRow, DeviceFact> = {
  name: 'devices',
  version: 1,
  table: {
    key: 'deviceKey',
    columns: {
      deviceKey: 'text',
      userId: 'text',
      uuid: 'text',
      status: 'text',
      firstSeenAt: 'text',
      seenAt: 'text',
      name: 'jsonb',
      details: 'jsonb',
      retired: 'jsonb',
      blocked: 'jsonb',
    },
    indexes: [
      ['userId', 'firstSeenAt', 'deviceKey'],
      ['firstSeenAt', 'deviceKey'],
      ['status', 'firstSeenAt', 'deviceKey'],
    ],
  },
  handles: ['device_changed', 'device_sighted'],
  keysOf: ({ userId, uuid }) => [deviceKeyOf(userId, uuid)],
  evolve(row, fact, deviceKey) {
    const { userId, uuid, at } = fact;
    const known = row ?? { ...NOTHING, deviceKey, userId, uuid };
    return fact.kind === 'device_sighted' ? sighted(known, at) : withStatus(changed(known, fact));
  },
};

/** A uuid has always the same length, so no two devices have the same. */
export function deviceKeyOf(userId: string, uuid: string): string {
  return `${uuid} ${userId}`;
}

/** @returns null while its registration is not known */
export function toDevice(row: DeviceRow | null): Device | null {
  if (!row?.firstSeenAt || !row.seenAt || !row.details) return null;
  const { uuid, userId, firstSeenAt, seenAt, name, details, retired, blocked } = row;
  return {
    uuid,
    userId,
    name: name?.value ?? null,
    ...details.value,
    firstSeenAt: firstSeenAt as Instant,
    seenAt: seenAt as Instant,
    retired: retired?.value ?? null,
    blocked: blocked?.value ?? null,
  };
}

function changed(row: DeviceRow, { type, version, at, data }: DeviceChanged): DeviceRow {
  switch (type) {
    case 'device.registered': {
      const { name, ...details } = data;
      const firstSeenAt = row.firstSeenAt !== null && row.firstSeenAt < at ? row.firstSeenAt : at;
      const here = { retired: newer(row.retired, version, null), details: newer(row.details, version, details) };
      return { ...sighted(row, at), firstSeenAt, name: newer(row.name, version, name), ...here };
    }
    case 'device.renamed':
      return { ...row, name: newer(row.name, version, data.name) };
    case 'device.details_changed':
      return { ...row, details: newer(row.details, version, data) };
    case 'device.retired':
      return { ...row, retired: newer(row.retired, version, { ...data, at }) };
    case 'device.blocked':
      return { ...row, blocked: newer(row.blocked, version, { ...data, at }) };
    case 'device.unblocked':
      break;
  }
  return { ...row, blocked: newer(row.blocked, version, null) };
}

function newer<Value>(known: AsOf<Value> | null, version: number, value: Value): AsOf<Value> {
  return known && known.version >= version ? known : { version, value };
}

function sighted(row: DeviceRow, at: Instant): DeviceRow {
  return row.seenAt === null || at > row.seenAt ? { ...row, seenAt: at } : row;
}

function withStatus(row: DeviceRow): DeviceRow {
  const device = toDevice(row);
  const status = device && statusOf(device);
  return status === row.status ? row : { ...row, status };
}
