import { customers } from '../../src/customers';
import { anyProjection, type AnyProjection } from '../../src/projections';
import { PROJECTIONS } from '../../src/read-models';
import { customerData } from '../support/paddle/entities';
import { SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story, type PaddleEvent } from '../support/paddle/story';
import { withOne } from '../support/planted';
import { SANDBOX_SECRET, TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { deliver } from '../support/webhook-load';

let database: TestDatabase;
beforeEach(async () => void (database = await createTestDatabase()));
afterEach(async () => {
  await TestApp.closeAll();
  await database.drop();
});

const EMAIL_THAT_BREAKS_IT = 'poison@example.com';

/** The app's projections; the broken ones cannot fold a customer with a certain address. */
function projections(state: 'broken' | 'mended'): AnyProjection[] {
  const evolve: typeof customers.evolve = (row, fact, key) => {
    if (fact.kind === 'customer_observed' && fact.email === EMAIL_THAT_BREAKS_IT) throw new RangeError('cannot fold this');
    return customers.evolve(row, fact, key);
  };
  return withOne(anyProjection(state === 'broken' ? { ...customers, evolve } : customers));
}

const start = (state: 'broken' | 'mended') => TestApp.start({ database, projections: projections(state) });

function customer(number: number, version: number, email: string): PaddleEvent {
  const at = `2026-01-01T00:00:0${version}.000000Z`;
  const id = `ctm_${String(number).padStart(26, '0')}`;
  return {
    event_id: `evt_${number}_${version}`,
    event_type: version === 1 ? 'customer.created' : 'customer.updated',
    occurred_at: at,
    notification_id: `ntf_${number}_${version}`,
    data: customerData(id, email, at),
  };
}

async function send(app: TestApp, events: PaddleEvent[]): Promise<void> {
  const load = { urls: () => [app.url], secret: SANDBOX_SECRET, connections: 16, nowSeconds: () => app.clock.nowSeconds() };
  await deliver(events, load);
}

const emails = () =>
  database
    .query<{ email: string }>('SELECT email FROM read_models.customers ORDER BY customer_id')
    .then((rows) => rows.map(({ email }) => email));
const letters = async (app: TestApp) => (await app.get('/dead-letters', 'me', ['auditor'])).body.data;
const eventsOf = async (app: TestApp, type: string) =>
  (await app.get(`/ledger/events?type=${type}`, 'me', ['auditor'])).body.data;

it('parks one stream of a thousand; the others are up to date at once, and after a fix a retry puts it right', async () => {
  const app = await start('broken');
  const streams = Array.from({ length: 1_000 }, (_, number) => customer(number, 1, `first-${number}@example.com`));
  streams[500] = customer(500, 1, EMAIL_THAT_BREAKS_IT);
  await send(app, [...streams, customer(500, 2, 'second@example.com')]);
  await app.caughtUp();
  expect(await emails()).toHaveLength(999);
  const [letter] = await letters(app);
  expect(await letters(app)).toHaveLength(1);
  expect(letter).toMatchObject({
    projection: 'customers',
    build: 1,
    streamId: `paddle:ctm_${'500'.padStart(26, '0')}`,
    eventId: 'evt_500_1',
    eventType: 'customer.created',
    errorClass: 'RangeError',
    message: 'cannot fold this',
    attempts: 1,
    waiting: 2,
  });
  const ready = (await app.get('/health/ready')).body;
  expect(ready).toMatchObject({ ready: true, pendingEvents: 0 });
  const others = PROJECTIONS.filter(({ name }) => name !== 'customers');
  expect(ready.projections).toEqual([
    { name: 'customers', status: 'failed', parkedStreams: 1 },
    ...others.map(({ name }) => ({ name, status: 'live', parkedStreams: 0 })),
  ]);
  const metrics = (await app.get('/metrics')).text;
  expect(metrics).toContain('oarlock_projection_parked_streams{projection="customers"} 1');
  expect(metrics).toContain('oarlock_projection_errors_total{projection="customers"} 1');
  for (const name of ['customers', 'subscriptions']) {
    expect(metrics).toContain(`oarlock_projection_events_total{projection="${name}"} 1001`);
    expect(metrics).toMatch(new RegExp(`^oarlock_projection_batch_seconds_count\\{projection="${name}"\\} [1-9]`, 'm'));
    expect(metrics).toContain(`oarlock_projection_lag_events{projection="${name}"} 0`);
    expect(metrics).toContain(`oarlock_projection_lag_seconds{projection="${name}"} 0`);
  }

  const again = await app.post(`/dead-letters/${letter.id}/retry`);
  expect([again.status, again.body]).toMatchObject([200, { state: 'parked', deadLetter: { attempts: 2, waiting: 2 } }]);
  await app.close();

  const mended = await start('mended');
  expect((await mended.post(`/dead-letters/${letter.id}/retry`)).body).toEqual({ state: 'resolved', deadLetter: null });
  expect(await emails()).toHaveLength(1_000);
  expect((await emails())[500]).toBe('second@example.com');
  expect(await letters(mended)).toEqual([]);
  expect((await mended.post(`/dead-letters/${letter.id}/retry`)).body.code).toBe('not_found');
});

it('shows a repaired answer to whoever asked before', async () => {
  const story = new Story({ label: 'poison', userId: null, startAt: '2026-01-10T09:30:00Z' });
  const events = story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]).take();
  const claim = events.find(({ event_type }) => event_type === 'customer.created')!;
  expect(claim.data.email).toBe(EMAIL_THAT_BREAKS_IT);
  claim.data.custom_data = { user_id: 'user_7' };
  const app = await start('broken');
  await send(app, events);
  await app.caughtUp();
  const mended = await start('mended');
  const products = async () => (await mended.get('/products/access', 'user_7')).body.products;
  expect(await products()).toEqual([]);
  await mended.post(`/dead-letters/${(await letters(mended))[0].id}/retry`);
  await until(async () => (await products()).length === 1, 'the remembered answer is forgotten');
});

it('leaves a dismissed event out, goes on with its stream, and says on the ledger who did it and why', async () => {
  const app = await start('broken');
  await send(app, [customer(1, 1, 'first@example.com')]);
  await send(app, [customer(1, 2, EMAIL_THAT_BREAKS_IT)]);
  await send(app, [customer(1, 3, 'third@example.com')]);
  await app.caughtUp();
  expect(await emails()).toEqual(['first@example.com']);
  const [letter] = await letters(app);
  const refused = await app.post(`/dead-letters/${letter.id}/dismiss`, {});
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/reason']);
  const dismissed = await app.post(`/dead-letters/${letter.id}/dismiss`, { reason: 'test data of ours' }, 'boss', ['admin']);
  expect([dismissed.status, dismissed.body]).toEqual([200, { state: 'resolved', deadLetter: null }]);
  expect(await emails()).toEqual(['third@example.com']);

  const [fact] = await eventsOf(app, 'dead_letter.dismissed');
  const { body } = await app.get(`/ledger/events/${fact.ref}`, 'me', ['auditor']);
  expect(body).toMatchObject({ actor: 'boss', causation: 'evt_1_2', source: 'native' });
  expect(JSON.parse(body.body)).toMatchObject({ projection: 'customers', reason: 'test data of ours', eventId: 'evt_1_2' });

  await app.post('/projections/customers/rebuild', { mode: 'swap' }); // leaves it out as well
  await until(
    async () => (await app.get('/projections/customers/rebuilds/2', 'me', ['admin'])).body.state === 'live',
    'the swap',
  );
  expect(await emails()).toEqual(['third@example.com']);
  expect(await letters(app)).toEqual([]);
});

it('keeps a rebuild from going live by itself when it parks what the live one could fold', async () => {
  const mended = await start('mended');
  await send(mended, [customer(1, 1, EMAIL_THAT_BREAKS_IT), customer(2, 1, 'two@example.com')]);
  await mended.caughtUp();
  await mended.close();
  const app = await start('broken');
  await app.post('/projections/customers/rebuild', { mode: 'swap' });
  const rebuild = async () => (await app.get('/projections/customers/rebuilds/2', 'me', ['admin'])).body;
  await until(async () => (await rebuild()).error !== null, 'it says why it waits');
  expect(await rebuild()).toMatchObject({ state: 'ready', parkedStreams: 1, diff: { removed: 1 } });
  expect(await emails()).toHaveLength(2);
  expect((await app.post('/projections/customers/rebuilds/2/swap')).body.state).toBe('live'); // an admin may insist
  expect(await emails()).toEqual(['two@example.com']);
});
