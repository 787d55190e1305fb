import { ConfigError, type Settings } from '../platform/config';
import { SettingsReader } from '../platform/settings-reader';
import type { Simulator, SimulatorOptions } from '../simulator';
import { SavedWorld } from './saved-world';
import { SimulatorOwner } from './simulator-owner';

/** The simulator that the app calls instead of Paddle. */
export interface LocalSimulator {
  url: string;
  /** What is worth telling about where it is. */
  note: string | null;
  /** From now on the app hears of what happens there. */
  connect(webhook: { url: string; secret: string }): void;
  stop(): Promise<void>;
}

const OWN_PADDLE = ['PADDLE_SANDBOX_API_KEY', 'PADDLE_SANDBOX_API_URL', 'PADDLE_API_KEY'];
const PORTS_TO_TRY = 10;

/** Whoever has a key or an address of Paddle's sandbox wants that one. */
export function wantsSimulator(settings: Settings): boolean {
  return !OWN_PADDLE.some((name) => settings[name]?.trim());
}

/**
 * Starts the simulator in this process, with the world that it had when it was stopped. Another app that runs on the same
 * data folder has started it already: that one is used, and goes on sending its webhooks to the other app.
 * @throws ConfigError when a setting makes no sense, or its port is taken
 */
export async function startLocalSimulator(settings: Settings, dataDir: string): Promise<LocalSimulator> {
  const { simulatorOptions } = await import('../simulator/index.js');
  const read = new SettingsReader(settings);
  const options = simulatorOptions(read);
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  const owner = new SimulatorOwner(dataDir);
  const other = await owner.take();
  if (other) return { url: other, note: 'of the app that runs already', connect: () => undefined, stop: () => Promise.resolve() };
  try {
    return await startOwn({ ...options, webhook: null }, { owner, dataDir, isPortGiven: read.has('SIMULATOR_PORT') });
  } catch (error) {
    owner.release();
    throw error;
  }
}

interface Place {
  owner: SimulatorOwner;
  dataDir: string;
  isPortGiven: boolean;
}

async function startOwn(options: SimulatorOptions, { owner, dataDir, isPortGiven }: Place): Promise<LocalSimulator> {
  const world = new SavedWorld(dataDir, owner);
  const simulator = await startWithWorld(options, world, isPortGiven);
  owner.publish(simulator.url);
  world.follow(simulator);
  const wanted = isPortGiven || new URL(simulator.url).port === String(options.port);
  return {
    url: simulator.url,
    note: wanted ? null : `port ${options.port} is taken`,
    connect: (webhook) => simulator.connect(webhook),
    async stop() {
      await simulator.stop();
      world.end(simulator);
      owner.release();
    },
  };
}

/** A world that is read well, but makes no sense to the simulator, is set aside too. */
async function startWithWorld(options: SimulatorOptions, world: SavedWorld, isPortGiven: boolean): Promise<Simulator> {
  const saved = world.read();
  try {
    return await startOnPort({ ...options, saved, awaitConnection: true, catalog: false }, isPortGiven);
  } catch (error) {
    if (!saved || error instanceof ConfigError) throw error;
    world.setAside(error);
    return startOnPort({ ...options, catalog: false }, isPortGiven);
  }
}

/** The port that was asked for; where none was, the next that is free. */
async function startOnPort(options: SimulatorOptions, isPortGiven: boolean, triesLeft = PORTS_TO_TRY): Promise<Simulator> {
  const { startSimulator } = await import('../simulator/index.js');
  try {
    return await startSimulator(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (isPortGiven || triesLeft === 0) throw new ConfigError([`SIMULATOR_PORT: port ${options.port} is taken`]);
    return startOnPort({ ...options, port: options.port + 1 }, isPortGiven, triesLeft - 1);
  }
}
