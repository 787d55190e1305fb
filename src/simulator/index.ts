export type { ClockMode, SavedEngine } from './engine';
export { DEFAULT_SEED, startSimulator, type Simulator, type SimulatorOptions } from './server';
export { DEFAULT_PORT, simulatorOptions } from './settings';
