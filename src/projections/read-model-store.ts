import type { Queryable } from '../platform/database';
import type { Rows } from './fold';
import type { AnyProjection } from './projection';

export const SCHEMA = 'read_models';

/** The table that one build of a projection folds into. */
export interface Target {
  projection: AnyProjection;
  build: number;
}

/** `read_models.subscriptions`: what readers read, whichever build is live. */
function liveView({ name }: AnyProjection): string {
  return `${SCHEMA}.${name}`;
}

/** `read_models.subscriptions_3`: what the third build of subscriptions writes. */
export function tableOf({ projection, build }: { projection: { name: string }; build: number }): string {
  return `${SCHEMA}.${projection.name}_${build}`;
}

/** Makes the table of a build. A table that is filled from the beginning of the ledger gets its indexes when it is full. */
export async function createTable({ projection, build }: Target, on: Queryable): Promise<void> {
  const { columns, key } = projection.table;
  const definitions = Object.entries(columns).map(([name, type]) => `${snakeCase(name)} ${type}`);
  await on.query(
    `CREATE TABLE ${tableOf({ projection, build })} (shard_id smallint NOT NULL, ${definitions.join(', ')}, PRIMARY KEY (shard_id, ${snakeCase(key)}))`,
  );
}

export async function createIndexes({ projection, build }: Target, on: Queryable): Promise<void> {
  for (const index of projection.table.indexes) {
    const names = index.map(snakeCase);
    await on.query(
      `CREATE INDEX IF NOT EXISTS ${projection.name}_${build}_${names.join('_')} ON ${tableOf({ projection, build })} (shard_id, ${names.join(', ')})`,
    );
  }
}

export async function dropTable(projection: string, build: number, on: Queryable): Promise<void> {
  await on.query(`DROP TABLE IF EXISTS ${tableOf({ projection: { name: projection }, build })}`);
}

/**
 * Points what readers read to a build. During a rolling deploy older and newer code read the same view, so it keeps every
 * column that it had: those that the build's table lacks are null.
 */
export async function pointView({ projection, build }: Target, on: Queryable): Promise<void> {
  const table = tableOf({ projection, build });
  const had = await columnsOf(liveView(projection), on);
  const has = await columnsOf(table, on);
  const wanted = Object.entries(projection.table.columns).map(([name, type]) => [snakeCase(name), type] as const);
  const all = new Map<string, string>([['shard_id', 'smallint'], ...had, ...has, ...wanted]);
  const selected = [...all].map(([column, type]) => (has.has(column) ? column : `NULL::${type} AS ${column}`));
  await on.query(`CREATE OR REPLACE VIEW ${liveView(projection)} AS SELECT ${selected.join(', ')} FROM ${table}`);
}

/** Name and type of each column, in order; none when there is no such relation. */
async function columnsOf(relation: string, on: Queryable): Promise<Map<string, string>> {
  const { rows } = await on.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [relation],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** Drops tables that no build claims any more. */
export async function dropOrphans(projections: AnyProjection[], claimed: ReadonlySet<string>, on: Queryable): Promise<void> {
  const names = projections.map(({ name }) => name).join('|');
  const { rows } = await on.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND relname ~ $2`,
    [SCHEMA, `^(${names})_v?[0-9]+$`],
  );
  for (const { name } of rows) if (!claimed.has(`${SCHEMA}.${name}`)) await on.query(`DROP TABLE ${SCHEMA}.${name}`);
}

/** The rows of these keys, by key. */
export async function loadRows(
  { projection, build }: Target,
  shardId: number,
  keys: string[],
  on: Queryable,
): Promise<Map<string, Record<string, unknown>>> {
  const { columns, key } = projection.table;
  const selected = Object.keys(columns).map((name) => `${snakeCase(name)} AS "${name}"`);
  const { rows } = await on.query<Record<string, unknown>>({
    name: `load-${projection.name}-${build}`,
    text: `SELECT ${selected.join(', ')} FROM ${tableOf({ projection, build })} WHERE shard_id = $1 AND ${snakeCase(key)} = ANY($2)`,
    values: [shardId, keys],
  });
  return new Map(rows.map((row) => [row[key] as string, row]));
}

/** Writes changed rows with one statement, removed ones with another. */
export async function saveRows(target: Target, shardId: number, changed: Rows, on: Queryable): Promise<void> {
  const kept = [...changed.values()].filter((row) => row !== null);
  const removed = [...changed.keys()].filter((key) => changed.get(key) === null);
  const { key } = target.projection.table;
  if (kept.length > 0) {
    await on.query({
      name: `save-${target.projection.name}-${target.build}`,
      text: upsertStatement(target),
      values: [shardId, storableJson(kept)],
    });
  }
  if (removed.length > 0) {
    await on.query(`DELETE FROM ${tableOf(target)} WHERE shard_id = $1 AND ${snakeCase(key)} = ANY($2)`, [shardId, removed]);
  }
}

function upsertStatement({ projection, build }: Target): string {
  const { columns, key } = projection.table;
  const names = Object.keys(columns);
  const record = names.map((name) => `"${name}" ${columns[name]}`);
  const updates = names.filter((name) => name !== key).map((name) => `${snakeCase(name)} = excluded.${snakeCase(name)}`);
  return `INSERT INTO ${tableOf({ projection, build })} (shard_id, ${names.map(snakeCase).join(', ')})
    SELECT $1, ${names.map((name) => `"${name}"`).join(', ')} FROM json_to_recordset($2::json) AS r(${record.join(', ')})
    ON CONFLICT (shard_id, ${snakeCase(key)}) DO ${updates.length > 0 ? `UPDATE SET ${updates.join(', ')}` : 'NOTHING'}`;
}

/** JSON can say two things that PostgreSQL cannot store: NUL, and half a surrogate pair. Both become U+FFFD in a read model; the ledger keeps the bytes. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '$1\\ufffd');
}

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
