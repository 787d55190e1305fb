import { BenchServer } from './bench-database';
import { paddleBodies, signedByPaddle, signedByStripe } from './bodies';
import { measureFreshness, printFreshness } from './freshness';
import { sendAll } from './load';
import { startOarlock } from './oarlock-server';
import { interleaved, median, printRatios, printSides } from './report';
import { ServerProcess } from './server-process';

const ROUNDS = 5;
const WEBHOOKS_A_ROUND = 9_600;

/** Signed webhooks over HTTP until they are durable. */
export async function benchIngest(server: BenchServer): Promise<void> {
  const oarlock = await startOarlock(await server.createOarlockDatabase('bench_oarlock'));
  const bare = await ServerProcess.start('test/bench/servers/bare-ingest.ts', {
    DATABASE_URL: await server.createDatabase('bench_bare'),
  });
  await server.ensureRole('postgres');
  const stripe = await ServerProcess.start('test/bench/servers/stripe-sync.ts', {
    DATABASE_URL: await server.createDatabase('bench_stripe'),
  });
  try {
    const sides = await interleaved(ROUNDS + 1, {
      oarlock: (round) => sendAll(oarlock.url, signedByPaddle(paddleBodies(WEBHOOKS_A_ROUND, `round ${round}`))),
      'bare batched insert': (round) => sendAll(bare.url, signedByPaddle(paddleBodies(WEBHOOKS_A_ROUND, `round ${round}`))),
      'stripe-sync-engine': (round) =>
        sendAll(stripe.url, signedByStripe(paddleBodies(WEBHOOKS_A_ROUND / 3, 'like'), `round_${round}`)),
    });
    for (const values of Object.values(sides)) values.shift(); // the first round warms up
    const bodies = paddleBodies(500, 'size').map((body) => body.length);
    printSides(
      `Signed webhooks until durable, 64 connections, bodies of ${Math.min(...bodies)} to ${Math.max(...bodies)} bytes`,
      sides,
    );
    const ours = median(sides.oarlock);
    printRatios([
      { what: 'against @supabase/stripe-sync-engine', ours, theirs: median(sides['stripe-sync-engine']), target: 3 },
      { what: 'against a bare handler that checks nothing', ours, theirs: median(sides['bare batched insert']), target: 0.7 },
    ]);
    console.log('\nWebhook acknowledged until the access answer changed, at half of that load');
    printFreshness('in the process that took it', await measureFreshness(oarlock.url, ours / 2));
  } finally {
    await Promise.all([oarlock.stop(), bare.stop(), stripe.stop()]);
  }
}
