import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { developmentToken } from '../../src/local/development-token';
import type { BenchServer } from './bench-database';
import { JWT_SECRET, startOarlock } from './oarlock-server';
import { interleaved, median, printRatios, printSides } from './report';
import { ServerProcess } from './server-process';
import type { BareRead } from './servers/bare-read';
import type { EmmettRebuild } from './servers/emmett-rebuild';
import { connected, seedLedger, SHARD } from './servers/seeded-ledger';

const ROUNDS = 5;
/** The peer takes so long that it gets a part of the events, enough for its pauses not to count: the figure is a rate. */
const EMMETT_SHARE = 20;
const EMMETT_LEAST = 5_000;
const POLL_MS = 20;
const MOST_SECONDS = 300;
const MOST_MIB = 512;

/** The subscription read model made anew from the ledger, by the app that serves meanwhile. */
export async function benchRebuild(server: BenchServer): Promise<void> {
  const events = Number(process.env.BENCH_EVENTS ?? 200_000);
  const emmettEvents = Math.min(events, Math.max(EMMETT_LEAST, Math.ceil(events / EMMETT_SHARE)));
  const database = await server.createOarlockDatabase('bench_rebuild');
  await seedLedger(database.ownerUrl, events);
  const oarlock = await startOarlock(database);
  const bare = await ServerProcess.start('test/bench/servers/bare-read.ts', { DATABASE_URL: database.ownerUrl });
  const emmett = await ServerProcess.start('test/bench/servers/emmett-rebuild.ts', {
    DATABASE_URL: await server.createDatabase('bench_emmett'),
    SOURCE_URL: database.ownerUrl,
    EVENTS: String(emmettEvents),
  });
  try {
    const admin = new Admin(oarlock.url, await adminToken());
    await admin.caughtUp();
    const check = new RowCheck(database.ownerUrl);
    const untilLive: number[] = [];
    const sides = await interleaved(ROUNDS + 1, {
      'oarlock until ready': async () => {
        const { rebuildId, readySeconds, liveSeconds } = await admin.rebuild();
        await check.oarlock(rebuildId, events);
        untilLive.push(events / liveSeconds);
        return events / readySeconds;
      },
      'bare read and parse': async () => {
        const { seconds, parsed } = await post<BareRead>(`${bare.url}/read`);
        assertSame('bodies parsed', parsed, events);
        return parsed / seconds;
      },
      emmett: async () => {
        const { seconds, folded, subscriptions } = await post<EmmettRebuild>(`${emmett.url}/rebuild`);
        await check.emmett(folded, subscriptions, emmettEvents);
        return folded / seconds;
      },
    });
    for (const values of [...Object.values(sides), untilLive]) values.shift(); // the first round warms up
    report(sides, untilLive, events, emmettEvents);
    reportMemory(admin.peakMiB);
  } finally {
    await Promise.all([oarlock.stop(), bare.stop(), emmett.stop()]);
  }
}

type Side = 'oarlock until ready' | 'bare read and parse' | 'emmett';

function report(sides: Record<Side, number[]>, untilLive: number[], events: number, emmettEvents: number): void {
  const { 'oarlock until ready': untilReady, 'bare read and parse': bare, emmett } = sides;
  printSides(
    `Full rebuild of the subscription read model from ${events} webhook bodies; Oarlock until it is ready: folded and indexed`,
    {
      'oarlock until ready': untilReady,
      '  until live, after the diff': untilLive,
      'bare read and parse': bare,
      [`emmett, ${emmettEvents} bodies`]: emmett,
    },
  );
  const ours = median(untilReady);
  printRatios([
    { what: 'against @event-driven-io/emmett-postgresql', ours, theirs: median(emmett), target: 10 },
    { what: 'against reading and parsing each body once', ours, theirs: median(bare), target: 0.8 },
  ]);
}

function reportMemory(peakMiB: number): void {
  if (peakMiB === 0) return console.log('\nMemory of the app was not measured: this system has no /proc');
  console.log(`\nMemory of the app while it rebuilt (resident, the most of all rounds)`);
  console.log(`  ${peakMiB.toFixed(0)} MiB   wanted: under ${MOST_MIB} MiB   ${peakMiB < MOST_MIB ? 'reached' : 'NOT REACHED'}`);
}

interface Rebuild {
  rebuildId: string;
  readySeconds: number;
  liveSeconds: number;
}

/** An admin at the front door of the app. */
class Admin {
  peakMiB = 0;
  private readonly appPid = childRunning('dist/main.js');

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** The live read models show the whole ledger. */
  async caughtUp(): Promise<void> {
    await until(async () => (await this.get<{ pendingEvents: number | null }>('/health/ready')).pendingEvents === 0);
  }

  async rebuild(): Promise<Rebuild> {
    const sampling = setInterval(() => this.sampleMemory(), 100);
    try {
      const started = performance.now();
      const passed = () => (performance.now() - started) / 1000;
      const path = '/projections/subscriptions';
      const { rebuildId } = await post<{ rebuildId: string }>(`${this.url}${path}/rebuild`, this.token, { mode: 'swap' });
      await this.reached(`${path}/rebuilds/${rebuildId}`, ['ready', 'live']);
      const readySeconds = passed();
      await this.reached(`${path}/rebuilds/${rebuildId}`, ['live']);
      return { rebuildId, readySeconds, liveSeconds: passed() };
    } finally {
      clearInterval(sampling);
    }
  }

  private reached(path: string, states: string[]): Promise<void> {
    return until(async () => {
      const { state, error } = await this.get<{ state: string; error: string | null }>(path);
      if (error || !['running', 'ready', 'live'].includes(state)) throw new Error(`The rebuild is ${state}: ${error}`);
      return states.includes(state);
    });
  }

  private sampleMemory(): void {
    if (this.appPid !== null) this.peakMiB = Math.max(this.peakMiB, residentMiB(this.appPid));
  }

  private async get<Answer>(path: string): Promise<Answer> {
    const answer = await request(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.token}` } });
    return (await answer.body.json()) as Answer;
  }
}

/** A rebuild that is fast because rows are missing counts for nothing. */
class RowCheck {
  constructor(private readonly databaseUrl: string) {}

  async oarlock(rebuildId: string, events: number): Promise<void> {
    const wanted = await this.subscriptionsIn(events);
    for (const table of [`read_models.subscriptions_${rebuildId}`, 'read_models.subscriptions'])
      assertSame(`Rows of ${table}`, await this.count(`SELECT FROM ${table} WHERE snapshot IS NOT NULL`), wanted);
  }

  async emmett(folded: number, subscriptions: number, events: number): Promise<void> {
    if (folded > 0 && folded < events) console.log(`  emmett lost ${events - folded} of ${events} events`);
    else {
      assertSame('Events that emmett folded', folded, events);
      assertSame('Rows of emmett', subscriptions, await this.subscriptionsIn(events));
    }
  }

  private subscriptionsIn(events: number): Promise<number> {
    return this.count(
      `SELECT DISTINCT stream_id FROM ledger.events
        WHERE shard_id = ${SHARD} AND type LIKE 'subscription.%' AND position <= ${events}`,
    );
  }

  private async count(rows: string): Promise<number> {
    const text = `SELECT count(*)::int AS count FROM (${rows}) r`;
    const answer = await connected(this.databaseUrl, (client) => client.query<{ count: number }>(text));
    return answer.rows[0]!.count;
  }
}

function adminToken(): Promise<string> {
  return developmentToken({ secret: JWT_SECRET, issuer: undefined, audience: undefined }, 'admin', ['admin']);
}

async function post<Answer>(url: string, token?: string, body?: object): Promise<Answer> {
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body ? { 'content-type': 'application/json' } : {}),
  };
  const answer = await request(url, {
    method: 'POST',
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
    headersTimeout: MOST_SECONDS * 1000,
  });
  if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${await answer.body.text()}`);
  return (await answer.body.json()) as Answer;
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + MOST_SECONDS * 1000;
  while (!(await reached())) {
    if (performance.now() > end) throw new Error(`It took longer than ${MOST_SECONDS} s`);
    await delay(POLL_MS);
  }
}

/** @returns the id of the child process that runs this script; null where there is no /proc to look it up */
function childRunning(script: string): string | null {
  const children = `/proc/self/task/${process.pid}/children`;
  if (!existsSync(children)) return null;
  const pids = readFileSync(children, 'utf8').trim().split(' ');
  return pids.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script)) ?? null;
}

function residentMiB(pid: string): number {
  const file = `/proc/${pid}/status`;
  const status = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

function assertSame(what: string, actual: number, wanted: number): void {
  if (actual !== wanted) throw new Error(`${what}: ${actual} instead of ${wanted}`);
}
