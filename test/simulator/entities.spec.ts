import { createAdjustment, chargeBack, reverseChargeback } from '../../src/simulator/world/adjustments';
import { play } from '../../src/simulator/world/scenarios';
import { Story } from '../../src/simulator/world/story';
import { activate, cancel, pause, resume } from '../../src/simulator/world/subscription-commands';
import { giveUp } from '../../src/simulator/world/renewals';
import { updateSubscription, type SubscriptionRequest } from '../../src/simulator/world/update-subscription';
import type { World } from '../../src/simulator/world/world';
import { buyerOf, eventsOf, newWorld, priceOf } from './new-world';

/** What is null when, and what a snapshot shows: REFERENCE 2.4 to 2.6, by the events of stories. */

const NOW = { effectiveFrom: 'immediately', resumeAt: null, onResume: null } as const;

/** The first event of each type and status: `transaction.updated(paid)`. */
function byStatus(world: World): Map<string, Record<string, unknown>> {
  const found = new Map<string, Record<string, unknown>>();
  for (const { type, data } of eventsOf(world)) {
    const name = type.endsWith('updated') ? `${type}(${data.status})` : type;
    if (!found.has(name)) found.set(name, data);
  }
  return found;
}

function told(name: string, world = newWorld()): Map<string, Record<string, unknown>> {
  play(world, name, {});
  return byStatus(world);
}

describe('a transaction that starts a subscription', () => {
  const events = told('signup');
  const later = { invoice_number: null, invoice_id: null, subscription_id: null, billing_period: null };

  it('knows nobody as a draft', () => {
    const nobody = { customer_id: null, address_id: null, business_id: null, billed_at: null, payments: [], ...later };
    expect(events.get('transaction.created')).toMatchObject({ status: 'draft', origin: 'web', ...nobody });
  });

  it('is billed when it is paid, and has no number, subscription, period or payout yet', () => {
    const details = { payout_totals: null, adjusted_payout_totals: null, totals: { balance: '0', fee: null, earnings: null } };
    expect(events.get('transaction.paid')).toMatchObject({ ...later, billed_at: expect.any(String), details });
    expect(events.get('transaction.updated(ready)')).toMatchObject({ ...later, billed_at: null });
  });

  it('has all of it when it is completed', () => {
    const subscription = events.get('subscription.created')!;
    expect(events.get('transaction.completed')).toMatchObject({
      subscription_id: subscription.id,
      billing_period: subscription.current_billing_period,
      invoice_number: expect.stringMatching(/^325-\d+$/),
      invoice_id: expect.stringMatching(/^inv_/),
      details: { payout_totals: { currency_code: 'USD' }, totals: { fee: expect.any(String), earnings: expect.any(String) } },
    });
    expect(subscription.transaction_id).toBe(events.get('transaction.completed')!.id);
    expect(events.get('subscription.activated')).not.toHaveProperty('transaction_id');
  });

  it('hands its custom data on to the subscription, and that to later transactions', () => {
    const world = newWorld();
    play(world, 'renewal', { userId: 'u1' });
    const all = [...world.tables.transactions.values(), ...world.tables.subscriptions.values()];
    expect(all.map(({ custom_data: data }) => data)).toEqual(all.map(() => ({ user_id: 'u1' })));
    expect([...world.tables.customers.values()][0]!.custom_data).toBeNull();
  });
});

describe('a subscription', () => {
  const dates = (of: Record<string, unknown>) => {
    const { next_billed_at, first_billed_at, paused_at, canceled_at, current_billing_period } = of;
    return { next_billed_at, first_billed_at, paused_at, canceled_at, current_billing_period };
  };

  it('on trial: not billed yet, and until when it runs', () => {
    const trialing = told('signup_with_trial').get('subscription.trialing')!;
    const [item] = trialing.items as Record<string, unknown>[];
    const trial = item!.trial_dates as { starts_at: string; ends_at: string };
    expect(trialing).toMatchObject({ first_billed_at: null, next_billed_at: trial.ends_at, current_billing_period: trial });
    expect(item).toMatchObject({ status: 'trialing', previously_billed_at: null, next_billed_at: trial.ends_at });
  });

  it('paused: nothing is billed, its items stay active', () => {
    const paused = told('pause').get('subscription.paused')!;
    expect(dates(paused)).toMatchObject({ next_billed_at: null, current_billing_period: null, canceled_at: null });
    expect(paused).toMatchObject({ paused_at: expect.any(String), scheduled_change: null });
    expect(paused.items).toMatchObject([{ status: 'active', next_billed_at: null }]);
  });

  it('canceled: the same, for good', () => {
    const canceled = told('cancel_scheduled').get('subscription.canceled')!;
    expect(dates(canceled)).toMatchObject({ next_billed_at: null, current_billing_period: null, paused_at: null });
    expect(canceled).toMatchObject({ canceled_at: expect.any(String), scheduled_change: null });
    expect(canceled.items).toMatchObject([{ status: 'active', next_billed_at: null }]);
  });

  it('past due: its dates have moved on already', () => {
    const story = buyerOf('solo-monthly').cardBecomes('declines');
    const { ends_at: end } = story.subscription.current_billing_period!;
    const events = byStatus(story.untilRenewed().world);
    for (const name of ['subscription.updated(active)', 'subscription.past_due']) {
      expect(events.get(name)!.current_billing_period).toMatchObject({ starts_at: end });
      expect(events.get(name)!.next_billed_at).toMatch(/^2026-03-10/);
    }
  });

  it('about to be canceled or paused: what happens and when, the status unchanged', () => {
    const story = buyerOf('solo-monthly');
    const { ends_at: end } = story.subscription.current_billing_period!;
    cancel(story.world, story.subscription, 'next_billing_period');
    const scheduled = { action: 'cancel', effective_at: end, resume_at: null };
    expect(story.subscription).toMatchObject({ status: 'active', scheduled_change: scheduled, next_billed_at: null });
    const other = buyerOf('solo-monthly');
    other.world.assumptions.nextBilledAtWhileScheduled = 'kept';
    pause(other.world, other.subscription, { ...NOW, effectiveFrom: null });
    expect(other.subscription).toMatchObject({ scheduled_change: { action: 'pause' }, next_billed_at: end });
  });

  it('paused with the period kept, where Paddle is assumed to', () => {
    const story = buyerOf('solo-monthly');
    const period = story.subscription.current_billing_period;
    story.world.assumptions.periodWhilePaused = 'kept';
    pause(story.world, story.subscription, NOW);
    expect(story.subscription).toMatchObject({ current_billing_period: period, next_billed_at: null });
  });

  it('resumed after a trial without a bill: billed for the first time', () => {
    const story = buyerOf('solo-trial').after('P2D');
    pause(story.world, story.subscription, NOW);
    resume(story.world, story.subscription, 'immediately', null);
    expect(story.subscription).toMatchObject({ status: 'active', first_billed_at: expect.any(String) });
  });

  it('an activation leaves the first bill and the trial that was planned as they were recorded', () => {
    const story = buyerOf('solo-trial').after('P2D');
    const first = structuredClone(story.result().transactionIds.map((id) => story.world.tables.transactions.get(id)));
    activate(story.world, story.subscription);
    expect(story.world.tables.transactions.get(first[0]!.id)).toEqual(first[0]);
    expect(story.subscription.items[0]!.trial_dates!.ends_at.slice(0, 10)).toBe('2026-01-12');
  });
});

describe('an update', () => {
  it('is one event, whatever it changes', () => {
    const story = buyerOf('solo-monthly').after('P5D');
    cancel(story.world, story.subscription, 'next_billing_period');
    story.world.takeEvents();
    updateSubscription(story.world, story.subscription, {
      items: [{ price_id: priceOf(story.world, 'solo-monthly') }],
      proration_billing_mode: 'do_not_bill',
      scheduled_change: null,
      next_billed_at: '2026-03-01T00:00:00Z',
      custom_data: { a: 1 },
    });
    const events = eventsOf(story.world);
    expect(events.map(({ type }) => type)).toEqual(['subscription.updated']);
    expect(events[0]!.data).toMatchObject({
      scheduled_change: null,
      next_billed_at: '2026-03-01T00:00:00.000000Z',
      custom_data: { a: 1 },
      items: [{ next_billed_at: '2026-03-01T00:00:00.000000Z' }],
      current_billing_period: { ends_at: '2026-03-01T00:00:00.000000Z' },
    });
  });

  it('that is refused changes nothing and says nothing', () => {
    const story = buyerOf('solo-monthly').after('P5D');
    const stranger = buyerOf('solo-monthly', { world: story.world });
    story.cardBecomes('declines');
    cancel(story.world, story.subscription, 'next_billing_period');
    story.world.takeEvents();
    const before = structuredClone(story.subscription);
    const wrong: [string, SubscriptionRequest][] = [
      ['customer_mismatch', { scheduled_change: null, address_id: stranger.subscription.address_id }],
      ['not_found', { scheduled_change: null, discount: { id: 'dsc_none', effective_from: 'immediately' } }],
      ['not_found', { scheduled_change: null, custom_data: { a: 1 }, items: [{ price_id: 'pri_none', quantity: 1 }] }],
    ];
    for (const [code, request] of wrong) {
      const whole = { proration_billing_mode: 'prorated_immediately' as const, ...request };
      expect(() => updateSubscription(story.world, story.subscription, whole)).toThrow(code);
    }
    expect(eventsOf(story.world)).toEqual([]);
    expect(story.subscription).toEqual(before);
    const items = [{ price_id: priceOf(story.world, 'team-monthly'), quantity: 1 }];
    const declined = { scheduled_change: null, items, proration_billing_mode: 'full_immediately' } as const;
    expect(() => updateSubscription(story.world, story.subscription, declined)).toThrow('declined');
    expect(story.subscription).toEqual(before);
  });

  it('of the next bill moves the end of a trial, and what is scheduled for then', () => {
    const trial = buyerOf('solo-trial');
    const request = { next_billed_at: '2026-02-15T00:00:00Z', proration_billing_mode: 'do_not_bill' } as const;
    updateSubscription(trial.world, trial.subscription, request);
    expect(trial.subscription.items[0]!.trial_dates!.ends_at).toBe('2026-02-15T00:00:00.000000Z');
    const leaving = buyerOf('solo-monthly');
    cancel(leaving.world, leaving.subscription, 'next_billing_period');
    updateSubscription(leaving.world, leaving.subscription, request);
    expect(leaving.subscription).toMatchObject({
      next_billed_at: null,
      scheduled_change: { action: 'cancel', effective_at: '2026-02-15T00:00:00.000000Z' },
    });
    leaving.after('P2M');
    expect(leaving.subscription.canceled_at).toMatch(/^2026-02-15T00:00:00/);
  });

  it('keeps the price that an item was bought at, and takes today’s for a new one', () => {
    const story = buyerOf('solo-monthly');
    const { world } = story;
    const bought = story.subscription.items[0]!.price;
    world.tables.prices.set(bought.id, { ...bought, unit_price: { amount: '9900', currency_code: 'USD' } });
    const reports = { price_id: priceOf(world, 'reports-monthly'), quantity: 1 };
    const items = [{ price_id: bought.id }, reports];
    updateSubscription(world, story.subscription, { items, proration_billing_mode: 'do_not_bill' });
    expect(story.subscription.items.map(({ price }) => price.unit_price.amount)).toEqual(['1200', '500']);
    story.untilRenewed();
    expect(story.lastPaid.details.totals.subtotal).toBe('1700');
  });

  it('gives a discount for as long as it runs, from now or from the next bill', () => {
    const story = buyerOf('solo-monthly');
    const [discount] = story.world.tables.discounts.values();
    const request = { discount: { id: discount!.id, effective_from: 'next_billing_period' } } as const;
    updateSubscription(story.world, story.subscription, request);
    expect(story.subscription.discount).toEqual({
      id: discount!.id,
      starts_at: story.subscription.next_billed_at,
      ends_at: expect.stringMatching(/^2026-05-10/),
    });
    const paid = [1, 2, 3, 4].map(() => story.untilRenewed().lastPaid.details.totals.discount);
    expect(paid).toEqual(['120', '120', '120', '0']);
  });
});

describe('what is unpaid', () => {
  it('given up by the seller, is not tried again, and not canceled a second time', () => {
    const story = buyerOf('solo-monthly').cardBecomes('declines').untilRenewed();
    giveUp(story.world, [...story.world.tables.transactions.values()].at(-1)!);
    expect(story.subscription.status).toBe('active');
    story.world.takeEvents();
    cancel(story.after('P8D').world, story.subscription, 'immediately');
    expect(eventsOf(story.world).map(({ type }) => type)).toEqual(['subscription.updated', 'subscription.canceled']);
  });
});

describe('an adjustment', () => {
  const bought = () => buyerOf('solo-monthly').after('P1D');

  it('leaves the status of the transaction and the subscription alone, unless Paddle is assumed to tell', () => {
    const events = told('refund_full');
    expect(events.get('adjustment.created')).toMatchObject({ status: 'pending_approval', type: 'full', action: 'refund' });
    const world = newWorld();
    world.assumptions.adjustmentUpdatesTransaction = true;
    play(world, 'refund_full', {});
    const last = eventsOf(world).at(-1)!;
    expect(last).toMatchObject({ type: 'transaction.updated', data: { status: 'completed' } });
    expect([...world.tables.subscriptions.values()][0]!.status).toBe('active');
  });

  it('is approved by itself every ten minutes, on the minute', () => {
    const { world, lastPaid } = bought();
    const refund = createAdjustment(world, { action: 'refund', reason: 'any', transaction_id: lastPaid.id, type: 'full' });
    world.takeEvents();
    new Story(world, {}).after('PT10M');
    expect(refund).toMatchObject({ status: 'approved', updated_at: expect.stringMatching(/:\d0:00\.000000Z$/) });
  });

  it('refuses the same line twice beyond what it cost, no tax where there is none, and a second while one is pending', () => {
    const { world, lastPaid } = buyerOf('solo-monthly', { country: 'BR' }).after('P1D');
    const [line] = lastPaid.details.line_items;
    const half = { item_id: line!.id, type: 'partial' as const, amount: '700' };
    const request = { action: 'refund', reason: 'any', transaction_id: lastPaid.id } as const;
    const ask = (more: object) => () => createAdjustment(world, { ...request, ...more });
    expect(ask({ items: [half, half] })).toThrow('adjustment_amount_above_remaining_allowed');
    expect(ask({ items: [{ item_id: line!.id, type: 'tax' }] })).toThrow('adjustment_no_tax_available_to_adjust');
    expect(ask({ items: [{ ...half, amount: '0' }] })).toThrow('adjustment_amount_cannot_be_zero');
    expect(ask({ items: [{ ...half, item_id: 'txnitm_none' }] })).toThrow('adjustment_transaction_item_invalid');
    ask({ items: [half] })();
    expect(ask({ type: 'full' })).toThrow('adjustment_pending_refund_request');
  });

  it('of a chargeback costs a fee, and is taken back once', () => {
    const { world, lastPaid } = bought();
    const chargeback = chargeBack(world, lastPaid, 'chargeback');
    expect(lastPaid.details.adjusted_totals.total).toBe('0');
    expect(lastPaid.details.adjusted_payout_totals!.chargeback_fee.amount).toBe('1500');
    reverseChargeback(world, chargeback);
    expect(chargeback.status).toBe('reversed');
    expect(lastPaid.details.adjusted_totals.total).toBe(lastPaid.details.totals.total);
    expect(() => reverseChargeback(world, chargeback)).toThrow('conflict');
  });

  it('of a chargeback cancels the subscription, where Paddle is assumed to', () => {
    const story = bought();
    story.world.assumptions.chargebackOnSubscription = 'cancel';
    chargeBack(story.world, story.lastPaid, 'chargeback');
    expect(story.subscription.status).toBe('canceled');
  });
});
