import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { isAlive } from './process-identity';

export const SUPERUSER = 'oarlock_owner';

export interface EmbeddedPostgres {
  port: number;
  /** Stops the server if this process is the one that keeps it running. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
/** A server that is to go down with its app has gone by then. */
const ORPHAN_GRACE_MS = 3_000;
const POLL_MS = 50;

/** Whoever owns the server of a cluster stops it. */
export function becomeOwner(cluster: string): void {
  writeFileSync(ownerFile(cluster), String(process.pid));
}

/**
 * A server whose app lives is used as it is. One whose app was killed is on its way down: it is waited for.
 * Where it stays (no `setpriv` to take it down with its app), it becomes ours, to stop when we stop.
 */
export async function waitForRunningServer(cluster: string, password: string): Promise<EmbeddedPostgres | null> {
  const started = performance.now();
  for (let other = runningServer(cluster); other; other = runningServer(cluster)) {
    const waitedMs = performance.now() - started;
    if (await answers(other.port, password)) {
      if (ownerIsAlive(cluster)) return { port: other.port, stop: () => Promise.resolve() };
      if (waitedMs > ORPHAN_GRACE_MS) return adopt(cluster, other);
    }
    if (waitedMs > START_TIMEOUT_MS) throw new Error(`process ${other.pid} holds ${cluster}, but does not answer`);
    await delay(POLL_MS);
  }
  return null;
}

function adopt(cluster: string, { pid, port }: { pid: number; port: number }): EmbeddedPostgres {
  becomeOwner(cluster);
  const stop = async () => {
    process.kill(pid, 'SIGINT');
    while (runningServer(cluster)) await delay(POLL_MS);
  };
  return { port, stop };
}

function ownerIsAlive(cluster: string): boolean {
  const owner = existsSync(ownerFile(cluster)) ? Number(readFileSync(ownerFile(cluster), 'utf8')) : 0;
  return owner > 0 && isAlive(owner);
}

function runningServer(cluster: string): { pid: number; port: number } | null {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 && isAlive(pid) && isPostgres(pid) ? { pid, port } : null;
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function ownerFile(cluster: string): string {
  return join(dirname(cluster), 'postgres.owner');
}

/** A number in an old file may belong to some other program by now. */
function isPostgres(pid: number): boolean {
  const name = `/proc/${pid}/comm`;
  return process.platform !== 'linux' || !existsSync(name) || readFileSync(name, 'utf8').startsWith('postgres');
}
