import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { findPostgres, type PostgresBinaries } from './postgres-binaries';
import { giveTo, stopWithParent, unprivilegedIdentity, type ProcessIdentity } from './process-identity';

export const SUPERUSER = 'oarlock_owner';

export interface EmbeddedPostgres {
  port: number;
  /** Stops the server if this process is the one that keeps it running. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds the cluster in `postgres/`; made where it does not exist. */
  dataDir: string;
  /** Of the superuser; only used when the cluster is made. */
  password: string;
  /** False gives up surviving a power cut for speed: for tests. */
  durable: boolean;
  /** `PATH`, for finding a PostgreSQL of the system and the tools that start it. */
  searchPath: string;
  settings?: Record<string, string>;
}

const START_TIMEOUT_MS = 30_000;
const ORPHAN_GRACE_MS = 3_000;
const POLL_MS = 50;

/**
 * Starts a real PostgreSQL of our own on a free loopback port. A server that already runs on the folder is used as it is;
 * one that is still going down (the app was just killed) is waited for.
 * @throws Error with PostgreSQL's own words when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = join(resolve(options.dataDir), 'postgres');
  const binaries = findPostgres(options.searchPath);
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  const running = await waitForOtherServer(cluster, options.password);
  if (running) return running;

  const identity = unprivilegedIdentity([dirname(cluster), dirname(binaries.postgres)]);
  chmodSync(cluster, 0o700);
  giveTo(identity, cluster);
  createCluster(cluster, binaries, identity, options);
  const port = await freePort();
  const server = await launch(cluster, port, binaries, identity, options);
  writeFileSync(ownerFile(cluster), String(process.pid));
  return { port, stop: () => stopChild(server) };
}

function createCluster(
  cluster: string,
  { initdb, majorVersion }: PostgresBinaries,
  identity: ProcessIdentity,
  { password, durable, searchPath }: EmbeddedPostgresOptions,
): void {
  const versionFile = join(cluster, 'PG_VERSION');
  if (existsSync(versionFile)) return refuseOtherVersion(versionFile, majorVersion);
  const passwordFile = join(dirname(cluster), '.initdb-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(identity, passwordFile);
  const locale = majorVersion >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C'];
  const args = ['-D', cluster, '-U', SUPERUSER, '-E', 'UTF8', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-instructions'];
  const [command, ...rest] = [...identity.prefix, initdb, ...args, ...locale, ...(durable ? [] : ['--no-sync'])];
  const result = spawnSync(command!, rest, { ...spawnOptions(identity, searchPath), encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr}`);
}

function refuseOtherVersion(versionFile: string, majorVersion: number): void {
  const found = Number(readFileSync(versionFile, 'utf8'));
  if (found === majorVersion) return;
  throw new Error(
    `${dirname(versionFile)} was made by PostgreSQL ${found}, and this is ${majorVersion}. ` +
      'Move the data over with pg_dump, or set OARLOCK_DATA_DIR to a new folder.',
  );
}

async function launch(
  cluster: string,
  port: number,
  { postgres, majorVersion }: PostgresBinaries,
  identity: ProcessIdentity,
  { durable, settings, searchPath }: EmbeddedPostgresOptions,
): Promise<ChildProcess> {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    ...(majorVersion >= 18 ? { io_method: 'sync' } : {}),
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
  };
  const args = ['-D', cluster, '-p', String(port), ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const [command, ...rest] = [...identity.prefix, ...stopWithParent(), postgres, ...args];
  // Detached: Ctrl-C in the terminal must reach the app alone, which stops the server when it is done with it.
  const server = spawn(command!, rest, { ...spawnOptions(identity, searchPath), stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  await untilReady(server);
  server.unref();
  (server.stderr as unknown as { unref(): void }).unref();
  return server;
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((ready, fail) => {
    let log = '';
    server.once('error', fail);
    server.once('exit', (code) => fail(new Error(`PostgreSQL stopped with ${code}:\n${log}`)));
    server.stderr!.on('data', (chunk: Buffer) => {
      if (log.length < 64_000) log += chunk.toString();
      if (log.includes('ready to accept connections')) ready();
    });
  });
}

async function stopChild(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise<void>((done) => server.once('exit', () => done()));
  server.kill('SIGINT'); // fast shutdown: open connections are closed, nothing is lost
  await gone;
}

/**
 * A server whose app lives is used as it is. One whose app was killed is on its way down: it is waited for.
 * Where it stays (no `setpriv` to take it down with its app), it becomes ours, to stop when we stop.
 */
async function waitForOtherServer(cluster: string, password: string): Promise<EmbeddedPostgres | null> {
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
  writeFileSync(ownerFile(cluster), String(process.pid));
  const stop = async () => {
    process.kill(pid, 'SIGINT');
    while (isAlive(pid)) await delay(POLL_MS);
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
  const client = new Client({ host: '127.0.0.1', port, user: SUPERUSER, password, database: 'postgres', connectionTimeoutMillis: 2_000 });
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A number in an old file may belong to some other program by now. */
function isPostgres(pid: number): boolean {
  const name = `/proc/${pid}/comm`;
  return process.platform !== 'linux' || !existsSync(name) || readFileSync(name, 'utf8').startsWith('postgres');
}

/** Nothing of our environment, which may hold secrets, reaches the server. */
function spawnOptions({ uid, gid }: ProcessIdentity, searchPath: string): SpawnOptions {
  return { ...(uid === undefined ? {} : { uid, gid }), env: { PATH: searchPath, LC_ALL: 'C', TZ: 'UTC' } };
}

function freePort(): Promise<number> {
  return new Promise((found, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}
