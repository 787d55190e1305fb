import { readEnvironment } from '../platform/config';
import { SettingsReader } from '../platform/settings-reader';
import { startSimulator, type Simulator, type SimulatorOptions } from './server';
import { simulatorOptions } from './settings';

/** A key of the form that Paddle's have; where none is set, every such key is good. */
const SOME_KEY = `pdl_sdbx_apikey_${'0'.repeat(26)}_${'0'.repeat(22)}_000`;

async function start(): Promise<void> {
  const read = new SettingsReader(readEnvironment());
  const options = simulatorOptions(read);
  if (read.problems.length > 0) {
    const list = read.problems.map((problem) => `  - ${problem}`);
    throw new Error(`The simulator cannot start. Mend these settings:\n${list.join('\n')}`);
  }
  const simulator = await startSimulator(options);
  stopOnSignal(simulator);
  announce(simulator, options);
}

function announce({ url }: Simulator, { apiKey, webhook, clock, seed }: SimulatorOptions): void {
  const key = apiKey ?? SOME_KEY;
  const lines = [
    'A local Paddle is up.',
    '',
    `  Page     ${url}`,
    `  API key  ${apiKey ? 'the one of SIMULATOR_API_KEY' : 'any of the form pdl_sdbx_apikey_<26>_<22>_<3>'}`,
    `  Events   ${webhook ? `to ${webhook.url}` : 'to nobody; set SIMULATOR_WEBHOOK_URL and SIMULATOR_WEBHOOK_SECRET'}`,
    `  Clock    ${clock?.mode === 'frozen' ? `stands still at ${clock.at}` : 'follows the real time'}`,
    `  Seed     ${seed}`,
    '',
    'Ask it, as you would ask Paddle, and let somebody sign up:',
    '',
    `  curl -H "Authorization: Bearer ${apiKey ? '$SIMULATOR_API_KEY' : key}" ${url}/subscriptions`,
    `  curl -X POST ${url}/_control/scenarios/signup`,
    '',
    'Ctrl-C stops it; nothing is kept.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** It keeps nothing, so there is nothing to wait for. */
function stopOnSignal(simulator: Simulator): void {
  const stop = () => void simulator.stop().finally(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
}

start().catch((error: NodeJS.ErrnoException & { port?: number }) => {
  const { code, port, message } = error;
  process.stderr.write(`${code === 'EADDRINUSE' ? `SIMULATOR_PORT: port ${port} is taken. Set another.` : message}\n`);
  process.exit(1);
});
