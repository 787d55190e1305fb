import { Client } from 'pg';
import request from 'supertest';
import { SOLO } from '../support/paddle/catalog';
import { recordedStories } from '../support/paddle/stories';
import { TestApp } from '../support/test-app';

let app: TestApp;
const STORIES = recordedStories();
const SIGNUP = STORIES.signup!;
const CHECKOUT = SIGNUP[0]!.data.id as string;

beforeEach(async () => {
  app = await TestApp.start();
});
afterEach(() => TestApp.closeAll());

async function getAtLeast(position: string, path = '/products/access', on = app) {
  return request(on.url)
    .get(path)
    .set({ authorization: `Bearer ${await app.token('user_1')}`, 'ledger-min-position': position });
}

/** What the ledger has now, as a position that answers carry. */
async function headPosition(): Promise<string> {
  await app.caughtUp();
  return (await app.get('/sync/status')).headers['ledger-position']!;
}

it('answers at least as new as asked, in every process', async () => {
  const second = await TestApp.start({ database: app.database, clock: app.clock });
  for (const event of SIGNUP) await app.send(event).expect(200);
  const position = await headPosition();
  for (const on of [app, second]) {
    const { status, body, headers } = await getAtLeast(position, '/products/access', on);
    expect({ status, access: body.products[0].access }).toEqual({ status: 200, access: 'full' });
    expect(headers['ledger-position']).toBe(position);
  }
});

it('waits while the read model is behind, and gives up after a bounded time', async () => {
  await app.play(SIGNUP);
  const blocker = new Client(app.database.ownerUrl);
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM read_models.checkpoints FOR UPDATE');
  const before = (await app.get('/sync/status')).body;
  for (const event of STORIES.upgrade!) await app.send(event).expect(200);
  const behind = (await app.get('/sync/status')).body;
  expect(behind).toMatchObject({ complete: false, state: 'pending', pendingEvents: STORIES.upgrade!.length });
  const wanted = positionAfter(before.position, STORIES.upgrade!.length);
  const tooEarly = await getAtLeast(wanted);
  expect(tooEarly.body).toMatchObject({ status: 503, code: 'read_model_behind' });
  expect(tooEarly.headers['retry-after']).toBe('1');
  const waiting = getAtLeast(wanted);
  await blocker.query('ROLLBACK');
  await blocker.end();
  expect((await waiting).body.products.length).toBe(2);
});

it.each(['', 'soon', '-1', '99-1', '1e3'])('refuses the position "%s"', async (position) => {
  expect((await getAtLeast(position)).body).toMatchObject({ status: 422, code: 'invalid_request' });
});

it('does not wait for somebody without a token', async () => {
  await request(app.url).get('/products/access').set('ledger-min-position', '999999').expect(401);
});

describe('after a checkout', () => {
  const status = async (user = 'user_1') => (await app.get(`/sync/status?transactionId=${CHECKOUT}`, user)).body;

  it('says step by step how far the purchase is', async () => {
    expect(await status()).toMatchObject({ complete: false, transaction: { id: CHECKOUT, seen: false, status: null } });
    const seen: string[] = [];
    for (const event of SIGNUP) {
      await app.play([event]);
      const { complete, transaction } = await status();
      seen.push(`${transaction.status}${complete ? ' complete' : ''}`);
    }
    expect([...new Set(seen)]).toEqual(['draft', 'ready', 'paid', 'completed complete']);
    expect(seen.filter((step) => step.endsWith('complete'))).toHaveLength(2);
    expect(await status()).toEqual({
      complete: true,
      state: 'up_to_date',
      position: expect.anything(),
      pendingEvents: 0,
      lastSyncedAt: expect.stringMatching(/Z$/),
      transaction: { id: CHECKOUT, seen: true, status: 'completed' },
    });
  });

  it('is not complete while its subscription is missing', async () => {
    await app.play(SIGNUP.filter((event) => !event.event_type.startsWith('subscription.')));
    expect(await status()).toMatchObject({ complete: false, transaction: { status: 'completed' } });
    await app.play(SIGNUP);
    expect(await status()).toMatchObject({ complete: true });
  });

  it('tells nothing of it to another user', async () => {
    await app.play(SIGNUP);
    expect(await status('mallory')).toMatchObject({ complete: false, transaction: { seen: false, status: null } });
  });
});

it('shows a change at once, though the answer was remembered', async () => {
  await app.play(SIGNUP);
  const reason = async () => (await app.get(`/products/access?product=${SOLO.id}`)).body.products[0].reason;
  expect(await reason()).toBe('subscription_active');
  await app.play(STORIES['failed-renewal']!);
  expect(await reason()).toBe('subscription_past_due');
});

/** The position so many events later; all of one customer, so on one shard. */
function positionAfter(position: number | string, events: number): string {
  if (typeof position === 'number') return String(position + events);
  const shards = position.split('.').map((part) => part.split('-').map(Number) as [number, number]);
  const busiest = shards.reduce((best, shard) => (shard[1] > best[1] ? shard : best));
  return `${busiest[0]}-${busiest[1] + events}`;
}
