import { startSimulator } from '../../../src/simulator';

/** A simulated Paddle in a process of its own, so that its work is not counted as ours. */
async function main(): Promise<void> {
  const simulator = await startSimulator({ port: 0, seed: 'bench', requestsPerMinute: Infinity, catalog: false });
  process.on('message', (webhook: { url: string; secret: string }) => simulator.connect(webhook));
  process.on('SIGTERM', () => void simulator.stop().then(() => process.exit(0)));
  console.log(`API ${simulator.url}`);
}

void main();
