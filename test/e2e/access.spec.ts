import { SOLO, TEAM, REPORTS, SOLO_MONTHLY, TEAM_MONTHLY } from '../support/paddle/catalog';
import { recordedStories } from '../support/paddle/stories';
import { Story } from '../support/paddle/story';
import { TestApp } from '../support/test-app';

let app: TestApp;
beforeEach(async () => {
  app = await TestApp.start();
});
afterEach(() => TestApp.closeAll());

const STORIES = recordedStories();

async function accessTo(productId: string, user = 'user_1', query = '') {
  const { body, status } = await app.get(`/products/access?product=${productId}${query}`, user);
  expect(status).toBe(200);
  expect(body.products).toHaveLength(1);
  return body.products[0];
}

it("follows a buyer's story, each answer with its reason", async () => {
  const steps: [string, string, string, string][] = [
    ['signup', '2026-01-10T10:00:00Z', 'full', 'subscription_active'],
    ['renewal', '2026-02-10T10:00:00Z', 'full', 'subscription_active'],
    ['failed-renewal', '2026-03-10T10:00:00Z', 'full', 'subscription_past_due'],
    ['recovery', '2026-03-12T19:00:00Z', 'full', 'subscription_active'],
  ];
  for (const [story, at, access, reason] of steps) {
    app.clock.set(at);
    await app.play(STORIES[story]!);
    expect(await accessTo(SOLO.id)).toMatchObject({ access, reason, until: null, quantity: 1, source: { type: 'subscription' } });
  }
});

it('moves access with a plan switch, for all items', async () => {
  await app.play([...STORIES.signup!, ...STORIES.upgrade!]);
  const { body } = await app.get('/products/access');
  const held = Object.fromEntries(
    body.products.map((product: { productId: string; quantity: number }) => [product.productId, product.quantity]),
  );
  expect(held).toEqual({ [TEAM.id]: 5, [REPORTS.id]: 1 });
  expect(await accessTo(SOLO.id)).toMatchObject({ access: 'none', reason: 'no_purchase', source: null });
});

it('takes access away while paused, and gives it back', async () => {
  await app.play([...STORIES.upgrade!, ...STORIES.pause!]);
  expect(await accessTo(TEAM.id)).toMatchObject({ access: 'none', reason: 'subscription_paused' });
  await app.play(STORIES.resume!);
  expect(await accessTo(TEAM.id)).toMatchObject({ access: 'full', reason: 'subscription_active' });
});

it('keeps access with a scheduled cancel until it takes effect, also when the webhook of it is late', async () => {
  app.clock.set('2026-05-06T00:00:00Z');
  await app.play(STORIES['scheduled-cancel']!);
  const { until, ...answer } = await accessTo(TEAM.id);
  expect(answer).toMatchObject({ access: 'full', reason: 'cancellation_scheduled' });
  app.clock.set(new Date(Date.parse(until) - 1).toISOString());
  expect(await accessTo(TEAM.id)).toMatchObject({ access: 'full' });
  app.clock.set(new Date(Date.parse(until) + 1).toISOString());
  expect(await accessTo(TEAM.id)).toMatchObject({ access: 'none', reason: 'subscription_canceled' });
  await app.play(STORIES.cancel!);
  expect(await accessTo(TEAM.id)).toMatchObject({ access: 'none', reason: 'subscription_canceled', until: null });
});

it('gives access during a trial', async () => {
  await app.play(STORIES['signup-with-trial']!);
  expect(await accessTo(SOLO.id, 'user_2')).toMatchObject({ access: 'full', reason: 'subscription_trialing' });
  const { body } = await app.get('/subscriptions/status', 'user_2');
  expect(body.subscriptions[0]).toMatchObject({
    status: 'trialing',
    trialEndsAt: expect.stringMatching(/^2026-02-15T/),
    lastPayment: null,
    planType: 'PAID',
  });
});

it('answers the same whatever the order of delivery, with repetitions', async () => {
  const events = [
    ...STORIES.signup!,
    ...STORIES['failed-renewal']!,
    ...STORIES.recovery!,
    ...STORIES.upgrade!,
    ...STORIES['scheduled-cancel']!,
  ];
  await app.play(events);
  const inOrder = [(await app.get('/products/access')).body, (await app.get('/subscriptions/status')).body];
  const other = await TestApp.start();
  await other.play(events.toReversed());
  await other.play(events);
  expect([(await other.get('/products/access')).body, (await other.get('/subscriptions/status')).body]).toEqual(inOrder);
});

it('shows a subscription whole', async () => {
  app.clock.set('2026-05-06T00:00:00Z');
  await app.play([...STORIES.signup!, ...STORIES.upgrade!, ...STORIES['scheduled-cancel']!]);
  const { body, headers } = await app.get('/subscriptions/status');
  expect(headers['ledger-position']).toMatch(/^[\d.-]+$/);
  expect(body).toEqual({
    environment: 'sandbox',
    subscriptions: [
      {
        id: expect.stringMatching(/^sub_/),
        status: 'active',
        access: 'full',
        planType: 'PAID',
        products: [
          {
            id: TEAM.id,
            ref: null,
            name: 'Rowboat Team',
            priceId: TEAM_MONTHLY.id,
            priceName: 'Monthly (per seat)',
            quantity: 5,
            recurring: true,
          },
          expect.objectContaining({ id: REPORTS.id, quantity: 1 }),
        ],
        collectionMode: 'automatic',
        currency: 'USD',
        startedAt: expect.stringMatching(/^2026-01-10T09:30:00\.\d{6}Z$/),
        trialEndsAt: null,
        currentPeriod: { startsAt: expect.any(String), endsAt: expect.any(String) },
        nextBilledAt: expect.any(String),
        pausedAt: null,
        canceledAt: null,
        scheduledChange: { action: 'cancel', effectiveAt: expect.any(String), resumeAt: null },
        actions: { cancel: false, pause: false, resume: true, switch: false, updatePaymentMethod: true },
        lastPayment: {
          total: { amount: '18600', currency: 'USD' },
          at: expect.stringMatching(/^2026-03-20T/),
          method: { type: 'card', brand: 'visa', last4: '4242' },
        },
      },
    ],
  });
});

it('explains an answer with the events of the ledger that led to it', async () => {
  await app.play([...STORIES.signup!, ...STORIES['failed-renewal']!]);
  const { evidence } = await accessTo(SOLO.id, 'user_1', '&explain=true');
  expect(evidence.map(({ eventType, effect }: { eventType: string; effect: string }) => [eventType, effect])).toEqual([
    ['transaction.updated', expect.stringMatching(/^the checkout said that customer ctm_\w+ is user user_1$/)],
    ['subscription.created', `the subscription is active; it holds 1 × ${SOLO.id}`],
    ['subscription.updated', 'the subscription went from active to past_due'],
  ]);
  for (const { ref, eventId, position } of evidence) {
    const { body } = await app.get(`/ledger/events/${ref}`, 'eve', ['auditor']);
    expect(body).toMatchObject({ eventId, position });
  }
  expect((await accessTo(SOLO.id)).evidence).toBeUndefined();
  expect((await accessTo(REPORTS.id, 'user_1', '&explain=true')).evidence).toEqual([]);
});

describe("one user's things", () => {
  beforeEach(async () => {
    await app.play(
      new Story({ label: 'alice', userId: 'alice', startAt: '2026-01-10T09:00:00Z' })
        .signup([{ price: TEAM_MONTHLY, quantity: 3 }])
        .take(),
    );
    await app.play(
      new Story({ label: 'bob', userId: 'bob', startAt: '2026-01-11T09:00:00Z' })
        .signup([{ price: SOLO_MONTHLY, quantity: 1 }])
        .take(),
    );
  });

  it('are never shown to another', async () => {
    expect(await accessTo(TEAM.id, 'bob')).toMatchObject({ access: 'none', reason: 'no_purchase' });
    expect(await accessTo(SOLO.id, 'alice')).toMatchObject({ access: 'none', reason: 'no_purchase' });
    for (const path of ['/products/access?explain=true', '/subscriptions/status']) {
      const { text } = await app.get(path, 'bob');
      expect(text).toMatch(SOLO.id);
      expect(text).not.toMatch(new RegExp(`alice|${TEAM.id}`));
    }
    expect((await app.get('/products/access', 'nobody')).body).toEqual({ environment: 'sandbox', products: [] });
    expect((await app.get('/subscriptions/status', 'nobody')).body.subscriptions).toEqual([]);
  });

  it('stay theirs when somebody else claims the customer later', async () => {
    const stolen = new Story({ label: 'alice', userId: 'mallory', startAt: '2026-01-10T09:00:00Z' })
      .signup([{ price: TEAM_MONTHLY, quantity: 3 }])
      .take();
    await app.play(
      stolen.map((event, index) => ({
        ...event,
        event_id: `evt_mallory${index}`,
        occurred_at: event.occurred_at.replace('2026-01-10', '2026-01-12'),
      })),
    );
    expect(await accessTo(TEAM.id, 'alice')).toMatchObject({ access: 'full' });
    expect(await accessTo(TEAM.id, 'mallory')).toMatchObject({ access: 'none', reason: 'no_purchase' });
  });

  it('go with the claim that was first, when that one arrives last', async () => {
    const earlier = new Story({ label: 'alice', userId: 'carol', startAt: '2026-01-09T09:00:00Z' })
      .signup([{ price: TEAM_MONTHLY, quantity: 3 }])
      .take();
    const claim = earlier.find((event) => event.event_type === 'transaction.ready')!;
    await app.play([{ ...claim, data: { ...claim.data, customer_id: await customerOf('alice') } }]);
    expect(await accessTo(TEAM.id, 'carol')).toMatchObject({ access: 'full' });
    expect(await accessTo(TEAM.id, 'alice')).toMatchObject({ access: 'none' });
  });

  it('reach them though the checkout made another customer', async () => {
    await app.play(
      new Story({ label: 'alice-work', userId: 'alice', startAt: '2026-02-10T09:00:00Z' })
        .signup([{ price: SOLO_MONTHLY, quantity: 1 }])
        .take(),
    );
    expect((await app.get('/products/access', 'alice')).body.products).toMatchObject([{ access: 'full' }, { access: 'full' }]);
  });

  async function customerOf(user: string): Promise<string> {
    const { body } = await app.get(`/ledger/events?userId=${user}&type=transaction.completed`, 'eve', ['auditor']);
    return body.data[0].customerId;
  }
});

it('does not mix environments', async () => {
  await app.play(STORIES.signup!, { path: '/paddle/live/webhook', secret: 'pdl_ntfset_live_secret_of_the_tests' });
  expect((await app.get('/products/access')).body).toEqual({ environment: 'sandbox', products: [] });
  const live = await TestApp.start({ database: app.database, settings: { PADDLE_ENVIRONMENT: 'live' }, clock: app.clock });
  expect((await live.get('/products/access')).body).toMatchObject({ environment: 'live', products: [{ access: 'full' }] });
});

it.each([
  ['/products/access?explain=maybe', '/explain'],
  ['/products/access?product=', '/product'],
  [`/products/access?product=${'x'.repeat(129)}`, '/product'],
  ['/products/access?product=a&product=b', '/product'],
  ['/subscriptions/status?product=', '/product'],
])('refuses %s and says where', async (path, pointer) => {
  const { status, body } = await app.get(path);
  expect({ status, code: body.code, pointer: body.errors[0].pointer }).toEqual({ status: 422, code: 'invalid_request', pointer });
});
