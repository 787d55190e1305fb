import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './create-app';
import type { LocalSimulator } from './local';
import { ConfigError, loadConfig, modeOf, readEnvironment, type Config, type Settings } from './platform/config';
import { DatabaseNotReady, prepareDatabase } from './platform/migrations';

interface Surroundings {
  settings: Settings;
  simulator: LocalSimulator | null;
  stop(): Promise<void>;
}

/** In production nothing is made up: whatever is missing stops the start. */
async function surroundingsFor(settings: Settings): Promise<Surroundings> {
  if (modeOf(settings) === 'production') return { settings, simulator: null, stop: () => Promise.resolve() };
  const { startLocalServices } = await import('./local/index.js');
  return startLocalServices(settings);
}

async function start(): Promise<void> {
  const surroundings = await surroundingsFor(readEnvironment());
  try {
    const config = loadConfig(surroundings.settings);
    await prepareDatabase(config.database);
    const app = await createApp({ config });
    await app.listen(config.http.port, config.http.host);
    stopOnSignal(app, surroundings);
    await announce(app, config, surroundings.simulator);
  } catch (error) {
    await surroundings.stop();
    throw error;
  }
}

/** Answers what is in flight, finishes the batch in hand, then goes. A second signal does not wait. */
function stopOnSignal(app: NestFastifyApplication, surroundings: Surroundings): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    await app.close();
    await surroundings.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void stop().catch((error) => fail(error)));
  }
}

/** Tells whoever looks at the terminal, and the simulator, where the app is. */
async function announce(app: NestFastifyApplication, config: Config, simulator: LocalSimulator | null): Promise<void> {
  const address = (await app.getUrl()).replace('[::1]', 'localhost');
  const [secret] = config.paddle.webhookSecrets.sandbox;
  if (secret) simulator?.connect({ url: `${address}/webhook`, secret });
  const seconds = process.uptime().toFixed(1);
  const places = { API: address, Docs: `${address}/docs`, ...(simulator && { Simulator: placeOf(simulator) }) };
  const width = Math.max(...Object.keys(places).map(({ length }) => length));
  const rows = Object.entries(places).map(([name, place]) => `  ${name.padEnd(width)}  ${place}`);
  const lines = [`Oarlock is up after ${seconds} s.`, '', ...rows];
  if (config.mode === 'local') {
    const { firstSteps } = await import('./local/first-steps.js');
    lines.push('', ...firstSteps(address, simulator?.url ?? null));
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function placeOf({ url, note }: LocalSimulator): string {
  return note ? `${url} (${note})` : url;
}

function fail(error: unknown): never {
  const expected = error instanceof ConfigError || error instanceof DatabaseNotReady;
  process.stderr.write(`${expected ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
}

void start().catch(fail);
