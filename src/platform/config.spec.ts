import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { getConfigToken } from '@nestjs/config';
import { CONFIG, CONFIG_NAME, ConfigError, loadConfig, type Settings } from './config';

const GOOD: Settings = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://app:secret@db:5432/oarlock',
  AUTH_JWT_SECRET: 'x'.repeat(32),
  PADDLE_LIVE_WEBHOOK_SECRET: 'pdl_ntfset_aaaaaaaaaaaaaaaa',
};

function problemsOf(settings: Settings): string[] {
  try {
    loadConfig(settings);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

it('accepts the least that production needs', () => {
  const config = loadConfig(GOOD);
  expect(config).toMatchObject({
    mode: 'production',
    http: { host: '0.0.0.0', port: 3000 },
    ledger: { shardsPerEnvironment: 1 },
  });
  expect(config.paddle).toMatchObject({ activeEnvironment: 'live', webhookToleranceSeconds: 300, userIdKey: 'user_id' });
});

it('names every missing setting at once', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
    'DATABASE_URL: missing (a PostgreSQL 15+ connection URL)',
    'AUTH_JWT_SECRET or AUTH_JWKS_URL: missing (the key that verifies access tokens)',
    'PADDLE_SANDBOX_WEBHOOK_SECRET or PADDLE_LIVE_WEBHOOK_SECRET: missing (no webhook could be verified)',
  ]);
});

it.each<[string, Settings, string]>([
  ['a short JWT secret', { AUTH_JWT_SECRET: 'short' }, 'AUTH_JWT_SECRET: too short, use at least 32 random bytes'],
  [
    'two keys for tokens',
    { AUTH_JWKS_URL: 'https://id.example.com/jwks', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' },
    'AUTH_JWT_SECRET and AUTH_JWKS_URL: set one of them, not both',
  ],
  ['an empty setting', { DATABASE_URL: ' ' }, 'DATABASE_URL: missing (a PostgreSQL 15+ connection URL)'],
  ['a database that is no PostgreSQL', { DATABASE_URL: 'mysql://db/x' }, 'DATABASE_URL: must be a postgres:// URL'],
  ['an empty password', { DATABASE_URL: 'postgres://app:@db/x' }, 'DATABASE_URL: its password is empty'],
  [
    'a short webhook secret',
    { PADDLE_LIVE_WEBHOOK_SECRET: 'a,b' },
    "the webhook secret of live: too short to be one of Paddle's",
  ],
  [
    'one secret for both environments',
    { PADDLE_SANDBOX_WEBHOOK_SECRET: GOOD.PADDLE_LIVE_WEBHOOK_SECRET },
    'sandbox and live share a webhook secret: the secret tells the environments apart',
  ],
  [
    'the short form without its environment',
    { PADDLE_WEBHOOK_SECRET: 'pdl_ntfset_bbbbbbbbbbbbbbbb' },
    'PADDLE_ENVIRONMENT: missing (needed with PADDLE_WEBHOOK_SECRET)',
  ],
  ['a port out of range', { PORT: '70000' }, 'PORT: must be a whole number from 0 to 65535'],
  ['a port that is no number', { PORT: '3e3' }, 'PORT: must be a whole number from 0 to 65535'],
  ['too many shards', { LEDGER_SHARDS: '65' }, 'LEDGER_SHARDS: must be a whole number from 1 to 64'],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent'],
])('refuses %s', (_, settings, problem) => {
  expect(problemsOf({ ...GOOD, ...settings })).toEqual([problem]);
});

it('wants issuer and audience with a JWKS, whose keys sign for others too', () => {
  const jwks = { ...GOOD, AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: 'https://id.example.com/jwks' };
  expect(problemsOf(jwks).map((problem) => problem.split(':')[0])).toEqual(['AUTH_ISSUER', 'AUTH_AUDIENCE']);
  expect(problemsOf({ ...jwks, AUTH_ISSUER: 'https://id.example.com/', AUTH_AUDIENCE: 'oarlock' })).toEqual([]);
});

it('wants https for a JWKS that is not on this machine', () => {
  const jwks = (url: string) =>
    problemsOf({ ...GOOD, AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: url, AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' });
  expect(jwks('http://id.example.com/jwks')).toEqual(['AUTH_JWKS_URL: must be an https:// URL']);
  expect(jwks('http://127.0.0.1:9000/jwks')).toEqual([]);
});

it('takes several webhook secrets for a rotation, and the short form for one environment', () => {
  const { paddle } = loadConfig({
    ...GOOD,
    PADDLE_LIVE_WEBHOOK_SECRET: 'pdl_ntfset_old_aaaaaaaa, pdl_ntfset_new_bbbbbbbb',
    PADDLE_ENVIRONMENT: 'sandbox',
    PADDLE_WEBHOOK_SECRET: 'pdl_ntfset_cccccccccccc',
  });
  expect(paddle.webhookSecrets).toEqual({
    live: ['pdl_ntfset_old_aaaaaaaa', 'pdl_ntfset_new_bbbbbbbb'],
    sandbox: ['pdl_ntfset_cccccccccccc'],
  });
  expect(paddle.activeEnvironment).toBe('sandbox');
});

const SANDBOX_KEY = 'pdl_sdbx_apikey_01hv8x2acma2gz7he8kg2s0hna_0123456789abcdefghijkl_abc';
const LIVE_KEY = SANDBOX_KEY.replace('sdbx', 'live');

it('needs no API key: an installation may only read', () => {
  expect(loadConfig(GOOD).paddle).toMatchObject({
    apiKeys: { sandbox: null, live: null },
    apiUrls: { sandbox: 'https://sandbox-api.paddle.com', live: 'https://api.paddle.com' },
    requestsPerMinute: 200,
  });
});

it('takes an API key and address for each environment, and the short form for one', () => {
  const { paddle } = loadConfig({
    ...GOOD,
    PADDLE_LIVE_API_KEY: LIVE_KEY,
    PADDLE_ENVIRONMENT: 'sandbox',
    PADDLE_API_KEY: SANDBOX_KEY,
    PADDLE_SANDBOX_API_URL: 'http://127.0.0.1:4020',
    PADDLE_REQUESTS_PER_MINUTE: '100',
  });
  expect(paddle.apiKeys).toEqual({ sandbox: SANDBOX_KEY, live: LIVE_KEY });
  expect(paddle.apiUrls.sandbox).toBe('http://127.0.0.1:4020');
  expect(paddle.requestsPerMinute).toBe(100);
});

it('takes an API key of the form that Paddle gave out before May 2025', () => {
  const old = '0123456789abcdef0123456789abcdef0123456789abcdef01';
  expect(loadConfig({ ...GOOD, PADDLE_LIVE_API_KEY: old }).paddle.apiKeys.live).toBe(old);
});

it.each<[string, Settings, string]>([
  ["sandbox's API key for live", { PADDLE_LIVE_API_KEY: SANDBOX_KEY }, 'the API key of live: is one of sandbox'],
  ["live's API key for sandbox", { PADDLE_SANDBOX_API_KEY: LIVE_KEY }, 'the API key of sandbox: is one of live'],
  [
    "live's API key in the short form for sandbox",
    { PADDLE_ENVIRONMENT: 'sandbox', PADDLE_API_KEY: LIVE_KEY },
    'the API key of sandbox: is one of live',
  ],
  [
    'a webhook secret as an API key',
    { PADDLE_LIVE_API_KEY: GOOD.PADDLE_LIVE_WEBHOOK_SECRET },
    "the API key of live: is not one of Paddle's",
  ],
  ['an API key of two lines', { PADDLE_LIVE_API_KEY: `${LIVE_KEY}\nx` }, "the API key of live: is not one of Paddle's"],
  ['the short form alone', { PADDLE_API_KEY: LIVE_KEY }, 'PADDLE_ENVIRONMENT: missing (needed with PADDLE_API_KEY)'],
  [
    'two API keys for one environment',
    { PADDLE_ENVIRONMENT: 'live', PADDLE_API_KEY: LIVE_KEY, PADDLE_LIVE_API_KEY: `${LIVE_KEY}x` },
    'PADDLE_API_KEY and PADDLE_LIVE_API_KEY: set one of them, not both',
  ],
  [
    'an API address that is not encrypted',
    { PADDLE_LIVE_API_URL: 'http://api.paddle.com' },
    'PADDLE_LIVE_API_URL: must be an https:// URL',
  ],
  [
    'no requests at all',
    { PADDLE_REQUESTS_PER_MINUTE: '0' },
    'PADDLE_REQUESTS_PER_MINUTE: must be a whole number from 1 to 10000',
  ],
])('refuses %s', (_, settings, problem) => {
  expect(problemsOf({ ...GOOD, ...settings })).toEqual([problem]);
});

describe('the key that signs answers for offline use', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const PEM = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const BASE64 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const other = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const keysOf = (text: string) =>
    loadConfig({ ...GOOD, OFFLINE_SIGNING_KEY: text }).offline.signingKeys.map((key) =>
      key.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    );

  it('may be missing: then nothing is signed', () =>
    expect(loadConfig(GOOD).offline).toEqual({ signingKeys: [], tokenTtlSeconds: 3_600 }));

  it.each([
    ['PEM', PEM],
    ['PEM in one line', PEM.replaceAll('\n', '\\n')],
    ['base64 of PKCS#8', BASE64],
  ])('is read from %s', (_, text) => expect(keysOf(text)).toEqual([BASE64]));

  it('may be several, in their order, each written in its way', () =>
    expect(keysOf(`${other}, ${PEM}`)).toEqual([other, BASE64]));

  const wrong = 'OFFLINE_SIGNING_KEY: must be Ed25519 private keys, as PEM or as base64 of PKCS#8';
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  it.each<[string, Settings, string]>([
    ['something else', { OFFLINE_SIGNING_KEY: 'hunter2' }, wrong],
    ['one that is good and one that is not', { OFFLINE_SIGNING_KEY: `${BASE64},${BASE64.slice(4)}` }, wrong],
    ['a key of another kind', { OFFLINE_SIGNING_KEY: rsa }, wrong],
    [
      'a public key',
      { OFFLINE_SIGNING_KEY: createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString() },
      wrong,
    ],
    [
      'less than an hour',
      { OFFLINE_TOKEN_TTL_SECONDS: '3599' },
      'OFFLINE_TOKEN_TTL_SECONDS: must be a whole number from 3600 to 604800',
    ],
    [
      'more than a week',
      { OFFLINE_TOKEN_TTL_SECONDS: '604801' },
      'OFFLINE_TOKEN_TTL_SECONDS: must be a whole number from 3600 to 604800',
    ],
  ])('is refused when it is %s', (_, settings, problem) => expect(problemsOf({ ...GOOD, ...settings })).toEqual([problem]));
});

it('never repeats a secret in its message', () => {
  const message = new ConfigError(
    problemsOf({
      ...GOOD,
      AUTH_JWT_SECRET: 'hunter2',
      PADDLE_LIVE_WEBHOOK_SECRET: 'hunter3',
      PADDLE_SANDBOX_API_KEY: 'hunter4',
      OFFLINE_SIGNING_KEY: 'hunter5',
    }),
  ).message;
  expect(message).not.toMatch(/hunter/);
});

it('is injected under the name that Nest gives it', () => expect(CONFIG).toBe(getConfigToken(CONFIG_NAME)));
