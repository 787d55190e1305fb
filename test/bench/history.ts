import { Client as Database } from 'pg';
import { Client } from 'undici';
import { longHistory } from '../support/long-history';
import { tokenOf } from './access';
import type { BenchServer } from './bench-database';
import { startOarlock } from './oarlock-server';
import { median, percentile } from './report';

const COUNT = 200_000;
const ASKED = 200;
const TARGET_MS = 50;
const LOOK_EVERY_BYTES = 2 * 1024 * 1024;

/** The first and the last page of one customer's 200,000 transactions, over HTTP; and all of them as a file. */
export async function benchHistory(server: BenchServer): Promise<void> {
  const database = await server.createOarlockDatabase('bench_history');
  await (await startOarlock(database)).stop(); // makes the tables
  await seed(database.url);
  const oarlock = await startOarlock(database);
  const client = new Client(oarlock.url, { bodyTimeout: 0 });
  try {
    console.log(`\nBilling history, ${COUNT} transactions of one customer`);
    const last = cursorBefore(COUNT - 50);
    for (const [page, query] of [
      ['first page', ''],
      ['page in the middle', `?after=${cursorBefore(COUNT / 2)}`],
      ['last page', `?after=${last}`],
      ['last page of 200', `?limit=200&after=${cursorBefore(COUNT - 200)}`],
    ] as const) {
      await time(page, client, `/billing/history${query}`);
    }
    await exportAll(client, oarlock.url);
  } finally {
    await client.close();
    await oarlock.stop();
  }
}

async function seed(url: string): Promise<void> {
  const client = new Database(url);
  await client.connect();
  const history = { userId: 'loyal', customerIds: ['ctm_loyal'], count: COUNT };
  for (const statement of longHistory(history)) await client.query(statement);
  await client.end();
}

/** The cursor behind which the entry with this number comes first. */
function cursorBefore(number: number): string {
  const billedAt = new Date(Date.UTC(2026, 0, 1) - (number - 1) * 60_000).toISOString().replace('Z', '000Z');
  return Buffer.from(`${billedAt} loyal_txn_${String(number - 1).padStart(8, '0')}`).toString('base64url');
}

async function time(page: string, client: Client, path: string): Promise<void> {
  const took: number[] = [];
  let entries = 0;
  for (let index = 0; index < ASKED; index++) {
    const started = performance.now();
    const { statusCode, body } = await client.request({
      method: 'GET',
      path,
      headers: { authorization: `Bearer ${tokenOf('loyal')}` },
    });
    const text = await body.text();
    took.push(performance.now() - started);
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text}`);
    entries = (JSON.parse(text) as { data: unknown[] }).data.length;
  }
  const p95 = percentile(took, 0.95);
  console.log(
    `  ${page.padEnd(20)} ${String(entries).padStart(3)} entries   asked first ${took[0]!.toFixed(1)} ms, p50 ${median(took).toFixed(1)} ms, ` +
      `p95 ${p95.toFixed(1)} ms   wanted: under ${TARGET_MS} ms   ${p95 < TARGET_MS ? 'reached' : 'NOT REACHED'}`,
  );
}

async function exportAll(client: Client, url: string): Promise<void> {
  const observer = new Client(url); // the other connection is busy with the file
  const before = await residentMiB(observer);
  const headers = { authorization: `Bearer ${tokenOf('loyal')}`, accept: 'text/csv' };
  const started = performance.now();
  const { body } = await client.request({ method: 'GET', path: '/billing/history', headers });
  let [bytes, lines, highest] = [0, 0, before];
  for await (const part of body as AsyncIterable<Buffer>) {
    const looked = Math.floor(bytes / LOOK_EVERY_BYTES);
    bytes += part.length;
    for (const byte of part) if (byte === 10) lines++;
    if (Math.floor(bytes / LOOK_EVERY_BYTES) > looked) highest = Math.max(highest, await residentMiB(observer));
  }
  const seconds = (performance.now() - started) / 1000;
  await observer.close();
  if (lines !== COUNT + 1) throw new Error(`the file has ${lines} lines`);
  console.log(
    `  all as a file        ${(bytes / 1_048_576).toFixed(0)} MiB in ${seconds.toFixed(1)} s; the app at ${before} MiB before, at most ${highest} MiB meanwhile`,
  );
}

async function residentMiB(client: Client): Promise<number> {
  const { body } = await client.request({ method: 'GET', path: '/metrics' });
  const [, bytes] = /^process_resident_memory_bytes (\S+)/m.exec(await body.text()) ?? [];
  return Math.round(Number(bytes) / 1_048_576);
}
