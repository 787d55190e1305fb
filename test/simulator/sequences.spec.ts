import { createBusiness, createCustomer } from '../../src/simulator/world/customers';
import { DECLINED_CARD, GOOD_CARD } from '../../src/simulator/world/payments';
import { play, SCENARIOS } from '../../src/simulator/world/scenarios';
import { Story } from '../../src/simulator/world/story';
import { activate, cancel, pause, resume } from '../../src/simulator/world/subscription-commands';
import { updateSubscription } from '../../src/simulator/world/update-subscription';
import { buyerOf, eventsOf, newWorld, priceOf } from './new-world';
import type { World } from '../../src/simulator/world/world';

/** As REFERENCE 3.3 writes it: T = transaction, S = subscription, A = adjustment, the status in parentheses. */
function told(world: World): string[] {
  return eventsOf(world).map(({ type, data: { status } }) => {
    const [entity, action] = type.split('.') as [string, string];
    const short = { transaction: 'T', subscription: 'S', adjustment: 'A' }[entity] ?? entity;
    return `${short}.${action}${short.length === 1 ? `(${status})` : ''}`;
  });
}

function listed(...parts: string[]): string[] {
  return parts.flatMap((part) => part.split(/\s+/).filter(Boolean));
}

const NEW_CUSTOMER = 'T.created(draft) customer.created address.created T.updated(ready) T.ready(ready)';
const KNOWN_CUSTOMER = 'T.created(draft) T.updated(ready) T.ready(ready)';
const PAID = 'T.updated(paid) T.paid(paid)';
const COMPLETED = 'T.updated(completed) T.completed(completed)';
const STARTED = 'S.created(active) S.activated(active)';
const TRIAL_STARTED = 'S.created(trialing) S.trialing(trialing)';
const SIGNUP = `${NEW_CUSTOMER} payment_method.saved ${PAID} ${STARTED} ${COMPLETED}`;
const TRIAL_SIGNUP = `${NEW_CUSTOMER} payment_method.saved ${PAID} ${TRIAL_STARTED} ${COMPLETED}`;
const BILLED = 'T.created(billed) T.billed(billed)';
const CHARGED = `${BILLED} ${PAID} ${COMPLETED}`;
const UNPAID = `${BILLED} T.payment_failed(billed) T.updated(past_due) T.past_due(past_due) S.updated(past_due) S.past_due(past_due)`;
const RETRIED = 'T.payment_failed(past_due) T.updated(past_due)';
const ACTIVE_AGAIN = 'S.updated(active) S.activated(active)';
const ENDED = 'S.updated(canceled) S.canceled(canceled)';
const PAUSED = 'S.updated(paused) S.paused(paused)';
const WRITTEN_OFF = 'T.updated(canceled) T.canceled(canceled)';
const CARD_REPLACED = 'payment_method.saved payment_method.deleted';
const INVOICED = 'customer.created address.created T.created(ready) T.ready(ready) T.billed(billed) T.updated(billed)';
const REFUND = 'A.created(pending_approval) A.updated(approved)';

/** Every scenario there is, as REFERENCE 3.3 has its events; where that leaves the order open, ours is held all the same. */
const SEQUENCES: Record<string, string[]> = {
  signup: [SIGNUP],
  signup_with_trial: [TRIAL_SIGNUP],
  signup_existing_customer: [
    'customer.created address.created',
    `${KNOWN_CUSTOMER} payment_method.saved ${PAID} ${STARTED} ${COMPLETED}`,
  ],
  signup_after_declined_cards: [
    NEW_CUSTOMER,
    'T.payment_failed(ready) T.payment_failed(ready)',
    `payment_method.saved ${PAID} ${STARTED} ${COMPLETED}`,
  ],
  trial_converted: [TRIAL_SIGNUP, 'S.updated(trialing)', CHARGED, ACTIVE_AGAIN],
  trial_payment_failed: [TRIAL_SIGNUP, 'S.updated(trialing)', UNPAID],
  renewal: [SIGNUP, 'S.updated(active)', CHARGED],
  renewal_failed: [SIGNUP, 'S.updated(active)', UNPAID],
  renewal_recovered: [SIGNUP, 'S.updated(active)', UNPAID, PAID, COMPLETED, ACTIVE_AGAIN],
  dunning_exhausted: [SIGNUP, 'S.updated(active)', UNPAID, RETRIED, RETRIED, RETRIED, RETRIED, ENDED, WRITTEN_OFF],
  dunning_exhausted_paused: [SIGNUP, 'S.updated(active)', UNPAID, RETRIED, RETRIED, RETRIED, RETRIED, PAUSED, WRITTEN_OFF],
  upgrade: [SIGNUP, CHARGED, 'S.updated(active)'],
  upgrade_to_yearly: [SIGNUP, CHARGED, 'S.updated(active)'],
  downgrade: [SIGNUP, CHARGED, 'S.updated(active)'],
  downgrade_next_period: [SIGNUP, 'S.updated(active)'],
  addon_added: [SIGNUP, CHARGED, 'S.updated(active)'],
  seat_change: [SIGNUP, CHARGED, 'S.updated(active)'],
  pause: [SIGNUP, PAUSED],
  pause_scheduled: [SIGNUP, 'S.updated(active)', PAUSED],
  resume: [SIGNUP, PAUSED, 'S.updated(active) S.resumed(active)', CHARGED, ACTIVE_AGAIN],
  resume_scheduled: [SIGNUP, PAUSED, 'S.updated(paused)', 'S.updated(active) S.resumed(active)', CHARGED, ACTIVE_AGAIN],
  resume_same_period: [SIGNUP, PAUSED, 'S.updated(active) S.resumed(active)'],
  cancel_now: [SIGNUP, ENDED],
  cancel_scheduled: [SIGNUP, 'S.updated(active)', ENDED],
  scheduled_change_removed: [SIGNUP, 'S.updated(active)', 'S.updated(active)'],
  one_time_purchase: [`${NEW_CUSTOMER} payment_method.saved ${PAID} ${COMPLETED}`],
  one_off_charge: [SIGNUP, CHARGED],
  one_off_charge_next_period: [SIGNUP, 'S.updated(active)', CHARGED],
  payment_method_updated: [SIGNUP, 'T.created(ready) T.ready(ready)', CARD_REPLACED, PAID, COMPLETED],
  payment_method_updated_past_due: [SIGNUP, 'S.updated(active)', UNPAID, CARD_REPLACED, PAID, COMPLETED, ACTIVE_AGAIN],
  invoice_issued: [INVOICED, STARTED],
  invoice_paid: [INVOICED, STARTED, PAID, COMPLETED],
  invoice_overdue: [INVOICED, STARTED, 'T.updated(past_due) T.past_due(past_due) S.updated(past_due) S.past_due(past_due)'],
  invoice_canceled: [INVOICED, STARTED, WRITTEN_OFF],
  refund_full: [SIGNUP, REFUND],
  refund_rejected: [SIGNUP, 'A.created(pending_approval) A.updated(rejected)'],
  refunds_partial_to_full: [SIGNUP, REFUND, REFUND, REFUND],
  chargeback: [SIGNUP, 'A.created(approved)'],
  chargeback_reversed: [SIGNUP, 'A.created(approved)', 'A.created(approved) A.updated(reversed)'],
  email_changed_at_checkout: ['customer.created', SIGNUP],
};

it('has a sequence for every scenario, and no other', () => {
  expect(Object.keys(SEQUENCES).sort()).toEqual(Object.keys(SCENARIOS).sort());
});

it.each(Object.entries(SEQUENCES))('%s', (name, expected) => {
  const world = newWorld();
  play(world, name, {});
  expect(told(world)).toEqual(listed(...expected));
});

it.each(['alpha', 'beta', 'gamma'])('is the same for every seed (%s)', (seed) => {
  for (const [name, expected] of Object.entries(SEQUENCES)) {
    const world = newWorld({ seed });
    play(world, name, {});
    expect([name, ...told(world)]).toEqual([name, ...listed(...expected)]);
  }
});

describe('rows of REFERENCE 3.3 that no scenario plays', () => {
  const NOW = { effectiveFrom: 'immediately', resumeAt: null, onResume: null } as const;

  function after(story: Story): Story {
    story.world.takeEvents();
    return story;
  }

  function toTeam(story: Story, mode: 'prevent_change' | 'apply_change'): () => void {
    const items = [{ price_id: priceOf(story.world, 'team-monthly'), quantity: 1 }];
    const request = { items, proration_billing_mode: 'prorated_immediately', on_payment_failure: mode } as const;
    return () => updateSubscription(story.world, story.subscription, request);
  }

  it('a failed checkout attempt, any number of times', () => {
    const story = new Story(newWorld(), {});
    const transaction = story.open([{ price_id: story.price('solo-monthly'), quantity: 1 }]);
    story.identify(transaction);
    for (let attempt = 0; attempt < 4; attempt++) story.pay(transaction, DECLINED_CARD);
    const failed = 'T.payment_failed(ready)';
    expect(told(story.world)).toEqual(listed(NEW_CUSTOMER, failed, failed, failed, failed));
    expect(transaction).toMatchObject({ status: 'ready', subscription_id: null });
    expect(transaction.payments).toHaveLength(4);
  });

  it('an upgrade whose payment is declined, with prevent_change: the bill is canceled, the items stay', () => {
    const story = after(buyerOf('solo-monthly').cardBecomes('declines'));
    const before = structuredClone(story.subscription);
    expect(toTeam(story, 'prevent_change')).toThrow('subscription_payment_declined');
    expect(told(story.world)).toEqual(listed(BILLED, 'T.payment_failed(billed)', WRITTEN_OFF));
    expect(story.subscription).toEqual(before);
  });

  it('the same with apply_change: the items change, the bill is past due, the subscription is not', () => {
    const story = after(buyerOf('solo-monthly').cardBecomes('declines'));
    toTeam(story, 'apply_change')();
    expect(told(story.world)).toEqual(
      listed(BILLED, 'T.payment_failed(billed)', 'T.updated(past_due) T.past_due(past_due)', 'S.updated(active)'),
    );
    expect(story.subscription.items.map(({ product }) => product.name)).toEqual(['Rowboat Team']);
  });

  it('a pause or a cancellation while past due cancels what is unpaid', () => {
    const paused = after(buyerOf('solo-monthly').cardBecomes('declines').untilRenewed());
    pause(paused.world, paused.subscription, NOW);
    expect(told(paused.world)).toEqual(listed(PAUSED, WRITTEN_OFF));
    const canceled = after(buyerOf('solo-monthly').cardBecomes('declines').untilRenewed());
    cancel(canceled.world, canceled.subscription, 'immediately');
    expect(told(canceled.world)).toEqual(listed(ENDED, WRITTEN_OFF));
  });

  it('a resumption whose payment fails', () => {
    const story = buyerOf('solo-monthly').cardBecomes('declines');
    pause(story.world, story.subscription, NOW);
    after(story);
    resume(story.world, story.subscription, 'immediately', null);
    expect(told(story.world)).toEqual(listed('S.updated(active) S.resumed(active)', UNPAID));
  });

  it('an activation of a trial', () => {
    const story = after(buyerOf('solo-trial').after('P3D'));
    activate(story.world, story.subscription);
    expect(told(story.world)).toEqual(listed('S.updated(trialing)', CHARGED, ACTIVE_AGAIN));
  });

  it('a failed trial whose payment goes through later: active for the first time', () => {
    const story = after(buyerOf('solo-trial').cardBecomes('declines').untilRenewed().cardBecomes('pays'));
    story.after('P4D');
    expect(told(story.world)).toEqual(listed(PAID, COMPLETED, ACTIVE_AGAIN));
  });

  it('the renewal of an invoiced subscription: a bill with its number, which nobody collects', () => {
    const story = new Story(newWorld(), {});
    play(story.world, 'invoice_paid', {});
    const [subscription] = story.world.tables.subscriptions.values();
    story.world.takeEvents();
    story.after('P1M');
    expect(told(story.world)).toEqual(listed('S.updated(active)', BILLED, 'T.updated(billed)'));
    const bill = [...story.world.tables.transactions.values()].at(-1)!;
    expect(bill).toMatchObject({ subscription_id: subscription!.id, invoice_number: expect.stringMatching(/^325-\d+$/) });
  });

  it('an overdue invoice over something that is bought once', () => {
    const { world } = new Story(newWorld(), {});
    const result = play(world, 'invoice_issued', { priceId: priceOf(world, 'handbook') });
    expect(result.subscriptionId).toBeNull();
    world.takeEvents();
    new Story(world, {}).after('P15D');
    expect(told(world)).toEqual(listed('T.updated(past_due) T.past_due(past_due)'));
  });

  it('an overdue invoice of a subscription that is canceled does not bring it back', () => {
    const story = new Story(newWorld(), {});
    play(story.world, 'invoice_issued', {});
    const [subscription] = story.world.tables.subscriptions.values();
    cancel(story.world, subscription!, 'immediately');
    story.world.takeEvents();
    story.after('P15D');
    expect(told(story.world)).toEqual(listed('T.updated(past_due) T.past_due(past_due)'));
    expect(subscription!.status).toBe('canceled');
  });

  it('an existing customer with a business', () => {
    const world = newWorld();
    const customer = createCustomer(world, { email: 'a@example.com' });
    createBusiness(world, customer.id, { name: 'Oars Ltd' });
    expect(told(world)).toEqual(['customer.created', 'business.created']);
  });

  it('another customer of a subscription loses the payment method', () => {
    const story = after(buyerOf('solo-monthly'));
    const other = new Story(story.world, {}).buy(story.price('handbook'), { card: GOOD_CARD }).lastPaid;
    after(story);
    const request = { customer_id: other.customer_id!, address_id: other.address_id! };
    updateSubscription(story.world, story.subscription, request);
    expect(told(story.world)).toEqual(listed('S.updated(active)'));
    expect(toTeam(story, 'prevent_change')).toThrow('subscription_missing_payment_method_cannot_update');
  });
});
