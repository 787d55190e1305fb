import type { Projection } from '../../projections';
import type { Grant } from '../grant';
import type { GrantFact } from '../grant-facts';

type Revocation = Pick<Grant, 'revokedAt' | 'revokedBy' | 'revokeReason'>;

export interface GrantRow {
  grantId: string;
  userId: string;
  /** When it was given; null while only its revocation is known. */
  givenAt: string | null;
  given: Omit<Grant, 'id' | 'userId' | keyof Revocation> | null;
  revoked: Revocation | null;
}

const NOT_REVOKED: Revocation = { revokedAt: null, revokedBy: null, revokeReason: null };

/** Who was given access without paying, and from whom it was taken back. Each half is written once, so their order is of no matter. */
export const grants: Projection<GrantRow, GrantFact> = {
  name: 'grants',
  version: 1,
  table: {
    key: 'grantId',
    columns: { grantId: 'text', userId: 'text', givenAt: 'text', given: 'jsonb', revoked: 'jsonb' },
    indexes: [['userId'], ['givenAt', 'grantId']],
  },
  handles: ['grant_given', 'grant_revoked'],
  keysOf: ({ grantId }) => [grantId],
  evolve(row, fact, grantId) {
    const known = row ?? { grantId, userId: fact.userId, givenAt: null, given: null, revoked: null };
    if (fact.kind === 'grant_revoked') {
      const { revokedAt, revokedBy, revokeReason } = fact;
      return { ...known, revoked: { revokedAt, revokedBy, revokeReason } };
    }
    const { productId, until, quantity, reason, givenAt, givenBy, eventId } = fact;
    return { ...known, givenAt, given: { productId, until, quantity, reason, givenAt, givenBy, eventId } };
  },
};

/** @returns null while nothing but its revocation is known */
export function toGrant(row: GrantRow | null): Grant | null {
  if (!row?.given) return null;
  const { grantId: id, userId, given, revoked } = row;
  return { id, userId, ...given, ...(revoked ?? NOT_REVOKED) };
}
