import { LedgerReader, ShardMap } from '../../src/ledger';
import { Database } from '../../src/platform/database';
import type { Instant } from '../../src/platform/instant';
import { createLogger } from '../../src/platform/logger';
import { ProjectionRegistry, WhatIfReplay, type WhatIfScope } from '../../src/projections';
import { translatorFor } from '../../src/read-models';
import { SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story } from '../support/paddle/story';
import { plantedProjections } from '../support/planted';
import { TestApp } from '../support/test-app';

const BUYERS = 6;
let app: TestApp;
let database: Database;
let subscriptionIds: string[];

/** A ledger folded by version 1, which reads a pause as active. The first two buyers have paused. */
beforeAll(async () => {
  app = await TestApp.start({ projections: plantedProjections(1) });
  const stories = Array.from({ length: BUYERS }, (_, buyer) => {
    const story = new Story({ label: `buyer ${buyer}`, userId: `user_${buyer}`, startAt: '2026-01-10T09:30:00Z' });
    story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]);
    if (buyer < 2) story.goTo('2026-01-12T09:00:00Z').pause();
    return story;
  });
  subscriptionIds = stories.map((story) => story.subscriptionId);
  await app.play(stories.flatMap((story) => story.take()));
  database = new Database(app.database.url, createLogger('silent'));
});
afterAll(async () => {
  await database.close();
  await TestApp.closeAll();
});

/** What version 2 would make of it. */
async function whatIf(scope: WhatIfScope = {}) {
  const shards = new ShardMap(Number(process.env.TEST_LEDGER_SHARDS ?? '1'));
  const projections = plantedProjections(2);
  const registry = new ProjectionRegistry(projections, translatorFor({ userIdKey: 'user_id' }));
  const replay = new WhatIfReplay(database, new LedgerReader(database, shards), registry, shards);
  return replay.replay(projections[1]!, scope);
}

it('names exactly the rows that the code at hand would make otherwise', async () => {
  const { rows, differences, stuck } = await whatIf();
  expect([rows, stuck]).toEqual([BUYERS, []]);
  expect(differences.map(({ key }) => key).sort()).toEqual(subscriptionIds.slice(0, 2).sort());
  expect(differences[0]).toMatchObject({ live: { snapshot: { status: 'active' } }, folded: { snapshot: { status: 'paused' } } });
});

it('looks at one user only', async () => {
  expect((await whatIf({ userId: 'user_0' })).differences.map(({ key }) => key)).toEqual([subscriptionIds[0]]);
  expect(await whatIf({ userId: 'user_5' })).toMatchObject({ rows: 1, differences: [] });
  expect(await whatIf({ userId: 'nobody' })).toMatchObject({ events: 0, differences: [] });
});

it('stops at a time', async () => {
  const { differences } = await whatIf({ userId: 'user_0', time: '2026-01-11T00:00:00.000000Z' as Instant });
  expect(differences).toMatchObject([{ key: subscriptionIds[0], folded: { snapshot: { status: 'active' } } }]); // before the pause
});
