import { Client, DatabaseError, Pool, types, type PoolConfig, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import type { Logger } from 'pino';
import { parseInstant } from './instant';

/** Channel of the hint that something new can be read. Only a hint: polling is the truth. */
export const WAKE_UP_CHANNEL = 'oarlock_wake_up';

export interface PoolLimits {
  max: number;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
}

/** The database itself, or the client of an open transaction. */
export interface Queryable {
  query<Row extends QueryResultRow>(query: string | QueryConfig, values?: unknown[]): Promise<QueryResult<Row>>;
}

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const CONNECT_TIMEOUT_MS = 3_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const RECONNECT_MS = 500;
const HINT_INTERVAL_MS = 20;
const READ_POOL_SIZE = 5;
const GENERAL_POOL: PoolLimits = { max: 10, statementTimeoutMs: 30_000, lockTimeoutMs: 10_000 };

/** Every connection and transaction of the app starts here. */
export class Database implements Queryable {
  private readonly pools: Pool[] = [];
  private readonly listeners: Listener[] = [];
  private readonly general: Pool;
  private hintTimer: NodeJS.Timeout | null = null;
  private closing = false;

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {
    this.general = this.openPool('oarlock', GENERAL_POOL);
  }

  query<Row extends QueryResultRow>(query: string | QueryConfig, values?: unknown[]): Promise<QueryResult<Row>> {
    return this.general.query<Row>(query, values);
  }

  /** Runs `work` in one transaction; whatever it throws rolls back. */
  async transaction<T>(work: (client: Queryable) => Promise<T>): Promise<T> {
    const client = await this.general.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: Error) => (broken = rollbackError));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** A pool with its own limits, for work that must not wait behind other work. Closed with the database. */
  openPool(applicationName: string, limits: PoolLimits): Pool {
    const pool = new Pool({
      ...connectionOptions(this.url, applicationName),
      max: limits.max,
      statement_timeout: limits.statementTimeoutMs,
      lock_timeout: limits.lockTimeoutMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    });
    // A connection that dies between two statements (server restart) would end the process if nobody listened,
    // in the pool's hands as in those of a transaction. Whoever uses it next gets the error.
    pool.on('connect', (client) => client.on('error', () => undefined));
    pool.on('error', (error) => {
      if (!this.closing) this.logger.warn({ err: describe(error) }, 'an idle database connection was lost');
    });
    this.pools.push(pool);
    return pool;
  }

  /** Calls `onHint` at each notification; reconnects for ever. Hints may be lost, so callers poll as well. */
  listen(onHint: () => void): void {
    this.listeners.push(new Listener(this.url, onHint));
  }

  /** Wakes whoever listens, at most every {@link HINT_INTERVAL_MS}: each NOTIFY takes a lock that all commits share. */
  hint(): void {
    this.hintTimer ??= setTimeout(() => {
      this.hintTimer = null;
      this.query(`SELECT pg_notify('${WAKE_UP_CHANNEL}', '')`).catch(() => undefined);
    }, HINT_INTERVAL_MS);
  }

  async close(): Promise<void> {
    this.closing = true;
    if (this.hintTimer) clearTimeout(this.hintTimer);
    await Promise.all(this.listeners.map((listener) => listener.close()));
    await Promise.all(this.pools.map((pool) => pool.end()));
  }
}

/** Session settings that our SQL relies on: UTC, read committed (the append function refuses anything else), numbers and times as we read them. */
export function connectionOptions(url: string, applicationName: string): PoolConfig {
  return {
    connectionString: url,
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: '-c TimeZone=UTC -c DateStyle=ISO -c default_transaction_isolation=read\\ committed',
    types: { getTypeParser },
  };
}

/** How TypeORM connects, for migrations and for queries of read models. */
export function dataSourceOptions(url: string) {
  return {
    type: 'postgres',
    url,
    poolSize: READ_POOL_SIZE,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    installExtensions: false,
    logging: false,
    extra: { application_name: 'oarlock read models', keepAlive: true, statement_timeout: GENERAL_POOL.statementTimeoutMs },
  } as const;
}

/** True for failures that pass by themselves: connection lost, server restarting, lock or statement time-out, deadlock. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: string }).code ?? '';
  if (error instanceof DatabaseError) {
    return /^(08|40|53|57P0)/.test(code) || ['55P03', '57014', '25P03', 'XX000'].includes(code);
  }
  return /^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH|AI_AGAIN)/.test(code) || /connection|timeout exceeded/i.test(error.message);
}

/** What a log may say of an error: never what it quotes, which may be a row, a value or a part of somebody's input. */
export function describe(error: unknown): { name: string; code?: string; message: string; stack?: string } {
  if (!(error instanceof Error)) return { name: 'unknown', message: 'not an Error' };
  const code = (error as { code?: string }).code;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const message = error.message.replaceAll(/"[^"]*"|'[^']*'/g, '"…"');
  return { name: error.name, ...(code ? { code } : {}), message, ...(frames ? { stack: frames.join('\n') } : {}) };
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: never) => unknown {
  if (format !== 'binary' && oid === INT8) return Number;
  if (format !== 'binary' && oid === TIMESTAMPTZ) return (text: string) => parseInstant(`${text.replace(' ', 'T')}:00`);
  return types.getTypeParser(oid, format);
}

class Listener {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly onHint: () => void,
  ) {
    void this.connect();
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client(connectionOptions(this.url, 'oarlock listener'));
    this.client = client;
    client.on('error', () => undefined);
    client.on('end', () => this.reconnectLater());
    client.on('notification', this.onHint);
    try {
      await client.connect();
      await client.query(`LISTEN ${WAKE_UP_CHANNEL}`);
      this.onHint();
    } catch {
      await client.end().catch(() => undefined);
      this.reconnectLater();
    }
  }

  private reconnectLater(): void {
    if (this.closed) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), RECONNECT_MS).unref();
  }
}
