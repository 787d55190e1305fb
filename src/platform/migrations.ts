import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { connectionOptions, dataSourceOptions, isTransient } from './database';

const MIGRATIONS = join(__dirname, '../../migrations');
const OLDEST_SERVER = 150_000;
/** Any constant will do; it keeps two starting replicas from migrating at once. */
const MIGRATION_LOCK = 7_160_001;
/** TypeORM reads the order of migrations from a 13-digit suffix of their names. */
const FIRST_TIMESTAMP = 1_700_000_000_000;
const PATIENCE_MS = 30_000;
const CONNECT_AGAIN_MS = 250;
const INSUFFICIENT_PRIVILEGE = '42501';
const NOT_ALLOWED =
  'The schema is not up to date, and the role given may not change it. ' +
  'Set DATABASE_OWNER_URL to a role that may create schemas (and, at the first start, roles).';

export class DatabaseNotReady extends Error {}

/**
 * Brings the schema up to date and gives the app's role exactly the rights it needs.
 * With an owner URL, that role migrates, and makes the app's role (of `url`) where it does not exist yet.
 * Without one, the app's own role migrates if it may, and otherwise the schema has to be up to date already.
 * @throws DatabaseNotReady when the server does not answer or is too old, or the schema is not there and cannot be made
 */
export async function prepareDatabase({ url, ownerUrl }: { url: string; ownerUrl: string | null }): Promise<void> {
  const owner = await connectPatiently(ownerUrl ?? url);
  try {
    await refuseOldServer(owner);
    if (ownerUrl) await ensureAppRole(owner, url);
    await owner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    if (await hasPendingMigrations(owner)) {
      await owner.query('CREATE SCHEMA IF NOT EXISTS ledger');
      await runMigrations(ownerUrl ?? url);
    }
    if (ownerUrl) await grantToAppRole(owner, roleOf(url));
  } catch (error) {
    throw (error as { code?: string }).code === INSUFFICIENT_PRIVILEGE
      ? new DatabaseNotReady(NOT_ALLOWED, { cause: error })
      : error;
  } finally {
    await owner.end();
  }
}

/** A database that is still starting, as beside us in a fresh deployment, is waited for. */
async function connectPatiently(url: string): Promise<Client> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const client = new Client(connectionOptions(url, 'oarlock migrations'));
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (isTransient(error) && performance.now() < deadline) await delay(CONNECT_AGAIN_MS);
      else throw new DatabaseNotReady(`The database cannot be reached: ${(error as Error).message}`, { cause: error });
    }
  }
}

async function refuseOldServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`);
  if (rows[0]!.version < OLDEST_SERVER) throw new DatabaseNotReady('DATABASE_URL: PostgreSQL 15 or newer is needed');
}

async function hasPendingMigrations(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(`SELECT to_regclass('ledger.migrations') IS NOT NULL AS found`);
  if (!rows[0]!.found) return true;
  const done = await client.query<{ name: string }>('SELECT name FROM ledger.migrations');
  const names = new Set(done.rows.map((row) => row.name));
  return migrationFiles().some((file) => !names.has(migrationName(file)));
}

async function runMigrations(url: string): Promise<void> {
  const dataSource = new DataSource({
    ...dataSourceOptions(url),
    schema: 'ledger',
    migrations: migrationFiles().map(toMigration),
    migrationsTableName: 'migrations',
    extra: { application_name: 'oarlock migrations' }, // no statement time-out: an index on a long ledger takes its time
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
}

function migrationFiles(): string[] {
  return readdirSync(MIGRATIONS)
    .filter((file) => /^\d{4}-.+\.sql$/.test(file))
    .sort();
}

function migrationName(file: string): string {
  return `${file.slice(5, -4)}-${FIRST_TIMESTAMP + Number(file.slice(0, 4))}`;
}

function toMigration(file: string): new () => MigrationInterface {
  const sql = readFileSync(join(MIGRATIONS, file), 'utf8');
  return class implements MigrationInterface {
    name = migrationName(file);
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    down(): Promise<void> {
      return Promise.reject(new Error('migrations only go forward'));
    }
  };
}

function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

async function ensureAppRole(owner: Client, url: string): Promise<void> {
  const { username, password } = new URL(url);
  const role = decodeURIComponent(username);
  const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount) return;
  const secret = escapeLiteral(decodeURIComponent(password));
  await owner.query(`CREATE ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${secret}`);
}

async function grantToAppRole(owner: Client, role: string): Promise<void> {
  const app = escapeIdentifier(role);
  await owner.query(`
    REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM ${app};
    GRANT USAGE ON SCHEMA ledger, operations TO ${app};
    GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ${app};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ledger TO ${app};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA operations TO ${app};
    GRANT USAGE, CREATE ON SCHEMA read_models TO ${app};
    GRANT SELECT, INSERT, UPDATE, DELETE ON read_models.checkpoints, read_models.dead_letters TO ${app};`);
}
