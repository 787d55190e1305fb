import { readEnvironment } from '../platform/config';
import { Interrupted } from './interrupt';
import { cancelRebuild, listProjections, rollBackProjection, swapProjection } from './projections';
import { rebuildProjection } from './rebuild-projection';
import { simAdvance, simClock, simReset, simScenario, simState } from './sim';
import { simFaults } from './sim-faults';
import { token } from './token';
import { UsageError } from './usage-error';
import { webhooksSend } from './webhooks-send';

type Command = (args: string[], settings: ReturnType<typeof readEnvironment>) => Promise<void>;

const APP = '[--to URL] [--token JWT]';
const SIMULATOR = '[--simulator URL]';

const COMMANDS: Record<string, { run: Command; help: string }> = {
  'webhooks send': { run: webhooksSend, help: '<file or folder>… [--to URL] [--secret S] [--shuffle] [--repeat N]' },
  token: { run: token, help: '--user ID [--role admin]… [--expires 12h]' },
  'projections list': { run: listProjections, help: APP },
  'projections rebuild': { run: rebuildProjection, help: `<name> [--preview] [--yes] ${APP}` },
  'projections swap': { run: swapProjection, help: `<name> [id] ${APP}` },
  'projections cancel': { run: cancelRebuild, help: `<name> [id] ${APP}` },
  'projections rollback': { run: rollBackProjection, help: `<name> ${APP}` },
  'projections whatif': {
    run: async (args, settings) => (await import('./what-if.js')).whatIf(args, settings), // half of the app: only when wanted
    help: '<name> [--user ID] [--until POSITION|TIME]',
  },
  migrate: { run: async (args, settings) => (await import('./migrate.js')).migrate(args, settings), help: '' },
  'sim scenario': { run: simScenario, help: `<name> [--user ID] [--price ID] [--quantity N] ${SIMULATOR}` },
  'sim advance': { run: simAdvance, help: `<1day | 1month | P1M …> ${SIMULATOR}` },
  'sim state': { run: simState, help: SIMULATOR },
  'sim clock': { run: simClock, help: `[freeze | follow | set <time>] ${SIMULATOR}` },
  'sim faults': {
    run: simFaults,
    help: `[--webhooks duplicate=0.1,reorder=0.2] [--api timeoutAfter=1] [--times N] [--off] ${SIMULATOR}`,
  },
  'sim reset': { run: simReset, help: `[--seed S] ${SIMULATOR}` },
};

async function main(argv: string[]): Promise<void> {
  const name = [argv.slice(0, 2).join(' '), argv[0] ?? ''].find((candidate) => Object.hasOwn(COMMANDS, candidate));
  if (!name) throw new UsageError(argv.length === 0 ? 'Which command?' : `There is no command "${argv.join(' ')}".`);
  await COMMANDS[name]!.run(argv.slice(name.split(' ').length), readEnvironment());
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, { help }]) => `  npm run oarlock -- ${name} ${help}`.trimEnd());
  return ['Usage:', ...lines].join('\n');
}

main(process.argv.slice(2)).catch((error: Error & { code?: string }) => {
  const badCall = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(badCall ? `${error.message}\n\n${usage()}` : error.message);
  process.exitCode = badCall ? 2 : error instanceof Interrupted ? error.exitCode : 1;
});
