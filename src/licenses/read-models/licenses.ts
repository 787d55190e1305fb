import type { Projection } from '../../projections';
import type { License, PoolSource, Seat } from '../license';
import type { LicenseChanged } from '../license-facts';
import type { SeatParts } from '../license-pool';

type Part = keyof SeatParts;

/** Every part of a license that is not known yet, because later changes came first, is null. */
export type LicenseRow = { [Key in Exclude<Part, 'number'>]: Seat[Key] | null } & {
  licenseId: string;
  number: number | null;
  sourceId: string;
  sourceType: PoolSource['type'];
  /** Whose shard the pool lies on. */
  customerId: string | null;
  updatedAt: string;
  /** The revision that each part is of. */
  revisions: Partial<Record<Part, number>>;
};

const UNKNOWN: Record<Part, null> = {
  productId: null,
  entityId: null,
  name: null,
  metadata: null,
  status: null,
  reason: null,
  statusSince: null,
  number: null,
  createdAt: null,
  restoredFrom: null,
  commandId: null,
};

/** Named seats. Each part shows the newest revision that said something of it, so the order in which they are heard is of no matter. */
export const licenses: Projection<LicenseRow, LicenseChanged> = {
  name: 'licenses',
  version: 1,
  table: {
    key: 'licenseId',
    columns: {
      licenseId: 'text',
      sourceId: 'text',
      sourceType: 'text',
      customerId: 'text',
      productId: 'text',
      entityId: 'text',
      name: 'text',
      metadata: 'jsonb',
      status: 'text',
      reason: 'text',
      statusSince: 'text',
      number: 'integer',
      createdAt: 'text',
      updatedAt: 'text',
      restoredFrom: 'text',
      commandId: 'text',
      revisions: 'jsonb',
    },
    indexes: [['sourceId'], ['customerId'], ['entityId'], ['createdAt', 'number', 'licenseId']],
  },
  handles: ['license_changed'],
  keysOf: ({ licenseId }) => [licenseId],
  evolve(row, fact, licenseId) {
    const { source, customerId, at } = fact;
    const known = row ?? {
      licenseId,
      sourceId: source.id,
      sourceType: source.type,
      customerId,
      updatedAt: at,
      ...UNKNOWN,
      revisions: {},
    };
    const newer = (Object.keys(fact.parts) as Part[]).filter((part) => fact.revision > (known.revisions[part] ?? 0));
    const parts = Object.fromEntries(newer.map((part) => [part, fact.parts[part] ?? null]));
    const revisions = { ...known.revisions, ...Object.fromEntries(newer.map((part) => [part, fact.revision])) };
    const isNewest = Object.values(known.revisions).every((revision) => fact.revision >= revision);
    return { ...known, ...parts, revisions, updatedAt: isNewest ? at : known.updatedAt };
  },
};

/** @returns null while it is not known whose it is */
export function toLicense(row: LicenseRow): License | null {
  const { licenseId, sourceId, sourceType, productId, entityId, status, statusSince, createdAt, number } = row;
  if (productId === null || entityId === null || status === null || createdAt === null || number === null) return null;
  const { name, reason, updatedAt, restoredFrom, commandId, revisions } = row;
  return {
    licenseId,
    source: { type: sourceType, id: sourceId },
    productId,
    entityId,
    name,
    metadata: row.metadata ?? {},
    status,
    reason,
    statusSince: statusSince ?? createdAt,
    number,
    createdAt,
    updatedAt,
    restoredFrom,
    commandId,
    revision: Math.max(...Object.values(revisions)),
  };
}
