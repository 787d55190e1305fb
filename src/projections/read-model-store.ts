import type { Queryable } from '../platform/database';
import type { Rows } from './fold';
import type { AnyProjection } from './projection';

export const SCHEMA = 'read_models';

/** `read_models.subscriptions`: what readers read, whichever version is live. */
function liveView(projection: AnyProjection): string {
  return `${SCHEMA}.${projection.name}`;
}

/** `read_models.subscriptions_v1`: what this version of the projection writes. */
function versionTable(projection: AnyProjection): string {
  return `${SCHEMA}.${projection.name}_v${projection.version}`;
}

/** Makes the table, its indexes and the view that readers use, where they do not exist yet. */
export async function ensureReadModel(projection: AnyProjection, on: Queryable): Promise<void> {
  const { columns, key, indexes } = projection.table;
  const table = versionTable(projection);
  const definitions = Object.entries(columns).map(([name, type]) => `${snakeCase(name)} ${type}`);
  await on.query(
    `CREATE TABLE IF NOT EXISTS ${table} (shard_id smallint NOT NULL, ${definitions.join(', ')}, PRIMARY KEY (shard_id, ${snakeCase(key)}))`,
  );
  for (const index of indexes) {
    const names = index.map(snakeCase);
    await on.query(
      `CREATE INDEX IF NOT EXISTS ${projection.name}_v${projection.version}_${names.join('_')} ON ${table} (shard_id, ${names.join(', ')})`,
    );
  }
  const { rows } = await on.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [liveView(projection)]);
  if (!rows[0]!.found) await on.query(`CREATE VIEW ${liveView(projection)} AS SELECT * FROM ${table}`);
}

/** The rows of these keys, by key. */
export async function loadRows(
  projection: AnyProjection,
  shardId: number,
  keys: string[],
  on: Queryable,
): Promise<Map<string, Record<string, unknown>>> {
  const { columns, key } = projection.table;
  const selected = Object.keys(columns).map((name) => `${snakeCase(name)} AS "${name}"`);
  const { rows } = await on.query<Record<string, unknown>>({
    name: `load-${projection.name}-${projection.version}`,
    text: `SELECT ${selected.join(', ')} FROM ${versionTable(projection)} WHERE shard_id = $1 AND ${snakeCase(key)} = ANY($2)`,
    values: [shardId, keys],
  });
  return new Map(rows.map((row) => [row[key] as string, row]));
}

/** Writes changed rows with one statement, removed ones with another. */
export async function saveRows(projection: AnyProjection, shardId: number, changed: Rows, on: Queryable): Promise<void> {
  const kept = [...changed.values()].filter((row) => row !== null);
  const removed = [...changed.keys()].filter((key) => changed.get(key) === null);
  const { key } = projection.table;
  if (kept.length > 0) {
    await on.query({
      name: `save-${projection.name}-${projection.version}`,
      text: upsertStatement(projection),
      values: [shardId, storableJson(kept)],
    });
  }
  if (removed.length > 0) {
    await on.query(`DELETE FROM ${versionTable(projection)} WHERE shard_id = $1 AND ${snakeCase(key)} = ANY($2)`, [
      shardId,
      removed,
    ]);
  }
}

function upsertStatement(projection: AnyProjection): string {
  const { columns, key } = projection.table;
  const names = Object.keys(columns);
  const record = names.map((name) => `"${name}" ${columns[name]}`);
  const updates = names.filter((name) => name !== key).map((name) => `${snakeCase(name)} = excluded.${snakeCase(name)}`);
  return `INSERT INTO ${versionTable(projection)} (shard_id, ${names.map(snakeCase).join(', ')})
    SELECT $1, ${names.map((name) => `"${name}"`).join(', ')} FROM json_to_recordset($2::json) AS r(${record.join(', ')})
    ON CONFLICT (shard_id, ${snakeCase(key)}) DO UPDATE SET ${updates.join(', ')}`;
}

/** JSON can say two things that PostgreSQL cannot store: NUL, and half a surrogate pair. Both become U+FFFD in a read model; the ledger keeps the bytes. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '$1\\ufffd');
}

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
