import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { ENVIRONMENTS, isEnvironment, type Environment } from './environment';
import { SettingsReader } from './settings-reader';

/** Everything the app is told from outside, checked. The only reader of `process.env` is {@link readEnvironment}. */
export interface Config {
  mode: 'local' | 'production';
  http: { host: string; port: number; corsOrigins: string[] };
  database: { url: string; ownerUrl: string | null };
  ledger: { shardsPerEnvironment: number };
  projections: {
    /** Whether a newer version of a projection is rebuilt at the start, or waits for an admin. */
    upgrade: 'auto' | 'manual';
  };
  auth: AuthConfig;
  paddle: PaddleConfig;
  /** Signed answers for devices without a network. */
  offline: {
    /** The first signs, all are published. None: there are no such answers. */
    signingKeys: KeyObject[];
    tokenTtlSeconds: number;
  };
  log: { level: string };
}

export interface AuthConfig {
  key: { kind: 'secret'; secret: string } | { kind: 'jwks'; url: string };
  issuer: string | null;
  audience: string | null;
  rolesClaim: string;
  subjectClaim: string;
  adminSubjects: string[];
}

export interface PaddleConfig {
  /** The environment that user routes act on. */
  activeEnvironment: Environment;
  /** Every secret that may sign a webhook now; more than one during a rotation. */
  webhookSecrets: Record<Environment, string[]>;
  webhookToleranceSeconds: number;
  /** The field of Paddle's `custom_data` that names our user. */
  userIdKey: string;
  /** Null where Paddle's API is not to be called: an installation that only reads. */
  apiKeys: Record<Environment, string | null>;
  apiUrls: Record<Environment, string>;
  /** Of each environment and process. Paddle allows 240 for each IP, so processes behind one IP have to share them out. */
  requestsPerMinute: number;
  /** How long Paddle may take to begin an answer; four times as long where it may try a payment first. */
  timeoutMs: number;
}

export const CONFIG_NAME = 'oarlock';
/** Injects the {@link Config}: `@Inject(CONFIG) config: Config`. */
export const CONFIG = `CONFIGURATION(${CONFIG_NAME})`; // getConfigToken's; asking it would load Nest into every command of the command line

export type Settings = Readonly<Record<string, string | undefined>>;

/** Thrown once, with every setting that is missing or weak, so that one look at the log mends them all. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`Oarlock cannot start. Mend these settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const UPGRADES = ['auto', 'manual'];
const MIN_JWT_SECRET_BYTES = 32;
const MIN_WEBHOOK_SECRET_LENGTH = 16;

/** The process environment, with `.env` of the working directory below it. */
export function readEnvironment(): Settings {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return { ...process.env };
}

export function modeOf(settings: Settings): Config['mode'] {
  return settings.NODE_ENV === 'production' ? 'production' : 'local';
}

/** @throws ConfigError naming every setting that is missing, weak or makes no sense */
export function loadConfig(settings: Settings): Config {
  const mode = modeOf(settings);
  const read = new SettingsReader(settings);
  const config: Config = {
    mode,
    http: {
      host: read.text('HOST') ?? (mode === 'production' ? '0.0.0.0' : '127.0.0.1'),
      port: read.integer('PORT', { fallback: 3000, min: 0, max: 65535 }),
      corsOrigins: read.list('CORS_ORIGINS'),
    },
    database: {
      url: read.has('DATABASE_URL')
        ? (read.postgresUrl('DATABASE_URL') ?? '')
        : read.missing('DATABASE_URL', 'a PostgreSQL 15+ connection URL'),
      ownerUrl: read.postgresUrl('DATABASE_OWNER_URL'),
    },
    ledger: { shardsPerEnvironment: read.integer('LEDGER_SHARDS', { fallback: 1, min: 1, max: 64 }) },
    projections: { upgrade: (read.oneOf('PROJECTION_UPGRADE', UPGRADES) as 'auto' | 'manual' | null) ?? 'auto' },
    auth: readAuth(read),
    paddle: readPaddle(read),
    offline: {
      signingKeys: read.signingKeys('OFFLINE_SIGNING_KEY'),
      tokenTtlSeconds: read.integer('OFFLINE_TOKEN_TTL_SECONDS', { fallback: 3600, min: 3600, max: 604_800 }),
    },
    log: { level: read.oneOf('LOG_LEVEL', LOG_LEVELS) ?? (mode === 'production' ? 'info' : 'warn') },
  };
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}

function readAuth(read: SettingsReader): AuthConfig {
  const secret = read.text('AUTH_JWT_SECRET');
  const jwksUrl = read.httpsUrl('AUTH_JWKS_URL');
  const auth: AuthConfig = {
    key: jwksUrl ? { kind: 'jwks', url: jwksUrl } : { kind: 'secret', secret: secret ?? '' },
    issuer: read.text('AUTH_ISSUER'),
    audience: read.text('AUTH_AUDIENCE'),
    rolesClaim: read.text('AUTH_ROLES_CLAIM') ?? 'roles',
    subjectClaim: read.text('AUTH_SUBJECT_CLAIM') ?? 'sub',
    adminSubjects: read.list('ADMIN_SUBJECTS'),
  };
  if (secret && jwksUrl) read.problem('AUTH_JWT_SECRET and AUTH_JWKS_URL: set one of them, not both');
  if (!secret && !read.has('AUTH_JWKS_URL')) {
    read.missing('AUTH_JWT_SECRET or AUTH_JWKS_URL', 'the key that verifies access tokens');
  }
  if (secret && Buffer.byteLength(secret) < MIN_JWT_SECRET_BYTES) {
    read.problem(`AUTH_JWT_SECRET: too short, use at least ${MIN_JWT_SECRET_BYTES} random bytes`);
  }
  if (jwksUrl && !auth.issuer) read.missing('AUTH_ISSUER', 'needed with AUTH_JWKS_URL');
  if (jwksUrl && !auth.audience) read.missing('AUTH_AUDIENCE', 'needed with AUTH_JWKS_URL, whose keys sign for others too');
  return auth;
}

function readPaddle(read: SettingsReader): PaddleConfig {
  const webhookSecrets: Record<Environment, string[]> = {
    sandbox: read.list('PADDLE_SANDBOX_WEBHOOK_SECRET'),
    live: read.list('PADDLE_LIVE_WEBHOOK_SECRET'),
  };
  const environment = read.oneOf('PADDLE_ENVIRONMENT', ENVIRONMENTS);
  const shortForm = read.list('PADDLE_WEBHOOK_SECRET');
  if (shortForm.length > 0 && !environment) read.missing('PADDLE_ENVIRONMENT', 'needed with PADDLE_WEBHOOK_SECRET');
  if (environment && isEnvironment(environment)) webhookSecrets[environment].push(...shortForm);
  checkWebhookSecrets(read, webhookSecrets);
  return {
    activeEnvironment: (environment as Environment | null) ?? (webhookSecrets.live.length > 0 ? 'live' : 'sandbox'),
    webhookSecrets,
    webhookToleranceSeconds: read.integer('WEBHOOK_TOLERANCE_SECONDS', { fallback: 300, min: 1, max: 86_400 }),
    userIdKey: read.text('PADDLE_USER_ID_KEY') ?? 'user_id',
    apiKeys: readApiKeys(read, environment),
    apiUrls: {
      sandbox: read.httpsUrl('PADDLE_SANDBOX_API_URL') ?? 'https://sandbox-api.paddle.com',
      live: read.httpsUrl('PADDLE_LIVE_API_URL') ?? 'https://api.paddle.com',
    },
    requestsPerMinute: read.integer('PADDLE_REQUESTS_PER_MINUTE', { fallback: 200, min: 1, max: 10_000 }),
    timeoutMs: read.integer('PADDLE_TIMEOUT_MS', { fallback: 20_000, min: 100, max: 120_000 }),
  };
}

function readApiKeys(read: SettingsReader, shortFormEnvironment: string | null): PaddleConfig['apiKeys'] {
  const keys = { sandbox: read.text('PADDLE_SANDBOX_API_KEY'), live: read.text('PADDLE_LIVE_API_KEY') };
  const shortForm = read.text('PADDLE_API_KEY');
  if (shortForm && !shortFormEnvironment) read.missing('PADDLE_ENVIRONMENT', 'needed with PADDLE_API_KEY');
  if (shortForm && shortFormEnvironment && isEnvironment(shortFormEnvironment)) {
    if (keys[shortFormEnvironment] && keys[shortFormEnvironment] !== shortForm) {
      read.problem(`PADDLE_API_KEY and PADDLE_${shortFormEnvironment.toUpperCase()}_API_KEY: set one of them, not both`);
    }
    keys[shortFormEnvironment] = shortForm;
  }
  for (const environment of ENVIRONMENTS) checkApiKey(read, environment, keys[environment]);
  return keys;
}

/** A key in the wrong place would charge real money in a test, or fail at the first user's command: better at the start. */
function checkApiKey(read: SettingsReader, environment: Environment, key: string | null): void {
  if (key === null) return;
  const madeFor = /^pdl_(sdbx|live)_apikey_/.exec(key)?.[1];
  if (madeFor && (madeFor === 'live') !== (environment === 'live')) {
    read.problem(`the API key of ${environment}: is one of ${madeFor === 'live' ? 'live' : 'sandbox'}`);
  } else if (!/^[\x21-\x7e]{16,512}$/.test(key) || key.startsWith('pdl_ntfset_')) {
    read.problem(`the API key of ${environment}: is not one of Paddle's`);
  }
}

function checkWebhookSecrets(read: SettingsReader, secrets: Record<Environment, string[]>): void {
  if (secrets.sandbox.length + secrets.live.length === 0) {
    read.missing('PADDLE_SANDBOX_WEBHOOK_SECRET or PADDLE_LIVE_WEBHOOK_SECRET', 'no webhook could be verified');
  }
  for (const environment of ENVIRONMENTS) {
    if (secrets[environment].some((secret) => secret.length < MIN_WEBHOOK_SECRET_LENGTH)) {
      read.problem(`the webhook secret of ${environment}: too short to be one of Paddle's`);
    }
  }
  if (secrets.sandbox.some((secret) => secrets.live.includes(secret))) {
    read.problem('sandbox and live share a webhook secret: the secret tells the environments apart');
  }
}
