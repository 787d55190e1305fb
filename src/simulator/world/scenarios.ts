import { chargeBack, createAdjustment, decideRefund, reverseChargeback } from './adjustments';
import { createAddress, createCustomer, customerByEmail } from './customers';
import { payInvoice } from './checkout';
import type { Adjustment } from './money-entities';
import { charge } from './immediate-charge';
import { createTransaction } from './new-transaction';
import { DECLINED_CARD, GOOD_CARD } from './payments';
import { SimulatorError } from './simulator-error';
import { Story, type StoryOptions, type StoryResult } from './story';
import { cancel, pause, paymentMethodTransaction, removeScheduledChange, resume } from './subscription-commands';
import { cancelTransaction } from './transactions';
import { updateSubscription } from './update-subscription';
import type { ProrationMode } from './plan-change';
import type { World } from './world';

type Scenario = (story: Story) => void;

const NOW = { effectiveFrom: 'immediately', resumeAt: null, onResume: null } as const;
const AT_PERIOD_END = { effectiveFrom: 'next_billing_period', resumeAt: null, onResume: null } as const;

/** Whole stories by name: every sequence of REFERENCE 3.3, and those that Paddle's own simulator lacks. */
export const SCENARIOS: Record<string, Scenario> = {
  signup: (story) => signUp(story),
  signup_with_trial: (story) => signUp(story, 'solo-trial'),
  signup_existing_customer: (story) => {
    const customer = customerByEmail(story.world, story.email) ?? createCustomer(story.world, { email: story.email });
    createAddress(story.world, customer.id, { country_code: story.options.country ?? 'US', postal_code: '10021' });
    signUp(story);
  },
  signup_after_declined_cards: (story) => {
    const transaction = story.open([item(story, 'solo-monthly')]);
    story.identify(transaction);
    for (const card of [DECLINED_CARD, DECLINED_CARD, GOOD_CARD]) story.pay(transaction, card);
  },
  trial_converted: (story) => void signUp(story, 'solo-trial').untilRenewed(),
  trial_payment_failed: (story) => void signUp(story, 'solo-trial').cardBecomes('declines').untilRenewed(),
  renewal: (story) => void signUp(story).untilRenewed(),
  renewal_failed: (story) => failRenewal(story),
  renewal_recovered: (story) => void failRenewal(story).cardBecomes('pays').after('P4D'),
  dunning_exhausted: (story) => exhaustDunning(story, 'cancel'),
  dunning_exhausted_paused: (story) => exhaustDunning(story, 'pause'),
  upgrade: (story) => switchPlan(signUp(story).after('P10D'), 'team-monthly', 'prorated_immediately', 2),
  upgrade_to_yearly: (story) => switchPlan(signUp(story).after('P10D'), 'solo-yearly', 'prorated_immediately'),
  downgrade: (story) => switchPlan(signUp(story, 'team-monthly').after('P10D'), 'solo-monthly', 'prorated_immediately'),
  downgrade_next_period: (story) =>
    switchPlan(signUp(story, 'team-monthly').after('P10D'), 'solo-monthly', 'full_next_billing_period'),
  addon_added: (story) => addItem(signUp(story).after('P10D'), 'reports-monthly'),
  seat_change: (story) => {
    signUp(story, 'team-monthly').after('P10D');
    const [seats] = story.subscription.items;
    change(story, [{ price_id: seats!.price.id, quantity: seats!.quantity + 3 }], 'prorated_immediately');
  },
  pause: (story) => pause(story.world, signUp(story).after('P10D').subscription, NOW),
  pause_scheduled: (story) => {
    pause(story.world, signUp(story).after('P10D').subscription, AT_PERIOD_END);
    story.after('P1M');
  },
  resume: (story) => {
    pause(story.world, signUp(story).after('P10D').subscription, NOW);
    resume(story.after('P20D').world, story.subscription, 'immediately', null);
  },
  resume_scheduled: (story) => {
    const resumeAt = new Date(signUp(story).after('P10D').world.now / 1_000 + 40 * 86_400_000).toISOString();
    pause(story.world, story.subscription, { ...NOW, resumeAt });
    story.after('P41D');
  },
  resume_same_period: (story) => {
    pause(story.world, signUp(story).after('P10D').subscription, NOW);
    resume(story.after('P5D').world, story.subscription, 'immediately', 'continue_existing_billing_period');
  },
  cancel_now: (story) => cancel(story.world, signUp(story).after('P10D').subscription, 'immediately'),
  cancel_scheduled: (story) => {
    cancel(story.world, signUp(story).after('P10D').subscription, 'next_billing_period');
    story.after('P1M');
  },
  scheduled_change_removed: (story) => {
    cancel(story.world, signUp(story).after('P10D').subscription, 'next_billing_period');
    removeScheduledChange(story.after('P1D').world, story.subscription);
  },
  one_time_purchase: (story) => void signUp(story, 'handbook'),
  one_off_charge: (story) => oneOffCharge(story, 'immediately'),
  one_off_charge_next_period: (story) => {
    oneOffCharge(story, 'next_billing_period');
    story.untilRenewed();
  },
  payment_method_updated: (story) => replaceCard(signUp(story).after('P10D')),
  payment_method_updated_past_due: (story) => replaceCard(failRenewal(story).after('P1D')),
  invoice_issued: (story) => void invoice(story),
  invoice_paid: (story) => payInvoice(story.world, invoice(story.after('PT1H'))),
  invoice_overdue: (story) => {
    invoice(story);
    story.after('P15D');
  },
  invoice_canceled: (story) => cancelTransaction(story.world, invoice(story)),
  refund_full: (story) => decideRefund(story.world, refundAll(story), 'approved'),
  refund_rejected: (story) => decideRefund(story.world, refundAll(story), 'rejected'),
  refunds_partial_to_full: (story) => refundInParts(story),
  chargeback: (story) => void chargeBack(story.world, signUp(story).after('P10D').lastPaid, 'chargeback'),
  chargeback_reversed: (story) => {
    const warning = chargeBack(story.world, signUp(story).after('P10D').lastPaid, 'chargeback');
    reverseChargeback(story.after('P20D').world, warning);
  },
  email_changed_at_checkout: (story) => {
    createCustomer(story.world, { email: story.email, name: story.name });
    story.world.pass(1_000, 5_000);
    story.buy(wanted(story, 'solo-monthly'), { quantity: story.options.quantity ?? 1, email: `other.${story.email}` });
  },
};

/** @throws SimulatorError `not_found` for a name that is no scenario's */
export function play(world: World, name: string, options: StoryOptions): StoryResult {
  const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (!scenario)
    throw new SimulatorError('not_found', `There is no scenario "${name}". There are: ${Object.keys(SCENARIOS).join(', ')}`);
  const story = new Story(world, options);
  scenario(story);
  return story.result();
}

function wanted(story: Story, label: string): string {
  return story.options.priceId ?? story.price(label);
}

function item(story: Story, label: string) {
  return { price_id: wanted(story, label), quantity: story.options.quantity ?? 1 };
}

function signUp(story: Story, label = 'solo-monthly'): Story {
  return story.buy(wanted(story, label), { quantity: story.options.quantity ?? 1 });
}

function failRenewal(story: Story): Story {
  return signUp(story).cardBecomes('declines').untilRenewed();
}

function exhaustDunning(story: Story, then: 'cancel' | 'pause'): void {
  const before = story.world.assumptions.dunningExhausted;
  failRenewal(story);
  story.world.assumptions.dunningExhausted = then;
  story.after('P31D');
  story.world.assumptions.dunningExhausted = before;
}

function switchPlan(story: Story, label: string, mode: ProrationMode, quantity = 1): void {
  change(story, [{ price_id: story.price(label), quantity }], mode);
}

function addItem(story: Story, label: string): void {
  const kept = story.subscription.items.map(({ price, quantity }) => ({ price_id: price.id, quantity }));
  change(story, [...kept, { price_id: story.price(label), quantity: 1 }], 'prorated_immediately');
}

function change(story: Story, items: { price_id: string; quantity: number }[], mode: ProrationMode): void {
  updateSubscription(story.world, story.subscription, { items, proration_billing_mode: mode });
}

function oneOffCharge(story: Story, effectiveFrom: 'immediately' | 'next_billing_period'): void {
  const { world, subscription } = signUp(story).after('P10D');
  charge(world, subscription, { effective_from: effectiveFrom, items: [{ price_id: story.price('handbook'), quantity: 1 }] });
}

function replaceCard(story: Story): void {
  story.pay(paymentMethodTransaction(story.world, story.subscription), GOOD_CARD);
}

function invoice(story: Story) {
  const customer = customerByEmail(story.world, story.email) ?? createCustomer(story.world, { email: story.email });
  const address = createAddress(story.world, customer.id, { country_code: story.options.country ?? 'US', postal_code: '10021' });
  const transaction = createTransaction(story.world, {
    items: [item(story, 'solo-monthly')],
    customer_id: customer.id,
    address_id: address.id,
    custom_data: { user_id: story.userId },
    collection_mode: 'manual',
    billing_details: {
      enable_checkout: false,
      purchase_order_number: 'PO-1',
      additional_information: null,
      payment_terms: { interval: 'day', frequency: 14 },
    },
    status: 'billed',
  });
  story.startedBy(transaction);
  return transaction;
}

function refundAll(story: Story): Adjustment {
  const { world, lastPaid } = signUp(story).after('P3D');
  const refund = createAdjustment(world, { action: 'refund', transaction_id: lastPaid.id, reason: 'asked for', type: 'full' });
  world.pass(60_000, 300_000);
  return refund;
}

/** Three refunds: a third, then half of what is left, then the rest. Together they are everything. */
function refundInParts(story: Story): void {
  const { world, lastPaid } = signUp(story).after('P3D');
  const [line] = lastPaid.details.line_items;
  const total = BigInt(line!.totals.total);
  const first = total / 3n;
  const second = (total - first) / 2n;
  for (const amount of [first, second, total - first - second]) {
    const items = [{ item_id: line!.id, type: 'partial' as const, amount: String(amount) }];
    const refund = createAdjustment(world, { action: 'refund', transaction_id: lastPaid.id, reason: 'asked for', items });
    world.pass(60_000, 300_000);
    decideRefund(world, refund, 'approved');
    story.after('P1D');
  }
}
