import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client } from 'pg';
import type { Settings } from '../platform/config';
import { LOCAL_AUDIENCE, LOCAL_ISSUER } from './development-token';
import { startEmbeddedPostgres } from './embedded-postgres';
import { localSecrets } from './local-secrets';
import { startLocalSimulator, wantsSimulator, type LocalSimulator } from './local-simulator';
import { SUPERUSER } from './running-server';
import { SimulatorOwner } from './simulator-owner';

export { developmentToken } from './development-token';
export { startEmbeddedPostgres } from './embedded-postgres';
export type { LocalSimulator } from './local-simulator';
export { SUPERUSER } from './running-server';

const DATABASE = 'oarlock';
const APP_ROLE = 'oarlock_app';

export interface LocalServices {
  /** The settings given, over the defaults of local mode. */
  settings: Settings;
  /** Null where an account at Paddle is used. */
  simulator: LocalSimulator | null;
  stop(): Promise<void>;
}

/** What an installation has to set, made up for a machine where nothing is: secrets, issuer, webhook key, the key that signs. */
export function localSettings(settings: Settings): Settings {
  const secrets = localSecrets(dataDirOf(settings));
  const ownKey = settings.AUTH_JWT_SECRET || settings.AUTH_JWKS_URL;
  const ownWebhooks = ['PADDLE_SANDBOX_WEBHOOK_SECRET', 'PADDLE_LIVE_WEBHOOK_SECRET', 'PADDLE_WEBHOOK_SECRET'];
  return {
    ...(ownKey ? {} : { AUTH_JWT_SECRET: secrets.jwtSecret, AUTH_ISSUER: LOCAL_ISSUER, AUTH_AUDIENCE: LOCAL_AUDIENCE }),
    OFFLINE_SIGNING_KEY: secrets.offlineSigningKey,
    ...(ownWebhooks.some((name) => settings[name]) ? {} : { PADDLE_SANDBOX_WEBHOOK_SECRET: secrets.webhookSecret }),
    ...withoutEmpty(settings),
  };
}

/**
 * Starts what a machine with nothing but Node lacks: a PostgreSQL with its data in `OARLOCK_DATA_DIR`, unless `DATABASE_URL`
 * names another; and a simulated Paddle, unless there is a key or an address of the real one.
 */
export async function startLocalServices(given: Settings): Promise<LocalServices> {
  const [database, simulator] = await Promise.allSettled([
    startLocalDatabase(given),
    wantsSimulator(given) ? startLocalSimulator(given, madeDataDir(given)) : null,
  ]);
  const stop = async () => {
    if (simulator.status === 'fulfilled') await simulator.value?.stop();
    if (database.status === 'fulfilled') await database.value.stop();
  };
  if (database.status === 'fulfilled' && simulator.status === 'fulfilled') {
    const paddle = simulator.value && simulatedPaddle(given, simulator.value);
    return { settings: { ...database.value.settings, ...paddle }, simulator: simulator.value, stop };
  }
  await stop();
  throw [simulator, database].find((started) => started.status === 'rejected')!.reason;
}

export interface LocalDatabase {
  /** The settings given, over the defaults of local mode. */
  settings: Settings;
  stop(): Promise<void>;
}

/** The database alone: for commands that need no more. */
export async function startLocalDatabase(given: Settings): Promise<LocalDatabase> {
  const settings = localSettings(given);
  if (settings.DATABASE_URL) return { settings, stop: () => Promise.resolve() };
  const dataDir = dataDirOf(given);
  const secrets = localSecrets(dataDir);
  const postgres = await startEmbeddedPostgres({
    dataDir,
    password: secrets.databaseOwnerPassword,
    durable: true,
    searchPath: settings.PATH ?? '',
  });
  const urlOf = (role: string, password: string, database: string) =>
    `postgres://${role}:${password}@127.0.0.1:${postgres.port}/${database}`;
  await ensureDatabase(urlOf(SUPERUSER, secrets.databaseOwnerPassword, 'postgres'));
  return {
    settings: {
      ...settings,
      DATABASE_URL: urlOf(APP_ROLE, secrets.databaseAppPassword, DATABASE),
      DATABASE_OWNER_URL: urlOf(SUPERUSER, secrets.databaseOwnerPassword, DATABASE),
    },
    stop: () => postgres.stop(),
  };
}

/** Where the simulator of the data folder runs, if it does. */
export function runningSimulator(settings: Settings): string | null {
  return new SimulatorOwner(dataDirOf(settings)).runningAt();
}

function simulatedPaddle(settings: Settings, { url }: LocalSimulator): Settings {
  const key = settings.SIMULATOR_API_KEY?.trim() || localSecrets(dataDirOf(settings)).apiKey;
  return { PADDLE_SANDBOX_API_URL: url, PADDLE_SANDBOX_API_KEY: key };
}

function madeDataDir(settings: Settings): string {
  const dataDir = dataDirOf(settings);
  mkdirSync(dataDir, { recursive: true });
  return dataDir;
}

function dataDirOf(settings: Settings): string {
  return resolve(settings.OARLOCK_DATA_DIR || '.data');
}

function withoutEmpty(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value?.trim()));
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new Client(adminUrl);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}
