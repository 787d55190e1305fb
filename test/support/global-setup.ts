import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres';
import { SUPERUSER } from '../../src/local/running-server';
import { prepareDatabase } from '../../src/platform/migrations';
import { APP_PASSWORD, APP_ROLE, TEMPLATE, urlFor } from './test-server';

/** One server for the whole run, with a database to copy for each test file: an own one, unless `DATABASE_URL` names another. */
export default async function globalSetup(): Promise<void> {
  const own = process.env.DATABASE_URL ? null : await ownServer();
  process.env.TEST_ADMIN_URL = process.env.DATABASE_URL ?? own!.url;
  const admin = new Client(process.env.TEST_ADMIN_URL);
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  await prepareDatabase({ url: urlFor(TEMPLATE, APP_ROLE, APP_PASSWORD), ownerUrl: urlFor(TEMPLATE) });
  (globalThis as { stopTestServer?: () => Promise<void> }).stopTestServer = () => own?.stop() ?? Promise.resolve();
}

async function ownServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'oarlock-test-'));
  const options = { durable: false, searchPath: process.env.PATH ?? '', settings: { max_connections: '300' } };
  const server = await startEmbeddedPostgres({ dataDir, password: 'test-password', ...options });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: `postgres://${SUPERUSER}:test-password@127.0.0.1:${server.port}/postgres`, stop };
}
