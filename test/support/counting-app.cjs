// The built app with one more projection, which counts: an event that is folded twice, or not at all, shows.
// SLOW_MICROS makes each fold of subscriptions take that long, so that a rebuild can be met in the middle.
'use strict';
const { createApp } = require('../../dist/create-app');
const { loadConfig, readEnvironment } = require('../../dist/platform/config');
const { PROJECTIONS } = require('../../dist/read-models');

const slowMicros = BigInt(process.env.SLOW_MICROS || '0');

function spin() {
  const end = process.hrtime.bigint() + slowMicros * 1000n;
  while (process.hrtime.bigint() < end);
}

const slow = (projection) => ({
  ...projection,
  evolve(row, fact, key) {
    spin();
    return projection.evolve(row, fact, key);
  },
});

const counting = {
  name: 'counting',
  version: 1,
  table: { key: 'eventId', columns: { eventId: 'text', folded: 'integer' }, indexes: [] },
  handles: ['customer_observed', 'subscription_observed', 'transaction_observed'],
  keysOf: (fact) => [fact.eventId],
  evolve: (row, fact) => ({ eventId: fact.eventId, folded: (row ? row.folded : 0) + 1 }),
};

async function main() {
  const projections = PROJECTIONS.map((one) => (one.name === 'subscriptions' ? slow(one) : one));
  const app = await createApp({ config: loadConfig(readEnvironment()), projections: [...projections, counting] });
  await app.listen(0, '127.0.0.1');
  process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
  process.stdout.write(`API ${await app.getUrl()}\n`);
}

void main();
