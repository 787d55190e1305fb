import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres';
import { SUPERUSER, type EmbeddedPostgres } from '../../src/local/running-server';
import { prepareDatabase } from '../../src/platform/migrations';

const PASSWORD = 'own-server-password';

/** A PostgreSQL of one test's own, which it may stop and start again. Only an embedded one can be. */
export class OwnServer {
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'oarlock-own-'));
  private server: EmbeddedPostgres | null = null;
  private port = 0;

  static async start(): Promise<OwnServer> {
    const own = new OwnServer();
    await own.launch();
    const admin = new Client(own.urlOf(SUPERUSER, 'postgres'));
    await admin.connect();
    await admin.query('CREATE DATABASE oarlock');
    await admin.end();
    await prepareDatabase({ url: own.url, ownerUrl: own.ownerUrl });
    return own;
  }

  get url(): string {
    return this.urlOf('oarlock_app', 'oarlock');
  }

  get ownerUrl(): string {
    return this.urlOf(SUPERUSER, 'oarlock');
  }

  /** Fast shutdown: every connection breaks. The same port again, as a restarted server has. */
  async restart(): Promise<void> {
    await this.server!.stop();
    await this.launch();
  }

  async remove(): Promise<void> {
    await this.server?.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async launch(): Promise<void> {
    const port = this.port ? { settings: { port: String(this.port) } } : {};
    this.server = await startEmbeddedPostgres({
      dataDir: this.dataDir,
      password: PASSWORD,
      durable: true,
      searchPath: process.env.PATH ?? '',
      ...port,
    });
    this.port ||= this.server.port;
  }

  private urlOf(role: string, database: string): string {
    return `postgres://${role}:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }
}
