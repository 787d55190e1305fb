import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres';
import { SUPERUSER } from '../../src/local/running-server';
import { prepareDatabase } from '../../src/platform/migrations';

const PASSWORD = 'bench-password';

export interface BenchDatabase {
  url: string;
  ownerUrl: string;
}

/** One durable server for all sides of a run: an own one, unless `DATABASE_URL` names another. */
export class BenchServer {
  private constructor(
    private readonly adminUrl: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(): Promise<BenchServer> {
    if (process.env.DATABASE_URL) return new BenchServer(process.env.DATABASE_URL, () => Promise.resolve());
    const dataDir = mkdtempSync(join(tmpdir(), 'oarlock-bench-'));
    const settings = { max_wal_size: '8GB', shared_buffers: '512MB' };
    const server = await startEmbeddedPostgres({
      dataDir,
      password: PASSWORD,
      durable: true,
      searchPath: process.env.PATH ?? '',
      settings,
    });
    return new BenchServer(`postgres://${SUPERUSER}:${PASSWORD}@127.0.0.1:${server.port}/postgres`, async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });
  }

  async describe(): Promise<string> {
    const [row] = await this.run<{ version: string; sync: string; fsync: string }>(
      `SELECT split_part(version(), ' ', 2) AS version, current_setting('synchronous_commit') AS sync, current_setting('fsync') AS fsync`,
    );
    return `PostgreSQL ${row!.version}, synchronous_commit ${row!.sync}, fsync ${row!.fsync}`;
  }

  /** An empty database of one side's own. */
  async createDatabase(name: string): Promise<string> {
    await this.run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await this.run(`CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  /** For a peer whose migrations take it for granted. */
  async ensureRole(name: string): Promise<void> {
    await this.run(`DO $$ BEGIN CREATE ROLE ${name}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
  }

  /** A database for Oarlock: with both roles, migrated. */
  async createOarlockDatabase(name: string): Promise<BenchDatabase> {
    const ownerUrl = await this.createDatabase(name);
    const app = new URL(ownerUrl);
    app.username = 'oarlock_bench_app';
    app.password = PASSWORD;
    await prepareDatabase({ url: app.toString(), ownerUrl });
    return { url: app.toString(), ownerUrl };
  }

  private urlOf(database: string): string {
    const url = new URL(this.adminUrl);
    url.pathname = `/${database}`;
    return url.toString();
  }

  private async run<Row>(sql: string): Promise<Row[]> {
    const client = new Client(this.adminUrl);
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }
}
