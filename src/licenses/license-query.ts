import { invalidParameter } from '../platform/domain-error';
import { plainTextSchema } from '../platform/plain-text';
import type { QueryParameter } from '../platform/valid-query';
import type { LicenseStatus } from './license';
import { formatLicenseCursor, parseLicenseCursor } from './license-cursor';
import type { LicensePage, LicensesWanted } from './list-licenses';

const DEFAULT_LIMIT = 50;

/** The parameters of every list of licenses. */
export const LICENSE_PARAMETERS: Record<'product' | 'entityId' | 'status' | 'after' | 'limit', QueryParameter> = {
  product: { ...plainTextSchema(128), description: 'Only of this product: its id, or its name in the configuration (`p_ref`).' },
  entityId: { ...plainTextSchema(255), description: 'Only of this entity.' },
  status: { type: 'string', enum: ['active', 'suspended', 'released'], description: 'Only these; by default all.' },
  after: { ...plainTextSchema(200), description: 'The `nextCursor` of the page before.' },
  limit: { type: 'string', pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1 to 200, 50 by default.' },
};

/** The same as they come. */
export interface LicenseQuery {
  product?: string;
  entityId?: string;
  status?: LicenseStatus;
  after?: string;
  limit?: string;
}

/** @throws DomainError `invalid_request` for a cursor that is none of ours */
export function wantedBy({ after, limit, product, entityId, status }: LicenseQuery): LicensesWanted {
  const cursor = after === undefined ? null : parseLicenseCursor(after);
  if (after !== undefined && !cursor) throw invalidParameter('after', 'is not a cursor that an answer of ours carried');
  return { product, entityId, status, after: cursor, limit: limit ? Number(limit) : DEFAULT_LIMIT };
}

export function cursorAfter({ licenses, more }: LicensePage): string | null {
  return more ? formatLicenseCursor(licenses.at(-1)!) : null;
}
