import type { FoldableEvent } from '../ledger';
import { parseInstant } from '../platform/instant';
import type { Fact } from '../projections';
import type { PoolSource } from './license';
import { partsOf, type DatedPoolEvent, type PoolEventType, type SeatParts } from './license-pool';

const STREAM = 'license-pool:';

/** Something happened to a license. */
export interface LicenseChanged extends Fact {
  kind: 'license_changed';
  licenseId: string;
  /** Of the license, with this change. */
  revision: number;
  source: PoolSource;
  customerId: string | null;
  parts: SeatParts;
  at: string;
}

/** The event types that licenses are read from. */
export const LICENSE_EVENT_TYPES: Record<LicenseChanged['kind'], string[]> = { license_changed: ['license.seat_%'] };

export function streamOfPool(sourceId: string): string {
  return STREAM + sourceId;
}

/** What has to be in the body of each, beside its place. */
const FIELDS: Record<PoolEventType, Record<string, (value: unknown) => boolean>> = {
  'license.seat_assigned': {
    name: isTextOrNull,
    metadata: isObject,
    number: isCount,
    restoredFrom: isTextOrNull,
    commandId: isTextOrNull,
  },
  'license.seat_released': { reason: isText },
  'license.seat_suspended': { reason: isText },
  'license.seat_restored': { reason: isText },
  'license.seat_renamed': { name: isTextOrNull },
  'license.seat_metadata_replaced': { metadata: isObject },
  'license.seat_handed_over': { from: isText },
  'license.seat_moved': { from: isText },
  'license.pool_resized': { source: isSource, totals: isObject },
};

const PLACE = { licenseId: isText, revision: isCount, productId: isText, entityId: isText };

/**
 * Reads an event of a pool's stream; null for any other, and for types that nobody knows yet.
 * @throws Error when the body does not say what an event of its type says: its stream has to wait until that is mended
 */
export function readPoolEvent(event: FoldableEvent): DatedPoolEvent | null {
  if (event.source !== 'native' || !event.streamId.startsWith(STREAM) || !Object.hasOwn(FIELDS, event.type)) return null;
  const type = event.type as PoolEventType;
  const data = event.content();
  const fields = type === 'license.pool_resized' ? FIELDS[type] : { ...PLACE, ...FIELDS[type] };
  if (!isObject(data)) throw new Error('the body of a license pool’s event is not an object');
  for (const [name, isRight] of Object.entries(fields)) {
    if (!isRight(data[name])) throw new Error(`the ${name} of a license pool's event cannot be read`);
  }
  const at = parseInstant(event.occurredAt);
  if (!at) throw new Error("the time of a license pool's event cannot be read");
  return { type, data, at, customerId: event.customerId } as unknown as DatedPoolEvent;
}

/** What an event says of one license; null for all others. */
export function readLicenseFact(event: FoldableEvent): LicenseChanged | null {
  const read = readPoolEvent(event);
  if (!read || read.type === 'license.pool_resized') return null;
  const { licenseId, revision } = read.data;
  const parts = partsOf(read, read.at);
  const source = sourceOf(event.streamId);
  return { kind: 'license_changed', licenseId, revision, source, customerId: event.customerId, parts, at: read.at };
}

/** The provider's ids say what they are of. */
function sourceOf(streamId: string): PoolSource {
  const id = streamId.slice(STREAM.length);
  return { type: id.startsWith('txn_') ? 'purchase' : 'subscription', id };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSource(value: unknown): boolean {
  return isObject(value) && isText(value.id) && (value.type === 'subscription' || value.type === 'purchase');
}
