import { parseArgs } from 'node:util';
import type { Settings } from '../platform/config';
import { APP_OPTIONS, ProjectionsApi } from './projections-api';
import { commandLine, parkedWarning, projectionsTable } from './rebuild-summary';
import { UsageError } from './usage-error';

/** Shows every read model: which build is live, how far behind it is, and what is being done about it. */
export async function listProjections(args: string[], settings: Settings): Promise<void> {
  const { values } = parseArgs({ args, options: APP_OPTIONS });
  const api = await ProjectionsApi.open(values, settings);
  console.log(projectionsTable(await api.list()));
}

/** Puts a rebuild that is ready in the place of the live read model. */
export async function swapProjection(args: string[], settings: Settings): Promise<void> {
  const { api, name, id } = await open(args, settings, 2);
  await swap(api, name, id ?? (await rebuildOf(api, name)));
}

/** Ends a rebuild that is not live. */
export async function cancelRebuild(args: string[], settings: Settings): Promise<void> {
  const { api, name, id } = await open(args, settings, 2);
  const cancelled = await api.cancel(name, id ?? (await rebuildOf(api, name)));
  console.log(`Rebuild ${cancelled.id} of ${name} is cancelled. What is live has not changed.`);
}

/** Brings back the build that was live before. */
export async function rollBackProjection(args: string[], settings: Settings): Promise<void> {
  const { api, name } = await open(args, settings, 1);
  const { id, version } = await api.rollBack(name);
  console.log(`Build ${id} of ${name} is live again (version ${version}). To undo this, roll back once more.`);
}

/** Swaps, and says so. */
export async function swap(api: ProjectionsApi, name: string, id: string): Promise<void> {
  const { version, parkedStreams } = await api.swap(name, id);
  for (const warning of parkedWarning(parkedStreams)) console.log(warning);
  console.log(`Build ${id} of ${name} is live (version ${version}). The way back:\n  ${commandLine(api.app, 'rollback', name)}`);
}

/** @throws UsageError unless a projection is named, and no more than `most` words are given */
export function nameIn(positionals: string[], most: number): string {
  if (!positionals[0]) throw new UsageError('Which projection? `projections list` names them.');
  if (positionals.length > most) throw new UsageError(`What to do with "${positionals[most]}"?`);
  return positionals[0];
}

interface Call {
  api: ProjectionsApi;
  name: string;
  id: string | undefined;
}

async function open(args: string[], settings: Settings, most: number): Promise<Call> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: APP_OPTIONS });
  const name = nameIn(positionals, most);
  return { api: await ProjectionsApi.open(values, settings), name, id: positionals[1] };
}

async function rebuildOf(api: ProjectionsApi, name: string): Promise<string> {
  const projection = (await api.list()).find((one) => one.name === name);
  if (!projection) throw new Error(`not_found: There is no projection ${name}.`);
  if (!projection.rebuild) throw new Error(`No rebuild of ${name} is under way.`);
  return projection.rebuild.id;
}
