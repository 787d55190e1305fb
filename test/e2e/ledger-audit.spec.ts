import { Ledger } from '../../src/ledger';
import { translate } from '../../src/provider/paddle';
import { recordedStories } from '../support/paddle/stories';
import type { PaddleEvent } from '../support/paddle/story';
import { TestApp } from '../support/test-app';

let app: TestApp;
const STORIES = recordedStories();
const EVENTS = [...STORIES.signup!, ...STORIES['signup-with-trial']!, ...STORIES.renewal!];

beforeAll(async () => {
  app = await TestApp.start();
  await app.play(EVENTS);
});
afterAll(() => TestApp.closeAll());

const asAuditor = (path: string) => app.get(path, 'eve', ['auditor']);
const idsOf = (events: PaddleEvent[]) => events.map((event) => event.event_id);

async function listed(query: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after = ''; ;) {
    const { body, status } = await asAuditor(`/ledger/events?${query}${after}`);
    expect(status).toBe(200);
    ids.push(...body.data.map(({ eventId }: { eventId: string }) => eventId));
    if (body.nextCursor === null) return ids;
    after = `&after=${encodeURIComponent(body.nextCursor)}`;
  }
}

it.each([1, 2, 7, 200])('lists every event once, oldest first, in pages of %d', async (limit) => {
  expect(await listed(`limit=${limit}`)).toEqual(idsOf(EVENTS));
});

it('keeps pages stable while events arrive', async () => {
  const own = await TestApp.start();
  await own.play(STORIES.signup!);
  const first = (await own.get('/ledger/events?limit=5', 'eve', ['auditor'])).body;
  await own.play(STORIES.renewal!);
  const second = (await own.get(`/ledger/events?limit=200&after=${first.nextCursor}`, 'eve', ['auditor'])).body;
  const ids = [...first.data, ...second.data].map(({ eventId }) => eventId);
  expect(ids).toEqual(idsOf([...STORIES.signup!, ...STORIES.renewal!]));
});

it.each<[string, string, (event: PaddleEvent) => boolean]>([
  ['type', 'type=subscription.updated', (event) => event.event_type === 'subscription.updated'],
  ['stream', `stream=paddle:${STORIES.signup![7]!.data.id}`, (event) => event.data.id === STORIES.signup![7]!.data.id],
  [
    'customer',
    `customerId=${STORIES.signup![1]!.data.id}`,
    (event) => event.data.customer_id === STORIES.signup![1]!.data.id || event.data.id === STORIES.signup![1]!.data.id,
  ],
  ['user', 'userId=user_2', (event) => (event.data.custom_data as { user_id: string } | null)?.user_id === 'user_2'],
  [
    'time',
    'from=2026-02-01T00:00:00Z&to=2026-02-10T00:00:00%2B00:00',
    ({ occurred_at }) => occurred_at >= '2026-02-01' && occurred_at < '2026-02-10',
  ],
  [
    'a microsecond',
    `from=${EVENTS[3]!.occurred_at}&to=${EVENTS[4]!.occurred_at}`,
    ({ event_id }) => event_id === EVENTS[3]!.event_id,
  ],
  [
    'several at once',
    'type=transaction.completed&userId=user_1',
    (event) => event.event_type === 'transaction.completed' && EVENTS.indexOf(event) !== 21,
  ],
])('filters by %s', async (_, query, matches) => {
  const expected = idsOf(EVENTS.filter(matches));
  expect(expected.length).toBeGreaterThan(0);
  expect(await listed(`${query}&limit=3`)).toEqual(expected);
});

it('has nothing of the other environment', async () => {
  expect(await listed('environment=live')).toEqual([]);
  expect(await listed('environment=sandbox')).toHaveLength(EVENTS.length);
});

it('says of an event where it stands', async () => {
  const { body } = await asAuditor('/ledger/events?limit=1');
  const [event] = EVENTS;
  expect(body.data).toEqual([
    {
      ref: expect.stringMatching(/^\d+-1$/),
      position: 1,
      environment: 'sandbox',
      eventId: event!.event_id,
      type: 'transaction.created',
      streamId: `paddle:${event!.data.id}`,
      streamVersion: 1,
      occurredAt: event!.occurred_at,
      recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      customerId: null,
      userId: 'user_1',
      source: 'webhook',
    },
  ]);
  const byPosition = await asAuditor('/ledger/events/1');
  expect(byPosition.body).toMatchObject({ ...body.data[0], body: JSON.stringify(event), causation: null, actor: null });
  expect((await asAuditor(`/ledger/events/${body.data[0].ref}`)).body).toEqual(byPosition.body);
});

it.each([
  '/ledger/events/999999',
  '/ledger/events/0',
  '/ledger/events/7-1',
  '/ledger/events/x',
  '/ledger/events/1-',
  '/ledger/events/99999999999999999999',
])('%s is not there', async (path) => expect((await asAuditor(path)).body).toMatchObject({ status: 404, code: 'not_found' }));

it.each([
  ['limit=0', '/limit'],
  ['limit=201', '/limit'],
  ['limit=ten', '/limit'],
  ['environment=moon', '/environment'],
  ['from=yesterday', '/from'],
  ['to=2026-02-30T00:00:00Z', '/to'],
  ['after=1', '/after'],
  ["after='; DROP TABLE ledger.events", '/after'],
])('refuses ?%s and says where', async (query, pointer) => {
  const { body } = await asAuditor(`/ledger/events?${query}`);
  expect(body).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ pointer }] });
});

it('takes filter values as values', async () => {
  expect(await listed(`type=${encodeURIComponent("x' OR '1'='1")}`)).toEqual([]);
  expect((await asAuditor('/ledger/events?customerId=a%00b')).status).toBe(422);
});

describe('a stream', () => {
  const entityOf = (event: PaddleEvent) => `paddle:${event.data.id as string}`;
  const SUBSCRIPTION = entityOf(STORIES.renewal!.find(({ event_type }) => event_type.startsWith('subscription.'))!);
  const ofSubscription = EVENTS.filter((event) => entityOf(event) === SUBSCRIPTION);

  interface StreamEvent {
    ref: string;
    eventId: string;
    state: Record<string, unknown> | null;
  }

  async function streamed(own: TestApp, streamId: string, limit = 50): Promise<StreamEvent[]> {
    const found: StreamEvent[] = [];
    for (let after = ''; ;) {
      const { body, status } = await own.get(`/ledger/streams/${streamId}?limit=${limit}${after}`, 'eve', ['auditor']);
      expect(status).toBe(200);
      expect(body.data.length).toBeLessThanOrEqual(limit);
      found.push(...body.data);
      if (body.nextCursor === null) return found;
      after = `&after=${encodeURIComponent(body.nextCursor)}`;
    }
  }

  /** What the newest of these events shows, in our words. */
  function stateOf(events: PaddleEvent[]): Record<string, unknown> | null {
    const facts = events.flatMap((event) => {
      const { event_id: eventId, event_type: type, occurred_at: occurredAt } = event;
      return translate({ eventId, type, occurredAt, content: () => event }, 'user_id') ?? [];
    });
    if (facts.length === 0) return null;
    const { eventId: _, occurredAt: __, ...state } = facts.reduce((a, b) => (b.watermark > a.watermark ? b : a));
    return state;
  }

  it('tells its events in order, each whole and with the state after it', async () => {
    expect(ofSubscription.length).toBeGreaterThan(2);
    const events = await streamed(app, SUBSCRIPTION);
    expect(idsOf(ofSubscription)).toEqual(events.map(({ eventId }) => eventId));
    for (const [n, { state, ...event }] of events.entries()) {
      expect(event).toEqual((await asAuditor(`/ledger/events/${event.ref}`)).body);
      expect(state).toEqual(stateOf(ofSubscription.slice(0, n + 1)));
      expect(state).toMatchObject({ kind: 'subscription_observed', subscription: { status: expect.any(String) } });
    }
  });

  it('shows that an event which arrived late changed nothing', async () => {
    const own = await TestApp.start();
    const arrived = [ofSubscription[1]!, ...ofSubscription.slice(2).toReversed(), ofSubscription[0]!];
    await own.play(arrived);
    const events = await streamed(own, SUBSCRIPTION);
    expect(events.map(({ eventId }) => eventId)).toEqual(idsOf(arrived));
    expect(events.map(({ state }) => state)).toEqual(arrived.map((_, n) => stateOf(arrived.slice(0, n + 1))));
    expect(events.at(-1)!.state).toEqual(stateOf(ofSubscription));
    for (const limit of [1, 2]) expect(await streamed(own, SUBSCRIPTION, limit)).toEqual(events);
  });

  it.each([1, 2, 3])('is the same in pages of %d', async (limit) => {
    for (const streamId of new Set(EVENTS.map(entityOf))) {
      expect(await streamed(app, streamId, limit)).toEqual(await streamed(app, streamId));
    }
  });

  it('may be named with its colon encoded', async () => {
    expect(await streamed(app, encodeURIComponent(SUBSCRIPTION))).toEqual(await streamed(app, SUBSCRIPTION));
  });

  it('of our own has no state of an entity, and says who, why and when', async () => {
    const causationId = ofSubscription[0]!.event_id;
    await app.app.get(Ledger).append({
      environment: 'sandbox',
      streamId: 'command:a/b c',
      events: [
        {
          eventId: 'native_1',
          type: 'subscription.cancellation_requested',
          schemaVersion: 1,
          occurredAt: '2026-03-01T00:00:00.000000Z',
          customerId: null,
          userId: 'user_9',
          body: Buffer.from('{"why":"z\u00fc teuer"}'),
          metadata: { source: 'native', actor: 'user_9', requestId: 'req_9', causationId },
        },
      ],
    });
    expect(await streamed(app, encodeURIComponent('command:a/b c'))).toEqual([
      expect.objectContaining({
        streamVersion: 1,
        source: 'native',
        actor: 'user_9',
        requestId: 'req_9',
        causation: causationId,
        body: '{"why":"z\u00fc teuer"}',
        headers: {},
        state: null,
      }),
    ]);
  });

  it.each([
    ['paddle:sub_none', 404, 'not_found'],
    [`${SUBSCRIPTION}?environment=live`, 404, 'not_found'],
    ['paddle:sub_none?after=1-5', 404, 'not_found'],
    [`${SUBSCRIPTION}%00`, 404, 'not_found'],
    [`${SUBSCRIPTION}?limit=0`, 422, 'invalid_request'],
    [`${SUBSCRIPTION}?after=x`, 422, 'invalid_request'],
    [`${SUBSCRIPTION}?environment=moon`, 422, 'invalid_request'],
  ])('%s is answered %d', async (path, status, code) => {
    expect((await asAuditor(`/ledger/streams/${path}`)).body).toMatchObject({ status, code });
  });

  it('is empty after its last event', async () => {
    const { data } = (await asAuditor(`/ledger/streams/${SUBSCRIPTION}`)).body;
    expect((await asAuditor(`/ledger/streams/${SUBSCRIPTION}?after=${data.at(-1).ref}`)).body).toEqual({
      data: [],
      nextCursor: null,
    });
  });

  it('is not for users', async () => {
    expect((await app.get(`/ledger/streams/${SUBSCRIPTION}`, 'user_1')).body).toMatchObject({ status: 403, code: 'forbidden' });
  });
});
