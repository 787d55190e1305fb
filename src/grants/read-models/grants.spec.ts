import { givenEvent, revokedEvent } from '../../../test/support/grant-events';
import type { FoldableEvent } from '../../ledger';
import { readGrantFact } from '../grant-facts';
import { grants, toGrant, type GrantRow } from './grants';

function fold(...events: FoldableEvent[]): GrantRow | null {
  return events.reduce<GrantRow | null>((row, event) => grants.evolve(row, readGrantFact(event)!, 'grant_1'), null);
}

const given = givenEvent('grant_1', { until: '2026-07-01T00:00:00.000000Z' });
const revoked = revokedEvent('grant_1');

const GRANT = {
  id: 'grant_1',
  userId: 'user_1',
  productId: 'pro_a',
  until: '2026-07-01T00:00:00.000000Z',
  quantity: 1,
  reason: 'partner',
  givenAt: '2026-06-15T12:00:00.000000Z',
  givenBy: 'admin_1',
  revokedAt: null,
  revokedBy: null,
  revokeReason: null,
  eventId: 'given_grant_1',
};
const REVOKED = { ...GRANT, revokedAt: '2026-06-20T12:00:00.000000Z', revokedBy: 'admin_2', revokeReason: 'left' };

it('shows what was given', () => expect(toGrant(fold(given))).toEqual(GRANT));

it('shows what was revoked, and what it was', () => expect(toGrant(fold(given, revoked))).toEqual(REVOKED));

it('gives the same row for any order and repetition', () => {
  const row = fold(given, revoked);
  for (const other of [
    [revoked, given],
    [revoked, revoked, given, given],
    [given, revoked, given],
  ]) {
    expect(fold(...other)).toEqual(row);
  }
});

it('shows nothing while only the revocation is known', () => {
  expect(fold(revoked)).toMatchObject({ userId: 'user_1', givenAt: null, given: null });
  expect(toGrant(fold(revoked))).toBeNull();
  expect(toGrant(null)).toBeNull();
});

it('keeps one row for each grant', () => {
  expect(grants.keysOf(readGrantFact(given)!)).toEqual(['grant_1']);
  expect(grants.keysOf(readGrantFact(revoked)!)).toEqual(['grant_1']);
});
