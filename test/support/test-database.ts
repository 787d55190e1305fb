import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { APP_PASSWORD, APP_ROLE, TEMPLATE, urlFor } from './test-server';

export interface TestDatabase {
  /** The app's role: may read, and append through the function. */
  url: string;
  ownerUrl: string;
  /** As the owner. */
  query<Row>(sql: string): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A migrated, empty database of the caller's own. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `oarlock_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return {
    url: urlFor(name, APP_ROLE, APP_PASSWORD),
    ownerUrl: urlFor(name),
    query: <Row>(sql: string) => query<Row>(urlFor(name), sql),
    drop: () => asAdmin(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function asAdmin(sql: string): Promise<void> {
  await query(process.env.TEST_ADMIN_URL!, sql);
}

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}
