import { cpus } from 'node:os';
import { benchAccess } from './access';
import { BenchServer } from './bench-database';
import { benchCommands } from './commands';
import { benchHistory } from './history';
import { benchFreshness } from './freshness';
import { benchIngest } from './ingest';
import { benchRebuild } from './rebuild';

const BENCHES: Record<string, (server: BenchServer) => Promise<void>> = {
  ingest: benchIngest,
  freshness: benchFreshness,
  access: benchAccess,
  rebuild: benchRebuild,
  commands: benchCommands,
  history: benchHistory,
};

/** `npm run bench -- ingest access`: both sides of each comparison, in one run on one machine. */
async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) throw new Error(`There is no benchmark "${unknown[0]}": ${Object.keys(BENCHES).join(', ')}`);
  const server = await BenchServer.start();
  try {
    console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]!.model}, ${await server.describe()}`);
    for (const name of names.length > 0 ? names : Object.keys(BENCHES)) await BENCHES[name]!(server);
  } finally {
    await server.stop();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
