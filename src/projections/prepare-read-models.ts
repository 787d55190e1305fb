import type { Database } from '../platform/database';
import { ensureCheckpoints } from './checkpoints';
import type { AnyProjection } from './projection';
import { ensureReadModel } from './read-model-store';

/** Any constant will do; it keeps two starting processes from making the same table at once. */
const PREPARE_LOCK = 7_160_002;

/** Makes the tables and checkpoints that the projections need, where they do not exist yet. */
export async function prepareReadModels(projections: AnyProjection[], shardIds: number[], database: Database): Promise<void> {
  await database.transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PREPARE_LOCK]);
    for (const projection of projections) await ensureReadModel(projection, client);
    await ensureCheckpoints(projections, shardIds, client);
  });
}
