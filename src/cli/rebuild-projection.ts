import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Settings } from '../platform/config';
import { followRebuild } from './follow-rebuild';
import { untilInterrupted } from './interrupt';
import { formatCount, formatDuration } from './progress-bar';
import { ProgressDisplay } from './progress-display';
import { nameIn, swap } from './projections';
import { APP_OPTIONS, ProjectionsApi, type Rebuild } from './projections-api';
import { commandLine, rebuildSummary, waysOn } from './rebuild-summary';
import { UsageError } from './usage-error';

const OPTIONS = {
  ...APP_OPTIONS,
  preview: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const;

/**
 * Has the service build a read model anew, follows it, shows what its swap changes, and swaps when that is wanted.
 * The work is the service's: whatever happens here, nothing is left half-done.
 */
export async function rebuildProjection(args: string[], settings: Settings): Promise<void> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const name = nameIn(positionals, 1);
  if (values.preview && values.yes) throw new UsageError('--preview stops before the swap and --yes makes it: give one of them.');
  const api = await ProjectionsApi.open(values, settings);
  const rebuild = await startAndFollow(api, name);
  if (rebuild.state !== 'ready') return sayHowItEnded(rebuild);
  console.log(rebuildSummary(rebuild, api.app));
  const ways = waysOn(api.app, name, rebuild.id);
  if (values.yes && rebuild.parkedStreams > 0) {
    throw new Error(`Not swapped: it could not fold everything, which --yes does not cover. Decide about it:\n${ways}`);
  }
  if (values.yes) return swap(api, name, rebuild.id);
  if (values.preview) return console.log(`Nothing has changed yet. To go on, or not:\n${ways}`);
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Error(`Not swapped, as there is no terminal to ask on: give --yes, or decide about what is ready now:\n${ways}`);
  }
  const agreed = await untilInterrupted(
    (signal) => isAgreed('Swap? [y/N] ', signal),
    () => `Not swapped. The rebuild stays ready:\n${ways}`,
  );
  if (agreed) return swap(api, name, rebuild.id);
  console.log(`Not swapped. The rebuild stays ready:\n${ways}`);
}

/** Ctrl-C is heeded when the service has said which rebuild it is: it would go on unnamed otherwise. */
async function startAndFollow(api: ProjectionsApi, name: string): Promise<Rebuild> {
  const display = new ProgressDisplay(process.stderr);
  let id = '';
  const goesOn = () =>
    [
      'No longer followed. The rebuild goes on in the service; to look at it, or to end it:',
      `  ${commandLine(api.app, 'list')}`,
      `  ${commandLine(api.app, 'cancel', name, id)}`,
    ].join('\n');
  return untilInterrupted(async (signal) => {
    const startedAt = performance.now();
    id = await api.start(name, 'preview');
    console.error(`Rebuild ${id} of ${name}:`);
    const rebuild = await followRebuild(api, { name, id }, display, signal);
    const took = formatDuration((performance.now() - startedAt) / 1000);
    if (rebuild.state === 'ready') console.error(`${formatCount(rebuild.processed)} events in ${took}.`);
    return rebuild;
  }, goesOn);
}

/** Somebody else has decided about it meanwhile, or it has failed. */
function sayHowItEnded({ id, projection, state, error }: Rebuild): void {
  if (state === 'live') return console.log(`Rebuild ${id} of ${projection} is live already: somebody else has swapped it.`);
  throw new Error(`Rebuild ${id} of ${projection} is ${state}${error ? `: ${error}` : '.'}`);
}

/** The end of the input, Ctrl-D, is a no. */
async function isAgreed(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once('SIGINT', () => process.emit('SIGINT'));
  const closed = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)));
  try {
    const answer = await Promise.race([terminal.question(question, { signal }), closed]);
    if (answer === null) process.stderr.write('\n');
    return /^\s*y(es)?\s*$/i.test(answer ?? '');
  } finally {
    terminal.close();
  }
}
