import { given } from '../../test/support/given';
import type { Instant } from '../platform/instant';
import { giveGrant, isGrantId, isInForce, revokeGrant, type Grant, type WantedGrant, type WantedRevocation } from './grant';

const NOW = '2026-06-15T12:00:00.000000Z' as Instant;
const NOTHING: Grant | null = null;

function wanted(change: Partial<WantedGrant> = {}): WantedGrant {
  const terms = { productId: 'pro_a', until: null, quantity: 1, reason: 'partner' };
  return { grantId: 'grant_1', userId: 'user_1', ...terms, givenBy: 'admin_1', ...change };
}

function grant(change: Partial<Grant> = {}): Grant {
  const { grantId: id, ...terms } = wanted();
  const notRevoked = { revokedAt: null, revokedBy: null, revokeReason: null };
  return { id, ...terms, givenAt: '2026-06-01T00:00:00.000000Z', ...notRevoked, eventId: 'given_grant_1', ...change };
}

const revokedAt = '2026-06-10T00:00:00.000000Z';
const give =
  (change: Partial<WantedGrant> = {}) =>
  (known: Grant | null) =>
    giveGrant(wanted(change), known, NOW);
const revocation: WantedRevocation = { grantId: 'grant_1', reason: 'left', revokedBy: 'admin_2' };
const revoke = (known: Grant | null) => revokeGrant(revocation, known);
const gave = (until: string | null, quantity = 1) => ({
  type: 'grant.given' as const,
  userId: 'user_1',
  data: {
    grantId: 'grant_1',
    productId: 'pro_a',
    until: until as Instant | null,
    quantity,
    reason: 'partner',
    givenBy: 'admin_1',
  },
});

describe('giving', () => {
  it('says what is given to whom, by whom and why', () =>
    given(NOTHING)
      .when(give({ quantity: 5 }))
      .then([gave(null, 5)]));

  it.each([
    ['with microseconds', '2026-06-15T12:00:00.000001Z', '2026-06-15T12:00:00.000001Z'],
    ['of another offset', '2026-06-15T14:00:01+02:00', '2026-06-15T12:00:01.000000Z'],
    ['at the end of time', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000000Z'],
  ])('takes an end %s', (_, until, stored) =>
    given(NOTHING)
      .when(give({ until }))
      .then([gave(stored)]),
  );

  it.each([
    ['has passed', '2026-06-15T11:59:59.999999Z', 'must lie in the future'],
    ['is this moment', '2026-06-15T12:00:00Z', 'must lie in the future'],
    ['has passed, though its digits are greater', '2026-06-15T13:00:00+02:00', 'must lie in the future'],
    ['is no day', '2027-02-30T00:00:00Z', 'must be a time of RFC 3339'],
    ['is nothing', '', 'must be a time of RFC 3339'],
  ])('refuses an end that %s', (_, until, detail) =>
    given(NOTHING)
      .when(give({ until }))
      .thenThrows('invalid_request', { errors: [{ pointer: '/until', detail }] }),
  );

  it('adds nothing the second time', () => given(grant()).when(give()).then([]));
  it('adds nothing the second time, when it has ended meanwhile', () =>
    given(grant())
      .when(give({ until: '2026-06-15T00:00:00Z' }))
      .then([]));
  it('does not give again what was revoked', () => given(grant({ revokedAt })).when(give()).then([]));
});

describe('revoking', () => {
  const revoked = [{ type: 'grant.revoked' as const, userId: 'user_1', data: revocation }];

  it('says by whom and why', () => given(grant()).when(revoke).then(revoked));
  it('takes back what has ended by itself', () =>
    given(grant({ until: '2026-06-02T00:00:00.000000Z' }))
      .when(revoke)
      .then(revoked));
  it('adds nothing the second time', () => given(grant({ revokedAt })).when(revoke).then([]));
  it('refuses what was never given', () => given(NOTHING).when(revoke).thenThrows('not_found'));
});

describe('in force', () => {
  it.each<[string, Partial<Grant>, boolean]>([
    ['without an end', {}, true],
    ['a microsecond before the end', { until: '2026-06-15T12:00:00.000001Z' }, true],
    ['at the end', { until: '2026-06-15T12:00:00.000000Z' }, false],
    ['at the end, written otherwise', { until: '2026-06-15T12:00:00Z' }, false],
    ['after the end', { until: '2026-06-15T11:59:59.999999Z' }, false],
    ['before the end, of another offset', { until: '2026-06-15T10:00:00.5-02:00' }, true],
    ['revoked', { revokedAt }, false],
    ['revoked before the end', { revokedAt, until: '2026-07-01T00:00:00.000000Z' }, false],
    ['with an end that cannot be read', { until: 'someday' }, false],
  ])('%s', (_, change, expected) => expect(isInForce(grant(change), NOW)).toBe(expected));
});

it.each<[string, boolean]>([
  [`grant_${'0af9'.repeat(8)}`, true],
  [`grant_${'0af9'.repeat(7)}`, false],
  [`grant_${'0AF9'.repeat(8)}`, false],
  [`grant_${'0af9'.repeat(8)}\n`, false],
  ['grant_\u0000', false],
  ['', false],
])('can tell whether %j may be the id of one', (id, expected) => expect(isGrantId(id)).toBe(expected));
