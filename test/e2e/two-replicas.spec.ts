import { Client } from 'pg';
import request from 'supertest';
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

it('hears of what admins change: grants, their end, and what is configured', async () => {
  const seen = async (user: string, wanted: string) => {
    const changed = performance.now();
    await until(async () => (await accessThere(user)) === wanted, `${user} has ${wanted}`);
    return performance.now() - changed;
  };
  const delays: number[] = [];
  for (let n = 0; n < 5; n++) {
    const user = `guest_${n}`;
    expect(await accessThere(user)).toBe('none');
    const { body } = await here.post('/paddle/sandbox/admin/grants', {
      userId: user,
      product: 'pro_x',
      until: null,
      reason: 'a guest',
    });
    delays.push(await seen(user, 'full'));
    await request(here.url)
      .delete(`/paddle/sandbox/admin/grants/${(body as { id: string }).id}`)
      .set('authorization', `Bearer ${await here.token('admin_1', ['admin'])}`)
      .send({ reason: 'it is late' })
      .expect(200);
    delays.push(await seen(user, 'none'));
  }
  const pauseStory = new Story({ label: 'idle', userId: 'idle', startAt: '2026-01-10T09:00:00Z' });
  await here.play(
    pauseStory
      .signup([{ price: SOLO_MONTHLY, quantity: 1 }])
      .pause()
      .take(),
  );
  for (const [version, paused, wanted] of [
    [0, 'read_only', 'read_only'],
    [1, 'none', 'none'],
  ] as const) {
    const products = [{ productId: SOLO_MONTHLY.product_id, access: { paused } }];
    expect((await here.post('/paddle/sandbox/config/products', { version, products })).status).toBe(200);
    delays.push(await seen('idle', wanted));
  }
  expect(delays.sort((a, b) => a - b)[6]).toBeLessThan(150);
  expect(delays.at(-1)).toBeLessThan(2_000);
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
