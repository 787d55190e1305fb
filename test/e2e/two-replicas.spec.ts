import { Client } from 'pg';
import { SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story } from '../support/paddle/story';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

/** What somebody does at one replica is seen at the other, which remembers older answers. */
let here: TestApp;
let there: TestApp;

beforeAll(async () => {
  here = await TestApp.start();
  there = await TestApp.start({ database: here.database, clock: here.clock });
});
afterAll(() => TestApp.closeAll());

async function accessThere(user: string): Promise<string> {
  const { body } = await there.get('/products/access', user);
  return (body as { products: { access: string }[] }).products[0]?.access ?? 'none';
}

/** @returns how long the other replica answered from before a purchase that this one has acknowledged, in ms */
async function delayOfPurchase(user: string, meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<number> {
  const story = new Story({ label: user, userId: user, startAt: '2026-01-10T09:00:00Z' });
  const events = story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]).take();
  expect(await accessThere(user)).toBe('none');
  await here.send(events.find(({ event_type: type }) => type === 'subscription.created')!).expect(200);
  const acknowledged = performance.now();
  const isThere = async () => (await meanwhile(), (await accessThere(user)) === 'full');
  await until(isThere, `${user} was let in`);
  return performance.now() - acknowledged;
}

it('hears of a purchase within 150 ms as a rule', async () => {
  const delays: number[] = [];
  for (let n = 0; n < 30; n++) delays.push(await delayOfPurchase(`quick_${n}`));
  expect(delays.sort((a, b) => a - b)[15]).toBeLessThan(150);
});

it('hears of it within two seconds when no hint ever gets through', async () => {
  const owner = new Client(here.database.ownerUrl);
  await owner.connect();
  try {
    const deafen = () =>
      owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'oarlock listener'`);
    for (let n = 0; n < 5; n++) expect(await delayOfPurchase(`deaf_${n}`, deafen)).toBeLessThan(2_000);
  } finally {
    await owner.end();
  }
});
