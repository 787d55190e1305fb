import { chargeBack, createAdjustment, decideRefund, reverseChargeback } from './adjustments';
import { applyCode, identify, payWith } from './checkout';
import { demoPriceId } from './demo-catalog';
import type { Subscription } from './entities';
import type { Person } from './life';
import type { Adjustment, Transaction } from './money-entities';
import { createTransaction } from './new-transaction';
import { cardOf, DECLINED_CARD, GOOD_CARD, LATER_DECLINED_CARD } from './payments';
import { Random } from './random';
import { SimulatorError } from './simulator-error';
import { cancel, pause, paymentMethodTransaction, removeScheduledChange, resume } from './subscription-commands';
import { DAY, HOUR, instantOf, MINUTE, type Micros } from './time';
import { updateSubscription } from './update-subscription';
import type { World } from './world';

/** People who come at any time from now on until then, buy, change their minds, and stop paying. */
export function addCrowd(world: World, size: number, over: Micros): void {
  for (let index = 1; index <= size; index++) {
    const userId = `crowd_${world.tables.people.size + 1}`;
    const random = Random.from(`${world.options.seed}\nperson\n${userId}`);
    const country = random.pick(['US', 'US', 'GB', 'DE', 'FR', 'JP', 'BR']);
    world.tables.people.set(userId, { userId, email: `${userId}@example.com`, country, deeds: 0 });
    world.tables.agenda.set(`person ${userId}`, world.now + Math.floor(random.next() * over));
  }
}

/** A person does something, or nothing, and comes back some days later. What Paddle refuses, they leave. */
export function live(world: World, userId: string): void {
  const person = world.find(world.tables.people, userId);
  const random = Random.from(`${world.options.seed}\ndeed\n${userId}\n${person.deeds++}`);
  const one: Deed = { world, person, random };
  try {
    act(one);
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
  }
  const pause = random.between(2 * DAY, 45 * DAY);
  world.tables.agenda.set(`person ${userId}`, world.now + pause);
}

interface Deed {
  world: World;
  person: Person;
  random: Random;
}

function act(one: Deed): void {
  const subscription = subscriptionOf(one);
  if (!subscription || subscription.status === 'canceled') return oneOf(one.random, NEWCOMER)(one, null);
  oneOf(one.random, DEEDS[subscription.status])(one, subscription);
}

type Act = (one: Deed, subscription: Subscription) => void;
type Choices<Kind> = [weight: number, deed: Kind][];

const nothing = () => undefined;

const NEWCOMER: Choices<(one: Deed, _: null) => void> = [
  [6, (one) => buyPlan(one, 'solo-monthly', 1)],
  [2, (one) => buyPlan(one, 'solo-yearly', 1)],
  [3, (one) => buyPlan(one, 'solo-trial', 1)],
  [4, (one) => buyPlan(one, 'team-monthly', one.random.between(1, 12))],
  [1, (one) => buyPlan(one, 'team-yearly', one.random.between(2, 8))],
  [2, (one) => buyOnce(one)],
  [1, (one) => void open(one, [{ price_id: price(one, 'solo-monthly'), quantity: 1 }])], // and leaves
  [2, nothing],
];

const DEEDS: Record<Exclude<Subscription['status'], 'canceled'>, Choices<Act>> = {
  trialing: [
    [6, nothing],
    [1, ({ world }, one) => cancel(world, one, 'next_billing_period')],
    [1, ({ world }, one) => cancel(world, one, 'immediately')],
  ],
  active: [
    [10, nothing],
    [3, (one, subscription) => changePlan(one, subscription, 'prorated_immediately')],
    [1, (one, subscription) => changePlan(one, subscription, 'full_next_billing_period')],
    [1, (one, subscription) => changePlan(one, subscription, 'do_not_bill')],
    [3, changeSeats],
    [2, toggleAddon],
    [2, ({ world }, one) => cancel(world, one, 'next_billing_period')],
    [1, ({ world }, one) => cancel(world, one, 'immediately')],
    [1, ({ world }, one) => pause(world, one, { effectiveFrom: 'immediately', resumeAt: null, onResume: null })],
    [1, pauseForAWhile],
    [2, ({ world }, one) => removeScheduledChange(world, one)],
    [1, replaceCard],
    [1, (one) => buyOnce(one)],
    [2, askForRefund],
    [1, (one) => void goToTheBank(one)],
  ],
  paused: [
    [2, nothing],
    [4, ({ world }, one) => resume(world, one, 'immediately', null)],
    [1, ({ world }, one) => cancel(world, one, 'immediately')],
  ],
  past_due: [
    [2, nothing],
    [3, replaceCard],
    [1, ({ world }, one) => cancel(world, one, 'immediately')],
  ],
};

function oneOf<Kind>(random: Random, choices: Choices<Kind>): Kind {
  let at = random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  return choices.find(([weight]) => (at -= weight) < 0)![1];
}

function price({ world }: Deed, label: string): string {
  return demoPriceId(world.options.seed, label);
}

function buyPlan(one: Deed, label: string, quantity: number): void {
  const addon = label.startsWith('team') && one.random.next() < 0.3;
  const extra = addon ? [{ price_id: price(one, label.replace('team', 'reports')), quantity: 1 }] : [];
  buy(one, [{ price_id: price(one, label), quantity }, ...extra]);
}

function buyOnce(one: Deed): void {
  buy(one, [{ price_id: price(one, 'handbook'), quantity: one.random.between(1, 3) }]);
}

/** Some use a code, some mistype their card, some write another email than the one they are known by. */
function buy(one: Deed, items: { price_id: string; quantity: number }[]): void {
  const { world, person, random } = one;
  const transaction = open(one, items);
  const email = random.next() < 0.04 ? `other.${person.email}` : person.email;
  identify(world, transaction, { email, name: `Robin ${person.userId}`, country: person.country, postalCode: null });
  world.pass(2_000, 30_000);
  if (random.next() < 0.1) applyCode(world, transaction, 'ROW10');
  if (random.next() < 0.1) payWith(world, transaction, cardOf(DECLINED_CARD, person.userId));
  const card = random.next() < 0.12 ? LATER_DECLINED_CARD : GOOD_CARD;
  payWith(world, transaction, cardOf(card, person.userId));
}

function open({ world, person }: Deed, items: { price_id: string; quantity: number }[]): Transaction {
  const transaction = createTransaction(world, { items, custom_data: { user_id: person.userId } }, 'web');
  world.pass(5_000, 120_000);
  return transaction;
}

/** The newest subscription of the person. */
function subscriptionOf({ world, person }: Deed): Subscription | undefined {
  return [...world.tables.subscriptions.values()].findLast(({ custom_data: data }) => data?.user_id === person.userId);
}

const PLANS = ['solo-monthly', 'solo-yearly', 'team-monthly', 'team-yearly'];

function changePlan(
  one: Deed,
  subscription: Subscription,
  mode: 'prorated_immediately' | 'full_next_billing_period' | 'do_not_bill',
) {
  const label = one.random.pick(PLANS);
  const quantity = label.startsWith('team') ? one.random.between(1, 6) : 1;
  const items = [{ price_id: price(one, label), quantity }];
  const onFailure = one.random.next() < 0.2 ? 'apply_change' : 'prevent_change';
  updateSubscription(one.world, subscription, { items, proration_billing_mode: mode, on_payment_failure: onFailure });
}

function kept({ items }: Subscription) {
  return items.map(({ price: { id }, quantity }) => ({ price_id: id, quantity }));
}

function changeSeats(one: Deed, subscription: Subscription): void {
  const [plan, ...rest] = kept(subscription);
  if (plan!.quantity === 1 && subscription.items[0]!.price.quantity.maximum === 100 && one.random.next() < 0.8) return;
  const items = [{ ...plan!, quantity: one.random.between(1, 15) }, ...rest];
  updateSubscription(one.world, subscription, { items, proration_billing_mode: 'prorated_immediately' });
}

function toggleAddon(one: Deed, subscription: Subscription): void {
  const addon = price(one, subscription.billing_cycle.interval === 'year' ? 'reports-yearly' : 'reports-monthly');
  const items = kept(subscription);
  const without = items.filter(({ price_id: id }) => id !== addon);
  const wanted = without.length < items.length ? without : [...items, { price_id: addon, quantity: 1 }];
  updateSubscription(one.world, subscription, { items: wanted, proration_billing_mode: 'prorated_immediately' });
}

function pauseForAWhile({ world, random }: Deed, subscription: Subscription): void {
  const end = world.life(subscription).nextBillAt ?? world.now;
  const resumeAt = instantOf(end + random.between(DAY, 60 * DAY));
  pause(world, subscription, { effectiveFrom: 'next_billing_period', resumeAt, onResume: null });
}

function replaceCard({ world, person }: Deed, subscription: Subscription): void {
  const transaction = paymentMethodTransaction(world, subscription);
  world.pass(5_000, 60_000);
  payWith(world, transaction, cardOf(GOOD_CARD, person.userId));
}

function lastPaid({ world, person }: Deed): Transaction | undefined {
  return [...world.tables.transactions.values()].findLast(
    ({ custom_data: data, status, details }) =>
      data?.user_id === person.userId && status === 'completed' && BigInt(details.totals.grand_total) > 0n,
  );
}

/** In full or in part; some are rejected by hand, the others approved when their time comes. */
function askForRefund(one: Deed): void {
  const { world, random } = one;
  const transaction = lastPaid(one);
  if (!transaction) return;
  const base = { action: 'refund', transaction_id: transaction.id, reason: 'asked for' } as const;
  const line = transaction.details.line_items.find(({ totals }) => BigInt(totals.total) > 1n);
  const part = line && random.next() < 0.5 ? String(BigInt(line.totals.total) / BigInt(random.between(2, 4))) : null;
  const refund = createAdjustment(
    world,
    part
      ? { ...base, type: 'partial', items: [{ item_id: line!.id, type: 'partial', amount: part }] }
      : { ...base, type: 'full' },
  );
  world.pass(20_000, 60_000);
  if (random.next() < 0.3) decideRefund(world, refund, 'rejected');
}

/** A chargeback; half of them are won back at once, as far as this person sees. */
function goToTheBank(one: Deed): Adjustment | undefined {
  const transaction = lastPaid(one);
  if (!transaction) return undefined;
  const chargeback = chargeBack(one.world, transaction, 'chargeback');
  one.world.pass(MINUTE / 1_000, HOUR / 1_000);
  return one.random.next() < 0.5 ? reverseChargeback(one.world, chargeback) : chargeback;
}
