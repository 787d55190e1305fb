import type { Database, Queryable } from '../platform/database';
import { insertBuild, openBuilds, type Build } from './builds';
import type { AnyProjection } from './projection';
import { createIndexes, createTable, dropOrphans, pointView, tableOf } from './read-model-store';

/** Any constant will do; it keeps two starting processes from making the same table at once. */
const PREPARE_LOCK = 7_160_002;

/** What to do when the live build was made by an older version of a projection. */
export type UpgradePolicy = 'auto' | 'manual';

/** Makes what the projections need where it does not exist yet, and starts the rebuilds that newer versions call for. */
export async function prepareReadModels(
  projections: AnyProjection[],
  shardIds: number[],
  policy: UpgradePolicy,
  database: Database,
): Promise<void> {
  await database.transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PREPARE_LOCK]);
    const open = await openBuilds(client);
    for (const projection of projections) {
      const builds = open.filter((build) => build.projection === projection.name);
      const live = builds.find(({ state }) => state === 'live');
      if (!live) open.push(await makeFirstBuild(projection, shardIds, client));
      else if (live.version >= projection.version) await pointView({ projection, build: live.build }, client);
      else open.push(...(await upgrade(projection, live, builds, shardIds, policy, client)));
    }
    const claimed = open.map(({ projection, build }) => tableOf({ projection: { name: projection }, build }));
    await dropOrphans(projections, new Set(claimed), client);
  });
}

async function makeFirstBuild(projection: AnyProjection, shardIds: number[], on: Queryable): Promise<Build> {
  const build = await insertBuild(projection, { state: 'live', mode: 'initial', requestedBy: 'start' }, shardIds, on);
  const target = { projection, build: build.build };
  await createTable(target, on);
  await createIndexes(target, on);
  await pointView(target, on);
  return build;
}

/** Not when an admin has gone back from this version, and never two rebuilds at once. */
async function upgrade(
  projection: AnyProjection,
  live: Build,
  builds: Build[],
  shardIds: number[],
  policy: UpgradePolicy,
  on: Queryable,
): Promise<Build[]> {
  await pointView({ projection, build: live.build }, on);
  const refused = builds.some(({ version, rolledBackAt }) => version === projection.version && rolledBackAt !== null);
  const underway = builds.some(({ state }) => state === 'running' || state === 'ready');
  if (policy === 'manual' || refused || underway) return [];
  const build = await insertBuild(projection, { state: 'running', mode: 'swap', requestedBy: 'upgrade' }, shardIds, on);
  await createTable({ projection, build: build.build }, on);
  return [build];
}
