import { isDeepStrictEqual, parseArgs } from 'node:util';
import { LedgerReader, ShardMap } from '../ledger';
import { loadConfig, modeOf, type Settings } from '../platform/config';
import { Database } from '../platform/database';
import { parseInstant } from '../platform/instant';
import { createLogger } from '../platform/logger';
import { ProjectionRegistry, WhatIfReplay, type WhatIf, type WhatIfScope } from '../projections';
import { PROJECTIONS, translatorFor } from '../read-models';
import { UsageError } from './usage-error';

const MOST_SHOWN = 20;

/** Folds real history in memory with the code at hand, and prints what it would make otherwise. Writes nothing. */
export async function whatIf(args: string[], given: Settings): Promise<void> {
  const options = { user: { type: 'string' }, until: { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options });
  const projection = PROJECTIONS.find(({ name }) => name === positionals[0]);
  if (!projection) throw new UsageError(`Which projection? One of ${PROJECTIONS.map(({ name }) => name).join(', ')}.`);
  const scope: WhatIfScope = { userId: values.user, ...untilOf(values.until) };
  const surroundings =
    modeOf(given) === 'production' ? null : await (await import('../local/index.js')).startLocalServices(given);
  const config = loadConfig(surroundings?.settings ?? given);
  const database = new Database(config.database.url, createLogger('silent'));
  try {
    const shards = new ShardMap(config.ledger.shardsPerEnvironment);
    const registry = new ProjectionRegistry(PROJECTIONS, translatorFor(config.paddle));
    const replay = new WhatIfReplay(database, new LedgerReader(database, shards), registry, shards);
    print(await replay.replay(projection, scope));
  } finally {
    await database.close();
    await surroundings?.stop();
  }
}

function untilOf(text: string | undefined): Pick<WhatIfScope, 'position' | 'time'> {
  if (text === undefined) return {};
  if (/^\d{1,15}$/.test(text)) return { position: Number(text) };
  const time = parseInstant(text);
  if (!time) throw new UsageError('--until takes a position (42) or a time (2026-01-31T00:00:00Z).');
  return { time };
}

function print({ events, rows, differences, stuck }: WhatIf): void {
  const differ = differences.length === 1 ? '1 differs' : `${differences.length} differ`;
  console.log(`${events} events fold into ${rows === 1 ? '1 row' : `${rows} rows`}; ${differ} from what is live.`);
  for (const { shardId, key, live, folded } of differences.slice(0, MOST_SHOWN)) {
    console.log(`\n${key} (shard ${shardId})`);
    for (const [path, before, after] of changedParts(live, folded)) console.log(`  ${path}: ${shown(before)} -> ${shown(after)}`);
  }
  if (differences.length > MOST_SHOWN) console.log(`\n… and ${differences.length - MOST_SHOWN} more.`);
  for (const { streamId, position, failure } of stuck) {
    console.log(`\nCannot fold ${streamId} from position ${position} on: ${failure.name}: ${failure.message}`);
  }
}

type Part = [path: string, before: unknown, after: unknown];

/** What differs, as deep down as both sides have objects. */
function changedParts(before: unknown, after: unknown, path = ''): Part[] {
  if (!isObject(before) || !isObject(after)) return isDeepStrictEqual(before, after) ? [] : [[path || 'row', before, after]];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => changedParts(before[field] ?? null, after[field] ?? null, path ? `${path}.${field}` : field));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === null ? 'nothing' : JSON.stringify(value);
}
