import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { findPostgres, type PostgresBinaries } from './postgres-binaries';
import { giveTo, stopWithParent, unprivilegedIdentity, type ProcessIdentity } from './process-identity';
import { becomeOwner, SUPERUSER, waitForRunningServer, type EmbeddedPostgres } from './running-server';

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

/**
 * Starts a real PostgreSQL of our own on a free loopback port. A server that already runs on the folder is used as it is;
 * one that is still going down (the app was just killed) is waited for.
 * @throws Error with PostgreSQL's own words when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = join(resolve(options.dataDir), 'postgres');
  const binaries = findPostgres(options.searchPath);
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  const running = await waitForRunningServer(cluster, options.password);
  if (running) return running;

  const identity = unprivilegedIdentity([dirname(cluster), dirname(binaries.postgres)]);
  chmodSync(cluster, 0o700);
  giveTo(identity, cluster);
  createCluster(cluster, binaries, identity, options);
  const port = await freePort();
  const server = await launch(cluster, port, binaries, identity, options);
  becomeOwner(cluster);
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
  const args = [
    '-D',
    cluster,
    '-U',
    SUPERUSER,
    '-E',
    'UTF8',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-instructions',
  ];
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
  const server = spawn(command!, rest, {
    ...spawnOptions(identity, searchPath),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
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
  server.ref(); // nothing else may be left that keeps this process waiting
  const gone = new Promise<void>((done) => server.once('exit', () => done()));
  server.kill('SIGINT'); // fast shutdown: open connections are closed, nothing is lost
  await gone;
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
