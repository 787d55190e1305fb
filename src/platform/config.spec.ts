import { ConfigError, loadConfig, type Settings } from './config';

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

it('never repeats a secret in its message', () => {
  const message = new ConfigError(problemsOf({ ...GOOD, AUTH_JWT_SECRET: 'hunter2', PADDLE_LIVE_WEBHOOK_SECRET: 'hunter3' }))
    .message;
  expect(message).not.toMatch(/hunter/);
});
