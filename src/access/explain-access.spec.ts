import type { SubscriptionObserved, SubscriptionSnapshot } from '../provider';
import { subscriptionEvidence, type LocatedFact } from './explain-access';

function observed(second: number, change: Partial<SubscriptionSnapshot>, quantity = 1): LocatedFact<SubscriptionObserved> {
  const occurredAt = `2026-01-01T00:00:0${second}.000000Z`;
  const nothing = {
    collectionMode: null,
    currency: null,
    startedAt: null,
    nextBilledAt: null,
    pausedAt: null,
    canceledAt: null,
    currentPeriod: null,
  };
  const item = {
    status: null,
    productId: 'pro_a',
    productName: null,
    priceId: 'pri_a',
    priceName: null,
    unitAmount: null,
    quantity,
    recurring: true,
    trialEndsAt: null,
  };
  const subscription = { status: 'active', scheduledChange: null, items: quantity ? [item] : [], ...nothing, ...change };
  const fact: SubscriptionObserved = {
    kind: 'subscription_observed',
    eventId: `evt_${second}`,
    occurredAt,
    watermark: occurredAt,
    customerId: 'ctm_1',
    claimedUserId: null,
    subscriptionId: 'sub_1',
    subscription,
    mentions: { from: 'subscription', products: [], prices: [] },
  };
  return { ref: `1-${10 - second}`, position: 10 - second, eventType: 'subscription.updated', fact };
}

const effectsOf = (...facts: LocatedFact<SubscriptionObserved>[]) =>
  subscriptionEvidence(facts, 'pro_a').map(({ effect }) => effect);
const cancelAt = (effectiveAt: string) => ({ action: 'cancel', effectiveAt, resumeAt: null });

it('names the events that changed the answer, in the order in which they happened', () => {
  const story = [
    observed(1, { status: 'trialing' }),
    observed(2, { status: 'active' }),
    observed(3, { status: 'active', nextBilledAt: '2026-02-01T00:00:00Z' }),
    observed(4, { status: 'active' }, 5),
    observed(5, { status: 'active', scheduledChange: cancelAt('2026-02-01T00:00:00Z') }, 5),
    observed(6, { status: 'canceled' }, 5),
  ];
  const told = [
    'the subscription is trialing; it holds 1 × pro_a',
    'the subscription went from trialing to active',
    'pro_a went from 1 to 5',
    'a cancel is scheduled for 2026-02-01T00:00:00.000000Z',
    'the subscription went from active to canceled',
  ];
  expect(effectsOf(...story)).toEqual(told);
  expect(effectsOf(...story.toReversed())).toEqual(told);
});

it('points at each event', () => {
  expect(subscriptionEvidence([observed(2, {})], 'pro_a')).toEqual([
    {
      ref: '1-8',
      position: 8,
      eventId: 'evt_2',
      eventType: 'subscription.updated',
      occurredAt: '2026-01-01T00:00:02.000000Z',
      effect: 'the subscription is active; it holds 1 × pro_a',
    },
  ]);
});

it('tells of a cancellation that was taken back, and of a product that was dropped', () => {
  expect(
    effectsOf(observed(1, { scheduledChange: cancelAt('2026-02-01T00:00:00Z') }), observed(2, {}), observed(3, {}, 0)),
  ).toEqual([
    'the subscription is active; it holds 1 × pro_a; a cancel is scheduled for 2026-02-01T00:00:00.000000Z',
    'the scheduled cancel was removed',
    'pro_a is no longer part of it',
  ]);
});
