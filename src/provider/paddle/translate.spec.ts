import { recordedStories } from '../../../test/support/paddle/stories';
import type { PaddleEvent as RecordedEvent } from '../../../test/support/paddle/story';
import type { SubscriptionObserved, TransactionObserved } from '../billing-facts';
import { translate } from './translate';

const STORIES = recordedStories();

function eventOf(event: RecordedEvent) {
  return { eventId: event.event_id, type: event.event_type, occurredAt: event.occurred_at, content: () => event };
}

function factOf(story: string, type: string) {
  return translate(eventOf(STORIES[story]!.find((event) => event.event_type === type)!), 'user_id');
}

function subscriptionWith(data: Record<string, unknown>): SubscriptionObserved {
  const content = () => ({ data: { id: 'sub_1', ...data } });
  return translate(
    { eventId: 'evt_1', type: 'subscription.updated', occurredAt: '2026-01-01T00:00:00Z', content },
    'user_id',
  ) as SubscriptionObserved;
}

it('reads a subscription with all its items', () => {
  const fact = factOf('upgrade', 'subscription.updated') as SubscriptionObserved;
  expect(fact).toMatchObject({
    kind: 'subscription_observed',
    claimedUserId: 'user_1',
    customerId: expect.stringMatching(/^ctm_/),
  });
  expect(fact.subscription).toMatchObject({
    status: 'active',
    collectionMode: 'automatic',
    currency: 'USD',
    scheduledChange: null,
  });
  expect(fact.subscription.items.map(({ productName, quantity, unitAmount }) => [productName, quantity, unitAmount])).toEqual([
    ['Rowboat Team', 5, '3000'],
    ['Reports addon', 1, '500'],
  ]);
});

it('reads a scheduled change with its action and its date', () => {
  const { subscription } = factOf('scheduled-cancel', 'subscription.updated') as SubscriptionObserved;
  expect(subscription.status).toBe('active');
  expect(subscription.scheduledChange).toEqual({
    action: 'cancel',
    effectiveAt: subscription.currentPeriod!.endsAt,
    resumeAt: null,
  });
});

it('reads a trial', () => {
  const { subscription } = factOf('signup-with-trial', 'subscription.created') as SubscriptionObserved;
  expect(subscription.status).toBe('trialing');
  expect(subscription.items[0]!.trialEndsAt).toBe(subscription.currentPeriod!.endsAt);
});

it('reads the payment that went through, not the attempt that failed', () => {
  const failed = factOf('failed-renewal', 'transaction.payment_failed') as TransactionObserved;
  expect(failed.transaction).toMatchObject({ status: 'billed', payment: null });
  const paid = factOf('recovery', 'transaction.completed') as TransactionObserved;
  expect(paid.transaction).toMatchObject({
    status: 'completed',
    currency: 'USD',
    payment: { amount: '1440', method: { type: 'card', brand: 'visa', last4: '4242' } },
  });
});

it('reads a customer', () => {
  expect(factOf('signup', 'customer.created')).toMatchObject({
    kind: 'customer_observed',
    email: 'robin@example.com',
    status: 'active',
    claimedUserId: null,
  });
});

it('keeps times as they were written and compares them in microseconds', () => {
  const fact = subscriptionWith({ started_at: '2026-01-01T00:00:00.123456789Z' });
  expect(fact.subscription.startedAt).toBe('2026-01-01T00:00:00.123456789Z');
  expect(fact.occurredAt).toBe('2026-01-01T00:00:00.000000Z');
});

it('keeps statuses, actions and fields that nobody knows yet', () => {
  const fact = subscriptionWith({
    status: 'hibernating',
    scheduled_change: { action: 'melt', effective_at: '2026-06-01T00:00:00Z' },
    mood: 'good',
  });
  expect(fact.subscription).toMatchObject({
    status: 'hibernating',
    scheduledChange: { action: 'melt', effectiveAt: '2026-06-01T00:00:00Z', resumeAt: null },
  });
});

it.each([
  ['nothing but an id', {}],
  [
    'everything null',
    { status: null, items: null, scheduled_change: null, custom_data: null, current_billing_period: null, customer_id: null },
  ],
  [
    'everything of another type',
    { status: 7, items: 'none', scheduled_change: [], custom_data: 'x', current_billing_period: 1, customer_id: {} },
  ],
  ['items without price or product', { items: [null, 1, {}, { price: {} }, { price: { id: 'pri_1' } }] }],
])('never throws at a subscription with %s', (_, data) => {
  expect(subscriptionWith(data)).toMatchObject({
    subscriptionId: 'sub_1',
    customerId: null,
    subscription: { items: [], currentPeriod: null },
  });
});

it('reads old items that lack the embedded product', () => {
  const { subscription } = subscriptionWith({
    items: [{ quantity: 2, price: { id: 'pri_1', product_id: 'pro_1', unit_price: { amount: '100' } } }],
  });
  expect(subscription.items).toEqual([
    {
      status: null,
      productId: 'pro_1',
      productName: null,
      priceId: 'pri_1',
      priceName: null,
      unitAmount: '100',
      quantity: 2,
      recurring: true,
      trialEndsAt: null,
    },
  ]);
});

it('has nothing to say of events that no read model is made from', () => {
  expect(
    translate(
      {
        eventId: 'evt_1',
        type: 'report.created',
        occurredAt: '2026-01-01T00:00:00Z',
        content: () => ({ data: { id: 'rep_1' } }),
      },
      'user_id',
    ),
  ).toBeNull();
  expect(
    translate(
      { eventId: 'evt_1', type: 'unheard', occurredAt: '2026-01-01T00:00:00Z', content: () => ({ data: { id: 'x' } }) },
      'user_id',
    ),
  ).toBeNull();
});

describe('the order of snapshots', () => {
  const at = (occurredAt: string, type: string, status: string, eventId = 'evt_a') =>
    (
      translate({ eventId, type, occurredAt, content: () => ({ data: { id: 'x_1', status } }) }, 'user_id') as {
        watermark: string;
      }
    ).watermark;
  const NOW = '2026-01-01T00:00:00.000000Z';

  it('is that of microseconds, which a millisecond clock would tie', () => {
    expect(
      at('2026-01-01T00:00:00.645701Z', 'transaction.updated', 'completed') >
        at('2026-01-01T00:00:00.645134Z', 'transaction.completed', 'completed'),
    ).toBe(true);
  });

  it('does not depend on how many digits were written', () => {
    expect(at('2026-01-01T00:00:00.004032433Z', 'transaction.created', 'billed')).toBe(
      at('2026-01-01T00:00:00.004032Z', 'transaction.created', 'billed'),
    );
  });

  it.each([
    [
      'a failed renewal',
      [
        ['transaction.payment_failed', 'billed'],
        ['transaction.updated', 'past_due'],
        ['transaction.past_due', 'past_due'],
      ],
    ],
    [
      'a purchase',
      [
        ['transaction.ready', 'ready'],
        ['transaction.updated', 'paid'],
        ['transaction.paid', 'paid'],
        ['transaction.updated', 'completed'],
        ['transaction.completed', 'completed'],
      ],
    ],
    [
      'a signup',
      [
        ['subscription.created', 'active'],
        ['subscription.activated', 'active'],
      ],
    ],
    [
      'a trial that ends',
      [
        ['subscription.trialing', 'trialing'],
        ['subscription.updated', 'active'],
        ['subscription.activated', 'active'],
      ],
    ],
    [
      'dunning',
      [
        ['subscription.updated', 'active'],
        ['subscription.updated', 'past_due'],
        ['subscription.past_due', 'past_due'],
        ['subscription.updated', 'canceled'],
        ['subscription.canceled', 'canceled'],
      ],
    ],
    [
      'a pause',
      [
        ['subscription.updated', 'active'],
        ['subscription.updated', 'paused'],
        ['subscription.paused', 'paused'],
      ],
    ],
    [
      'a canceled invoice',
      [
        ['transaction.billed', 'billed'],
        ['transaction.updated', 'canceled'],
        ['transaction.canceled', 'canceled'],
      ],
    ],
  ])('settles ties in the order of %s', (_, steps) => {
    const marks = steps.map(([type, status]) => at(NOW, type!, status!));
    expect(marks).toEqual([...marks].sort());
    expect(new Set(marks).size).toBe(marks.length);
  });

  it('falls back to the event id, so that any two snapshots have an order', () => {
    expect(at(NOW, 'subscription.updated', 'active', 'evt_b') > at(NOW, 'subscription.updated', 'active', 'evt_a')).toBe(true);
  });
});
