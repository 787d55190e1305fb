import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import request from 'supertest';
import { TestApp, TOKENS } from '../support/test-app';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start({ settings: { ADMIN_SUBJECTS: 'boss' } });
});
afterAll(() => TestApp.closeAll());

const key = new TextEncoder().encode(TOKENS.secret);
const inAnHour = () => app.clock.nowSeconds() + 3600;

function signed(claims: Record<string, unknown>, secret = key, alg = 'HS256'): Promise<string> {
  return new SignJWT({ iss: TOKENS.issuer, aud: TOKENS.audience, sub: 'user_1', exp: inAnHour(), ...claims })
    .setProtectedHeader({ alg })
    .sign(secret);
}

function withToken(token: string, path = '/config/is-admin', scheme = 'Bearer') {
  return request(app.url).get(path).set('authorization', `${scheme} ${token}`);
}

it('lets a good token in, and says whose roles it carries', async () => {
  const { body } = await withToken(await signed({ roles: ['auditor', 'other'] })).expect(200);
  expect(body).toEqual({ isAdmin: false, roles: ['auditor'] });
  expect((await withToken(await signed({ roles: ['admin'] }))).body).toEqual({ isAdmin: true, roles: ['admin'] });
  expect((await withToken(await signed({ sub: 'boss' }))).body).toEqual({ isAdmin: true, roles: ['admin'] });
  await withToken(await signed({}), '/config/is-admin', 'bearer').expect(200);
});

it.each<[string, () => Promise<string> | string]>([
  ['expired', () => signed({ exp: app.clock.nowSeconds() - 1 })],
  ['without an end', () => signed({ exp: undefined })],
  ['not valid yet', () => signed({ nbf: app.clock.nowSeconds() + 60 })],
  [
    'unsigned (alg: none)',
    () => new UnsecuredJWT({ sub: 'user_1', iss: TOKENS.issuer, aud: TOKENS.audience, exp: inAnHour() }).encode(),
  ],
  ['for another audience', () => signed({ aud: 'somebody-else' })],
  ['without an audience', () => signed({ aud: undefined })],
  ['of another issuer', () => signed({ iss: 'https://evil.example.com/' })],
  ["signed with another's key", () => signed({}, new TextEncoder().encode('x'.repeat(40)))],
  ['signed with another algorithm', () => signed({}, new TextEncoder().encode('x'.repeat(64)), 'HS512')],
  ['of nobody', () => signed({ sub: undefined })],
  ['with a broken signature', async () => `${(await signed({})).slice(0, -2)}xx`],
  ['with changed claims', async () => changed(await signed({}))],
  ['nonsense', () => 'nonsense'],
])('refuses a token that is %s', async (_, token) => {
  const { body, headers } = await withToken(await token()).expect(401);
  expect(body).toMatchObject({ code: 'unauthenticated', status: 401 });
  expect(headers['www-authenticate']).toBe('Bearer');
});

it('refuses a request without a token, or with something else in its place', async () => {
  await request(app.url).get('/products/access').expect(401);
  await request(app.url).get('/products/access').set('authorization', 'Basic dXNlcjpwYXNz').expect(401);
  await withToken(await signed({}), '/config/is-admin', 'Token').expect(401);
});

it('stops taking a token that it knows when it expires', async () => {
  const token = await signed({ exp: app.clock.nowSeconds() + 10 });
  await withToken(token).expect(200);
  app.clock.advanceSeconds(9);
  await withToken(token).expect(200);
  app.clock.advanceSeconds(1);
  await withToken(token).expect(401);
});

it.each(['/ledger/events', '/ledger/events/1', '/ledger/quarantine'])('%s is for auditors and admins alone', async (path) => {
  const { body } = await withToken(await signed({ roles: ['service'] }), path).expect(403);
  expect(body).toMatchObject({ code: 'forbidden', detail: 'This needs the role auditor or admin.' });
  await withToken(await signed({ roles: ['auditor'] }), path).expect((response) => expect(response.status).not.toBe(403));
  await withToken(await signed({ roles: ['admin'] }), path).expect((response) => expect(response.status).not.toBe(403));
});

describe('with the keys of an identity provider', () => {
  let provider: Server;
  let keys: { kid: string; privateKey: CryptoKey }[];
  let down = false;
  let jwksUrl: string;

  beforeAll(async () => {
    const pairs = await Promise.all(
      ['one', 'two'].map(async (kid) => ({ kid, ...(await generateKeyPair('ES256', { extractable: true })) })),
    );
    keys = pairs;
    const jwks = {
      keys: await Promise.all(pairs.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' }))),
    };
    provider = createServer((_, response) =>
      response.writeHead(down ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(jwks)),
    );
    await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening));
    jwksUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => provider.close());

  const start = () => TestApp.start({ settings: { AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: jwksUrl } });
  const tokenOf = (index: number, claims: Record<string, unknown> = {}) =>
    new SignJWT({ iss: TOKENS.issuer, aud: TOKENS.audience, sub: 'user_1', exp: inAnHour(), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: keys[index]!.kid })
      .sign(keys[index]!.privateKey);
  const ask = (own: TestApp, token: string) => request(own.url).get('/config/is-admin').set('authorization', `Bearer ${token}`);

  it('takes a token of any of them, and none that is signed with a secret', async () => {
    const own = await start();
    await ask(own, await tokenOf(0)).expect(200);
    await ask(own, await tokenOf(1)).expect(200);
    await ask(own, await tokenOf(1, { aud: 'somebody-else' })).expect(401);
    await ask(own, await signed({})).expect(401);
  });

  it('blames no token when the keys cannot be fetched', async () => {
    const own = await start();
    down = true;
    const { body, headers } = await ask(own, await tokenOf(0)).expect(503);
    expect(body).toMatchObject({ code: 'service_unavailable' });
    expect(headers['retry-after']).toBe('1');
    down = false;
  });
});

function changed(token: string): string {
  const [header, , signature] = token.split('.');
  const claims = { sub: 'boss', iss: TOKENS.issuer, aud: TOKENS.audience, exp: inAnHour(), roles: ['admin'] };
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}
