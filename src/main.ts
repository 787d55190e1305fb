import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './create-app';
import { ConfigError, loadConfig, modeOf, readEnvironment, type Config, type Settings } from './platform/config';
import { DatabaseNotReady, prepareDatabase } from './platform/migrations';

interface Surroundings {
  settings: Settings;
  stop(): Promise<void>;
}

/** In production nothing is made up: whatever is missing stops the start. */
async function surroundingsFor(settings: Settings): Promise<Surroundings> {
  if (modeOf(settings) === 'production') return { settings, stop: () => Promise.resolve() };
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
    await announce(app, config);
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

async function announce(app: NestFastifyApplication, config: Config): Promise<void> {
  const address = (await app.getUrl()).replace('[::1]', 'localhost');
  const seconds = process.uptime().toFixed(1);
  const lines = [`Oarlock is up after ${seconds} s.`, '', `  API   ${address}`, `  Docs  ${address}/docs`];
  if (config.mode === 'local') {
    const { firstSteps } = await import('./local/first-steps.js');
    lines.push('', ...firstSteps(address));
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function fail(error: unknown): never {
  const expected = error instanceof ConfigError || error instanceof DatabaseNotReady;
  process.stderr.write(`${expected ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
}

void start().catch(fail);
