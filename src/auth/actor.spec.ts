import { actorFromClaims } from './actor';

const RULES = { subjectClaim: 'sub', rolesClaim: 'roles', adminSubjects: ['boss'] };

it('reads subject and known roles', () => {
  expect(actorFromClaims({ sub: 'user_1', roles: ['auditor', 'wizard', 7] }, RULES)).toEqual({
    userId: 'user_1',
    roles: ['auditor'],
  });
});

it('makes a configured subject an admin', () => {
  expect(actorFromClaims({ sub: 'boss' }, RULES)).toEqual({ userId: 'boss', roles: ['admin'] });
});

it('finds claims by their whole name first, then by a path', () => {
  const claims = { 'https://example.com/roles': ['admin'], realm_access: { roles: 'service auditor' }, org: { id: 'org_1' } };
  expect(actorFromClaims(claims, { ...RULES, subjectClaim: 'org.id', rolesClaim: 'https://example.com/roles' })).toEqual({
    userId: 'org_1',
    roles: ['admin'],
  });
  expect(actorFromClaims(claims, { ...RULES, subjectClaim: 'org.id', rolesClaim: 'realm_access.roles' })).toEqual({
    userId: 'org_1',
    roles: ['auditor', 'service'],
  });
});

it.each([
  [{}],
  [{ sub: '' }],
  [{ sub: 7 }],
  [{ sub: null }],
  [{ sub: ['a'] }],
  [{ sub: 'x'.repeat(256) }],
  [{ sub: 'a\u0000b' }],
  [{ sub: '\ud800' }],
])('is nobody with %j', (claims) => {
  expect(actorFromClaims(claims, RULES)).toBeNull();
});

it('gives no role for what every object inherits', () => {
  expect(actorFromClaims({ sub: 'user_1' }, { ...RULES, rolesClaim: 'constructor.name' })).toEqual({
    userId: 'user_1',
    roles: [],
  });
  expect(actorFromClaims({}, { ...RULES, subjectClaim: '__proto__' })).toBeNull();
});
