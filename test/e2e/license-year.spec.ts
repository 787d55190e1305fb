import { LicenseShop } from '../support/license-shop';
import { scaled } from '../support/scale';
import { seededRandom } from '../support/seeded-random';
import { Shop } from '../support/shop';
import { TestApp } from '../support/test-app';

let shop: Shop;
let seats: LicenseShop;

beforeAll(async () => {
  shop = await Shop.open({ seed: 'license year' });
  seats = await LicenseShop.of(shop);
});
afterAll(async () => {
  await shop.simulator.stop();
  await TestApp.closeAll();
});

const WEEKS = scaled({ suite: 3, soak: 52 });
const MOST_SEATS = 5;

it('goes through seat changes, pauses, ends and comings back as the provider has them: never more seats are used than there are', async () => {
  const random = seededRandom(11);
  const any = (count: number) => Math.floor(random() * count);
  await seats.configure({ whenReduced: 'suspend_newest' });
  const owners = [await seats.team(2), await seats.team(3), await seats.team(1)];
  const subscriptionOf = new Map(owners.map(({ userId, subscriptionId }) => [userId, subscriptionId]));

  for (let week = 0; week < WEEKS; week++) {
    for (const { userId } of owners) {
      await change(userId);
      for (let n = 0; n < 3; n++) await seats.save(userId, `e_${any(8)}`);
      const { data } = await seats.list(userId, '?status=active');
      const [one] = data;
      if (one && any(3) === 0) await seats.update(userId, { licenseId: one.id, release: true });
    }
    await shop.pass('P7D');
    await seats.reacted();
    for (const { userId } of owners) await standsUp(userId);
  }

  /** As the seller or the user might, this week. */
  async function change(userId: string): Promise<void> {
    const subscriptionId = subscriptionOf.get(userId)!;
    const { status } = await shop.subscription(subscriptionId);
    const now = { subscriptionId, effectiveFrom: 'immediately' };
    const dice = any(16);
    if (status === 'canceled') subscriptionOf.set(userId, (await seats.team(1 + any(MOST_SEATS), userId)).subscriptionId);
    else if (status === 'paused') await shop.post('/subscriptions/resume', { subscriptionId }, userId);
    else if (dice < 4) await shop.post('/subscriptions/pause', now, userId);
    else if (dice < 7) await shop.post('/subscriptions/cancel', now, userId);
    else
      await shop.post(
        '/subscriptions/update',
        { subscriptionId, priceId: seats.prices.team, quantity: 1 + any(MOST_SEATS) },
        userId,
      );
  }

  /** What the licenses say, against what the provider's own world grants. */
  async function standsUp(userId: string): Promise<void> {
    const { data, pools } = await seats.list(userId, '?limit=200');
    const { status, items } = await shop.subscription(subscriptionOf.get(userId)!);
    const granted = status === 'canceled' ? 0 : items.reduce((sum, { quantity }) => sum + quantity, 0);
    const pool = pools.find(({ source }) => source.id === subscriptionOf.get(userId));
    expect([pool?.total ?? 0, pool?.state ?? 'lapsed']).toEqual([granted, STATES[status]]);
    for (const { used, total, overAllocated, source, state } of pools) {
      expect(overAllocated).toBe(used > total);
      const active = data.filter((license) => license.source.id === source.id && license.status === 'active');
      expect(active.length).toBeLessThanOrEqual(state === 'granting' ? total : 0);
    }
    for (const { entityId, status: is } of data) {
      const { code } = await seats.check(userId, entityId);
      const held = data.filter((license) => license.entityId === entityId && license.status === 'active');
      expect([is, code === 'valid']).toEqual([is, held.length > 0]);
    }
  }
}, 900_000);

const STATES: Record<string, string> = { active: 'granting', trialing: 'granting', paused: 'suspended', canceled: 'lapsed' };
