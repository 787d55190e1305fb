import { givenEvent, grantEvent, revokedEvent } from '../../test/support/grant-events';
import { anyProjection, ProjectionRegistry } from '../projections';
import { GRANT_EVENT_TYPES, readGrantFact, type GrantFact } from './grant-facts';
import { grants } from './read-models/grants';

it('reads what was given', () => {
  expect(readGrantFact(givenEvent('grant_1', { until: '2026-07-01T00:00:00.000000Z', quantity: 3 }))).toEqual({
    kind: 'grant_given',
    grantId: 'grant_1',
    userId: 'user_1',
    productId: 'pro_a',
    until: '2026-07-01T00:00:00.000000Z',
    quantity: 3,
    reason: 'partner',
    givenAt: '2026-06-15T12:00:00.000000Z',
    givenBy: 'admin_1',
    eventId: 'given_grant_1',
  });
  expect(readGrantFact(givenEvent('grant_1'))).toMatchObject({ until: null });
});

it('reads what was revoked', () => {
  expect(readGrantFact(revokedEvent('grant_1'))).toEqual({
    kind: 'grant_revoked',
    grantId: 'grant_1',
    userId: 'user_1',
    revokedAt: '2026-06-20T12:00:00.000000Z',
    revokedBy: 'admin_2',
    revokeReason: 'left',
  });
});

it.each([
  ['a type that nobody knows yet', grantEvent('grant.prolonged', 'grant_1', { grantId: 'grant_1' })],
  ['another stream', { ...givenEvent('grant_1'), streamId: 'command:grant_1' }],
  ["the provider's own word", { ...givenEvent('grant_1'), source: 'webhook' as const }],
])('leaves alone: %s', (_, event) => expect(readGrantFact(event)).toBeNull());

/** Neither our code nor a restore should ever write these; where one stands, only its stream may wait. */
it.each([
  ['no body', grantEvent('grant.given', 'grant_1', null)],
  ['a list', grantEvent('grant.revoked', 'grant_1', [])],
  ['another grant', givenEvent('grant_1', { grantId: 'grant_2' })],
  ['another grant', revokedEvent('grant_1', { grantId: 'grant_2' })],
  ['no user', givenEvent('grant_1', {}, { userId: null })],
  ['no user', revokedEvent('grant_1', {}, { userId: null })],
  ['no product', givenEvent('grant_1', { productId: '' })],
  ['no end, not even null', givenEvent('grant_1', { until: undefined })],
  ['an end that is no time', givenEvent('grant_1', { until: 'someday' })],
  ['half a unit', givenEvent('grant_1', { quantity: 0.5 })],
  ['nothing', givenEvent('grant_1', { quantity: 0 })],
  ['no reason', givenEvent('grant_1', { reason: null })],
  ['no reason', revokedEvent('grant_1', { reason: null })],
  ['nobody who gave it', givenEvent('grant_1', { givenBy: 7 })],
  ['nobody who revoked it', revokedEvent('grant_1', { revokedBy: undefined })],
])('cannot read %s', (_, event) => {
  expect(() => readGrantFact(event)).toThrow(/of a grant's event is not/);
  const registry = new ProjectionRegistry([anyProjection(grants)], { read: readGrantFact, typesOf });
  expect(registry.read(event)).toMatchObject({ streamId: 'grant:grant_1', fact: null, failure: expect.any(Error) });
});

it('names every type that it reads, so that a rebuild leaves nothing out', () => {
  for (const event of [givenEvent('grant_1'), revokedEvent('grant_1')])
    expect(typesOf(readGrantFact(event)!.kind)).toEqual([event.type]);
});

function typesOf(kind: string): string[] {
  return GRANT_EVENT_TYPES[kind as GrantFact['kind']];
}
