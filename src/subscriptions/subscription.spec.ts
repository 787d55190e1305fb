import type { Instant } from '../platform/instant';
import {
  accessOf,
  actionsOf,
  changesOf,
  outstandingSince,
  planTypeOf,
  type AccessPolicy,
  type Subscription,
} from './subscription';

const NOW = '2026-06-15T12:00:00.000000Z' as Instant;
const EARLIER = '2026-06-15T11:59:59.999999Z';
const LATER = '2026-06-15T12:00:00.000001Z';

function subscription(change: Partial<Subscription> = {}): Subscription {
  return {
    id: 'sub_1',
    customerId: 'ctm_1',
    status: 'active',
    collectionMode: 'automatic',
    currency: 'USD',
    startedAt: '2026-01-01T00:00:00Z',
    nextBilledAt: '2026-07-01T00:00:00Z',
    pausedAt: null,
    canceledAt: null,
    currentPeriod: { startsAt: '2026-06-01T00:00:00Z', endsAt: '2026-07-01T00:00:00Z' },
    scheduledChange: null,
    items: [],
    lastPayment: null,
    pastDueSince: null,
    ...change,
  };
}

const PLAIN: AccessPolicy = { paused: 'none', pastDueGraceDays: null };

const scheduled = (action: string, effectiveAt: string) => ({ action, effectiveAt, resumeAt: null });

describe('outstandingSince', () => {
  const snapshots = ['active', 'past_due', 'active', 'past_due', 'past_due'].map((status, day) => {
    const occurredAt = `2026-06-0${day + 1}T00:00:00.000000Z`;
    return { status, occurredAt, watermark: occurredAt };
  });

  it('is the first of the last unbroken run, in any order', () => {
    expect(outstandingSince(snapshots)).toBe('2026-06-04T00:00:00.000000Z');
    expect(outstandingSince(snapshots.toReversed())).toBe('2026-06-04T00:00:00.000000Z');
    expect(outstandingSince(snapshots.slice(3))).toBe('2026-06-04T00:00:00.000000Z');
  });

  it('is never while nothing is outstanding', () => {
    expect(outstandingSince(snapshots.slice(0, 3))).toBeNull();
    expect(outstandingSince([])).toBeNull();
  });
});

describe('accessOf', () => {
  it.each([
    ['trialing', 'full', 'subscription_trialing'],
    ['active', 'full', 'subscription_active'],
    ['past_due', 'full', 'subscription_past_due'],
    ['paused', 'none', 'subscription_paused'],
    ['canceled', 'none', 'subscription_canceled'],
    ['hibernating', 'none', 'subscription_status_unknown'],
  ])('%s gives %s', (status, access, reason) =>
    expect(accessOf(subscription({ status }), PLAIN, NOW)).toEqual({ access, reason, until: null }),
  );

  it.each(['trialing', 'active', 'past_due'])(
    'a scheduled cancel keeps the access of a subscription that is %s until it takes effect',
    (status) => {
      const scheduledChange = scheduled('cancel', LATER);
      expect(accessOf(subscription({ status, scheduledChange }), PLAIN, NOW)).toEqual({
        access: 'full',
        reason: 'cancellation_scheduled',
        until: LATER,
      });
    },
  );

  it('ends access at the moment that was scheduled, though the webhook is late', () => {
    expect(accessOf(subscription({ scheduledChange: scheduled('cancel', EARLIER) }), PLAIN, NOW)).toEqual({
      access: 'none',
      reason: 'subscription_canceled',
      until: null,
    });
    expect(accessOf(subscription({ scheduledChange: scheduled('cancel', NOW) }), PLAIN, NOW)).toMatchObject({ access: 'none' });
    expect(accessOf(subscription({ scheduledChange: scheduled('pause', EARLIER) }), PLAIN, NOW)).toEqual({
      access: 'none',
      reason: 'subscription_paused',
      until: null,
    });
  });

  it('says until when a scheduled pause leaves the access', () => {
    expect(accessOf(subscription({ scheduledChange: scheduled('pause', LATER) }), PLAIN, NOW)).toEqual({
      access: 'full',
      reason: 'subscription_active',
      until: LATER,
    });
  });

  it('does not give access for a resume that is only scheduled: its charge may fail', () => {
    expect(accessOf(subscription({ status: 'paused', scheduledChange: scheduled('resume', EARLIER) }), PLAIN, NOW)).toMatchObject(
      {
        access: 'none',
        reason: 'subscription_paused',
      },
    );
  });

  it('takes no period end in the future as proof of payment', () => {
    const currentPeriod = { startsAt: '2026-06-14T00:00:00Z', endsAt: '2027-06-14T00:00:00Z' };
    expect(
      accessOf(subscription({ status: 'canceled', currentPeriod, nextBilledAt: '2027-06-14T00:00:00Z' }), PLAIN, NOW),
    ).toMatchObject({ access: 'none' });
  });

  it.each<[string, Partial<Subscription>, number | null, object]>([
    [
      'is over',
      { pastDueSince: '2026-06-08T12:00:00.000000Z' },
      7,
      { access: 'none', reason: 'subscription_past_due', until: null },
    ],
    ['is over a microsecond later', { pastDueSince: '2026-06-08T12:00:00.000001Z' }, 7, { access: 'full', until: LATER }],
    ['lasts', { pastDueSince: '2026-06-15T00:00:00Z' }, 3, { access: 'full', until: '2026-06-18T00:00:00.000000Z' }],
    ['is none at all', { pastDueSince: '2026-06-15T12:00:00.000000Z' }, 0, { access: 'none', until: null }],
    ['is not configured', { pastDueSince: '2020-01-01T00:00:00Z' }, null, { access: 'full', until: null }],
    ['began nobody knows when', { pastDueSince: null }, 0, { access: 'full', until: null }],
    [
      'is of another time: it was paid',
      { pastDueSince: '2020-01-01T00:00:00Z', status: 'active' },
      7,
      { access: 'full', until: null },
    ],
    [
      'ends after a cancellation',
      { pastDueSince: '2026-06-15T00:00:00Z', scheduledChange: scheduled('cancel', LATER) },
      7,
      { access: 'full', reason: 'cancellation_scheduled', until: LATER },
    ],
    [
      'ends before a cancellation',
      { pastDueSince: '2026-06-15T00:00:00Z', scheduledChange: scheduled('cancel', '2026-07-01T00:00:00Z') },
      7,
      { access: 'full', reason: 'subscription_past_due', until: '2026-06-22T00:00:00.000000Z' },
    ],
  ])('a grace period that %s', (_, change, pastDueGraceDays, expected) => {
    const pastDue = subscription({ status: 'past_due', ...change });
    expect(accessOf(pastDue, { paused: 'none', pastDueGraceDays }, NOW)).toMatchObject(expected);
  });

  it('leaves what is paused readable where that is configured, and nothing else', () => {
    const policy: AccessPolicy = { paused: 'read_only', pastDueGraceDays: 0 };
    const reason = 'subscription_paused';
    expect(accessOf(subscription({ status: 'paused' }), policy, NOW)).toEqual({ access: 'read_only', reason, until: null });
    const due = subscription({ scheduledChange: scheduled('pause', EARLIER) });
    expect(accessOf(due, policy, NOW)).toEqual({ access: 'read_only', reason, until: null });
    expect(accessOf(subscription({ status: 'canceled' }), policy, NOW)).toMatchObject({ access: 'none' });
  });

  it('knows the moments at which it changes by itself', () => {
    const change = { pastDueSince: '2026-06-15T00:00:00.000007Z', scheduledChange: scheduled('cancel', LATER) };
    const policy: AccessPolicy = { paused: 'none', pastDueGraceDays: 20 };
    expect(changesOf(subscription({ status: 'past_due', ...change }), policy)).toEqual([LATER, '2026-07-05T00:00:00.000007Z']);
    expect(changesOf(subscription(), policy)).toEqual([]);
  });

  it('ignores a scheduled change that nobody knows yet, or whose time makes no sense', () => {
    expect(accessOf(subscription({ scheduledChange: scheduled('melt', EARLIER) }), PLAIN, NOW)).toMatchObject({
      access: 'full',
      until: null,
    });
    expect(accessOf(subscription({ scheduledChange: scheduled('cancel', 'someday') }), PLAIN, NOW)).toMatchObject({
      access: 'full',
      until: 'someday',
    });
  });
});

describe('actionsOf', () => {
  const can = (change: Partial<Subscription>) =>
    Object.entries(actionsOf(subscription(change), NOW))
      .filter(([, allowed]) => allowed)
      .map(([name]) => name);

  it.each<[string, Partial<Subscription>, string[]]>([
    ['active', {}, ['cancel', 'pause', 'switch', 'updatePaymentMethod']],
    ['trialing', { status: 'trialing' }, ['cancel', 'pause', 'switch', 'updatePaymentMethod']],
    ['past due', { status: 'past_due' }, ['cancel', 'updatePaymentMethod']],
    ['paused', { status: 'paused' }, ['cancel', 'resume']],
    ['canceled', { status: 'canceled' }, []],
    ['about to be canceled', { scheduledChange: scheduled('cancel', LATER) }, ['resume', 'updatePaymentMethod']],
    ['about to be paused', { scheduledChange: scheduled('pause', LATER) }, ['resume', 'updatePaymentMethod']],
    [
      'about to be switched',
      { scheduledChange: scheduled('switch', LATER) },
      ['cancel', 'pause', 'resume', 'switch', 'updatePaymentMethod'],
    ],
    [
      'past due and about to be canceled',
      { status: 'past_due', scheduledChange: scheduled('cancel', LATER) },
      ['cancel', 'resume', 'updatePaymentMethod'],
    ],
    ['about to renew', { nextBilledAt: '2026-06-15T12:29:59Z' }, ['updatePaymentMethod']],
    ['in a state that nobody knows yet', { status: 'hibernating' }, ['cancel', 'pause', 'switch', 'updatePaymentMethod']],
  ])('%s', (_, change, actions) => expect(can(change)).toEqual(actions));
});

describe('planTypeOf', () => {
  const item = (unitAmount: string | null, recurring = true) => ({
    status: 'active',
    productId: 'pro_1',
    productName: null,
    priceId: 'pri_1',
    priceName: null,
    unitAmount,
    quantity: 1,
    recurring,
    trialEndsAt: null,
  });

  it.each([
    ['PAID', [item('100')]],
    ['PAID', [item('0'), item('1')]],
    ['FREE', [item('0'), item('0')]],
    ['FREE', [item(null)]],
    ['FREE', []],
    ['FREE', [item('0'), item('500', false)]],
  ])('is %s', (type, items) => expect(planTypeOf(subscription({ items }))).toBe(type));
});
