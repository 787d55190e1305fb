import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { urlFor } from '../../test/support/test-server';
import { DatabaseNotReady, prepareDatabase } from './migrations';

const name = `oarlock_migrations_${randomBytes(6).toString('hex')}`;
const role = `${name}_app`;
const appUrl = () => urlFor(name, role, "it's a pass:word/@");

beforeEach(() => run(urlFor('postgres'), `CREATE DATABASE ${name}`));
afterEach(async () => {
  await run(urlFor('postgres'), `DROP DATABASE ${name} WITH (FORCE)`);
  await run(urlFor('postgres'), `DROP ROLE IF EXISTS ${role}`);
});

async function run<T = Record<string, unknown>>(url: string, sql: string): Promise<T[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

const canWrite = (url: string) => run(url, `SELECT has_table_privilege(current_user, 'ledger.events', 'UPDATE') AS "canWrite"`);

it("migrates as the owner and makes the app's role, which may read and append", async () => {
  await prepareDatabase({ url: appUrl(), ownerUrl: urlFor(name) });
  expect(await canWrite(appUrl())).toEqual([{ canWrite: false }]);
  const nothing = `SELECT FROM ledger.append(1::smallint, 'sandbox', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
                                             '{}', '{}', '{}', '{}', '{}', '{}', '')`;
  expect(await run(appUrl(), nothing)).toEqual([]);
});

it('changes nothing the second time, also when many start at once', async () => {
  const both = { url: appUrl(), ownerUrl: urlFor(name) };
  await prepareDatabase(both);
  const before = await run(urlFor(name), 'SELECT * FROM ledger.migrations ORDER BY id');
  await Promise.all([1, 2, 3].map(() => prepareDatabase(both)));
  expect(await run(urlFor(name), 'SELECT * FROM ledger.migrations ORDER BY id')).toEqual(before);
  expect(before.length).toBeGreaterThanOrEqual(3);
});

it('migrates once when several start at once on an empty database', async () => {
  await Promise.all([1, 2, 3].map(() => prepareDatabase({ url: urlFor(name), ownerUrl: null })));
  const names = (await run<{ name: string }>(urlFor(name), 'SELECT name FROM ledger.migrations')).map((row) => row.name);
  expect(new Set(names).size).toBe(names.length);
});

it('needs no owner when the schema is up to date', async () => {
  await prepareDatabase({ url: appUrl(), ownerUrl: urlFor(name) });
  await prepareDatabase({ url: appUrl(), ownerUrl: null });
});

it('says what to do when the role may not make the schema', async () => {
  await run(urlFor('postgres'), `CREATE ROLE ${role} LOGIN PASSWORD 'it''s a pass:word/@'`);
  await expect(prepareDatabase({ url: appUrl(), ownerUrl: null })).rejects.toThrow(DatabaseNotReady);
  await expect(prepareDatabase({ url: appUrl(), ownerUrl: null })).rejects.toThrow('Set DATABASE_OWNER_URL');
});

it('works with one role for both, whose hands the trigger alone ties', async () => {
  await prepareDatabase({ url: urlFor(name), ownerUrl: null });
  expect(await canWrite(urlFor(name))).toEqual([{ canWrite: true }]);
  await expect(run(urlFor(name), 'DELETE FROM ledger.events')).rejects.toThrow('the ledger is immutable');
});
