import { request } from 'undici';
import { billingHistory } from '../../src/billing-history';
import { historyQuery } from '../../src/billing-history/history-query';
import { ReadModels } from '../../src/projections';
import { parseCsv } from '../support/csv';
import { longHistory } from '../support/long-history';
import { TestApp } from '../support/test-app';

const COUNT = 6_000;

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
  const loyal = { userId: 'loyal', customerIds: ['ctm_loyal'], count: COUNT };
  const many = { userId: 'many', customerIds: ['ctm_x', 'ctm_y', 'ctm_z'], count: COUNT };
  for (const statement of [...longHistory(loyal), ...longHistory(many)]) await app.database.query(statement);
});
afterAll(() => TestApp.closeAll());

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** How the database reads a page. */
async function planOf(after: { orderedAt: string; transactionId: string } | null, subscriptionId?: string): Promise<Plan[]> {
  const rows = app.app.get(ReadModels).of(billingHistory);
  const [sql, values] = historyQuery(
    rows,
    { shardId: 1, customerId: 'ctm_loyal', subscriptionId },
    after,
    51,
  ).getQueryAndParameters();
  const [{ 'QUERY PLAN': explained }] = (await rows.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values)) as [
    { 'QUERY PLAN': [{ Plan: Plan }] },
  ];
  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
  return nodes(explained[0].Plan);
}

it.each([
  ['the first page', null],
  ['one in the middle', { orderedAt: '2025-12-30T00:00:00.000000Z', transactionId: 'loyal_txn_00002880' }],
  ['the last page', { orderedAt: '2025-12-27T20:30:00.000000Z', transactionId: 'loyal_txn_00005970' }],
])('reads %s off the index, and nothing else', async (_, after) => {
  const plan = await planOf(after);
  expect(plan.map((node) => node['Node Type'])).toEqual(['Limit', 'Index Scan']);
  expect(plan[1]).toMatchObject({ 'Index Name': 'billing_history_1_customer_id_ordered_at_transaction_id' });
  expect(plan[1]!['Actual Rows']).toBeLessThanOrEqual(51);
  expect(plan[1]!['Rows Removed by Filter'] ?? 0).toBe(0);
});

it.each([
  ['that is most of it', 'sub_loyal', 51],
  ['that ended long ago', 'sub_loyal_old', 3],
])('reads those of a subscription %s without looking at others', async (_, subscriptionId, found) => {
  const plan = await planOf(null, subscriptionId);
  expect(plan.map((node) => node['Node Type'])).toEqual(['Limit', 'Index Scan']);
  expect(plan[1]!['Actual Rows']).toBe(found);
  expect(plan[1]!['Rows Removed by Filter'] ?? 0).toBeLessThanOrEqual(3);
});

async function idsOf(user: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after = ''; ;) {
    const { status, body } = await app.get(`/billing/history?limit=200${after}`, user);
    expect(status).toBe(200);
    const { data, nextCursor } = body as { data: { transactionId: string }[]; nextCursor: string | null };
    ids.push(...data.map(({ transactionId }) => transactionId));
    if (nextCursor === null) return ids;
    after = `&after=${nextCursor}`;
  }
}

/** The first of `longHistory` is the newest; of those billed at one moment, the greatest id comes first. */
const newestFirst = (user: string, atOnce: number) =>
  Array.from({ length: COUNT }, (_, n) => Math.floor(n / atOnce) * atOnce + (atOnce - 1 - (n % atOnce))).map(
    (n) => `${user}_txn_${String(n).padStart(8, '0')}`,
  );

it.each([
  ['loyal', 1],
  ['many', 3],
])('pages through all of it once, also where several customers were billed at one moment: %s', async (user, atOnce) => {
  expect(await idsOf(user)).toEqual(newestFirst(user, atOnce));
});

async function fileOf(user: string) {
  const headers = { authorization: `Bearer ${await app.token(user)}`, accept: 'text/csv' };
  return request(`${app.url}/billing/history`, { headers });
}

it('sends all of it as one file', async () => {
  const file = parseCsv(await (await fileOf('many')).body.text());
  expect(file.map(({ transaction_id: id }) => id)).toEqual(newestFirst('many', 3));
});

/** The database fails when it comes to this row. */
async function failingAt(transactionId: string | null): Promise<void> {
  const columns = await app.database.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'read_models' AND table_name = 'billing_history'
      ORDER BY ordinal_position`,
  );
  const failing = `CASE WHEN transaction_id = '${transactionId}' THEN (1 / (length(transaction_id) - length(transaction_id)))::text ELSE watermark END AS watermark`;
  const selected = columns.map(({ name }) => (name === 'watermark' && transactionId ? failing : name));
  await app.database.query(
    `CREATE OR REPLACE VIEW read_models.billing_history AS SELECT ${selected.join(', ')} FROM read_models.billing_history_1`,
  );
}

it('breaks the connection when it cannot go on: a part never passes for the whole', async () => {
  await failingAt('loyal_txn_00003000');
  try {
    const { statusCode, body } = await fileOf('loyal');
    let received = '';
    const reading = (async () => {
      for await (const part of body.setEncoding('utf8')) received += String(part);
    })();
    await expect(reading).rejects.toThrow(/other side closed|terminated|aborted/);
    expect(statusCode).toBe(200);
    expect(received).toMatch(/^\ufefftransaction_id,/);
    expect(received).not.toContain('loyal_txn_00003000');
  } finally {
    await failingAt(null);
  }
});

it('says so, and sends no file, when it cannot begin', async () => {
  await failingAt('loyal_txn_00000000');
  try {
    const { statusCode, headers, body } = await fileOf('loyal');
    expect([statusCode, headers['content-type'], headers['content-disposition']]).toEqual([
      500,
      'application/problem+json; charset=utf-8',
      undefined,
    ]);
    await body.dump();
  } finally {
    await failingAt(null);
  }
});
