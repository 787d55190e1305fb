import { createHmac } from 'node:crypto';
import { Client } from 'pg';
import { type BenchDatabase, BenchServer } from './bench-database';
import { CONNECTIONS, sendAll, sendFor, type PreparedRequest } from './load';
import { JWT_SECRET, startOarlock } from './oarlock-server';
import { interleaved, median, printRatios, printSides } from './report';
import { ServerProcess } from './server-process';

const ROUNDS = 5;
const SECONDS = 5;
const USERS = 100_000;
const CHECK = '/licenses/check?product=pro_team&entityId=ada';

/** Access checks over HTTP with a verified token, each of another user: of users who asked before, and of users who did not. */
export async function benchAccess(server: BenchServer): Promise<void> {
  const database = await server.createOarlockDatabase('bench_access');
  const bareUrl = await server.createDatabase('bench_bare_access');
  await (await startOarlock(database)).stop(); // makes the tables
  await seedReadModels(database);
  await seedBareTable(bareUrl);
  let oarlock = await startOarlock(database);
  const bare = await ServerProcess.start('test/bench/servers/bare-access.ts', { DATABASE_URL: bareUrl });
  try {
    const withToken = Array.from({ length: USERS }, (_, user) => accessRequest('/products/access', tokenOf(user)));
    const withQuery = Array.from({ length: USERS }, (_, user) => accessRequest(`/products/access?user=user_${user}`));
    const checks = Array.from({ length: USERS }, (_, user) => accessRequest(CHECK, tokenOf(user)));
    const sides = await interleaved(ROUNDS, {
      'oarlock, nothing known': async () => {
        await oarlock.stop();
        oarlock = await startOarlock(database);
        return sendAll(oarlock.url, withToken);
      },
      'oarlock, all known': () => sendFor(oarlock.url, spread(withToken), SECONDS),
      'oarlock, license checks': async () => {
        await sendAll(oarlock.url, checks);
        return sendFor(oarlock.url, spread(checks), SECONDS);
      },
      'bare indexed SELECT': () => sendFor(bare.url, spread(withQuery), SECONDS),
    });
    printSides(`Access checks, ${USERS} users, ${CONNECTIONS} connections`, sides);
    const theirs = median(sides['bare indexed SELECT']);
    printRatios([
      { what: 'all known, against bare Fastify and one SELECT', ours: median(sides['oarlock, all known']), theirs, target: 2 },
      {
        what: 'license checks, against access of all known',
        ours: median(sides['oarlock, license checks']),
        theirs: median(sides['oarlock, all known']),
        target: 0.8,
      },
      { what: 'nothing known, against the same', ours: median(sides['oarlock, nothing known']), theirs, target: 2 },
    ]);
  } finally {
    await Promise.all([oarlock.stop(), bare.stop()]);
  }
}

/** Users in no order, and every connection with others. */
function spread(requests: PreparedRequest[]): PreparedRequest[] {
  const step = 61_803; // coprime to the number of users: visits each once
  const offset = Math.floor(Math.random() * requests.length);
  return requests.map((_, i) => requests[(offset + i * step) % requests.length]!);
}

function accessRequest(path: string, token?: string): PreparedRequest {
  return { method: 'GET', path, headers: token ? { authorization: `Bearer ${token}` } : {} };
}

/** @param user a number stands for `user_<number>` */
export function tokenOf(user: number | string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: typeof user === 'number' ? `user_${user}` : user, roles: [], iat: now, exp: now + 36_000 })}`;
  return `${claims}.${createHmac('sha256', JWT_SECRET).update(claims).digest('base64url')}`;
}

/** What the projections would have written for so many users with one subscription each. */
async function seedReadModels({ url }: BenchDatabase): Promise<void> {
  await run(url, [
    `INSERT INTO read_models.customers_1 (shard_id, customer_id, email, status, user_id, claims, first_seen_at)
     SELECT 1, 'ctm_' || n, n || '@example.com', 'active', 'user_' || n,
            jsonb_build_array(jsonb_build_object('userId', 'user_' || n, 'claimedAt', '2026-01-01T00:00:00.000000Z', 'eventId', 'evt_' || n)),
            '2026-01-01T00:00:00.000000Z'
       FROM generate_series(0, ${USERS - 1}) n`,
    `INSERT INTO read_models.subscriptions_1 (shard_id, subscription_id, customer_id, snapshot, watermark)
     SELECT 1, 'sub_' || n, 'ctm_' || n, '${JSON.stringify(SNAPSHOT)}'::jsonb, '2026-01-01T00:00:00.000000Z 30 evt_' || n
       FROM generate_series(0, ${USERS - 1}) n`,
    `INSERT INTO read_models.licenses_1 (shard_id, license_id, source_id, source_type, customer_id, product_id, entity_id, metadata, status,
                                         status_since, number, created_at, updated_at, revisions)
     SELECT 1, 'lic_' || n, 'sub_' || n, 'subscription', 'ctm_' || n, 'pro_team', 'ada', '{}', 'active',
            '2026-01-01T00:00:00.000000Z', 1, '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', '{"status": 1}'
       FROM generate_series(0, ${USERS - 1}) n`,
    `INSERT INTO read_models.settings_1 (shard_id, key, version, changed_at, changed_by, value)
     VALUES (1, 'products', 1, '2026-01-01T00:00:00.000000Z', 'admin_1',
             '[{"productId": "pro_team", "access": {"paused": "none", "pastDueGraceDays": null}, "licenses": {"whenReduced": "refuse", "restoreDays": 30},
                "prices": [{"priceId": "pri_team", "switchable": true, "entities": 1}]}]')`,
    'ANALYZE read_models.licenses_1',
    'ANALYZE read_models.customers_1',
    'ANALYZE read_models.subscriptions_1',
  ]);
}

async function seedBareTable(url: string): Promise<void> {
  const products = [
    {
      productId: 'pro_team',
      ref: null,
      access: 'full',
      reason: 'subscription_active',
      source: { type: 'subscription', id: 'sub_1' },
      until: null,
      quantity: 5,
    },
  ];
  await run(url, [
    'CREATE TABLE bare_access (user_id text PRIMARY KEY, products jsonb NOT NULL)',
    `INSERT INTO bare_access SELECT 'user_' || n, '${JSON.stringify(products)}' FROM generate_series(0, ${USERS - 1}) n`,
    'ANALYZE bare_access',
  ]);
}

const SNAPSHOT = {
  status: 'active',
  collectionMode: 'automatic',
  currency: 'USD',
  startedAt: '2026-01-01T00:00:00Z',
  nextBilledAt: '2027-01-01T00:00:00Z',
  pausedAt: null,
  canceledAt: null,
  currentPeriod: { startsAt: '2026-01-01T00:00:00Z', endsAt: '2027-01-01T00:00:00Z' },
  scheduledChange: null,
  items: [
    {
      status: 'active',
      productId: 'pro_team',
      productName: 'Team',
      priceId: 'pri_team',
      priceName: 'Yearly',
      unitAmount: '3000',
      quantity: 5,
      recurring: true,
      trialEndsAt: null,
    },
  ],
};

async function run(url: string, statements: string[]): Promise<void> {
  const client = new Client(url);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
