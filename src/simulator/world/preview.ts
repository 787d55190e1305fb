import { openDetails } from './details';
import { describedDiscount } from './discounts';
import type { Period, Product, Subscription } from './entities';
import type { TransactionDetails, TransactionItem } from './money-entities';
import { checkedCharge, type ChargeRequest } from './immediate-charge';
import { checkedItems, type TransactionRequest } from './new-transaction';
import { newPeriod, type PlannedChange } from './plan-change';
import { currencyFor, priceLines, type Line } from './pricing';
import { discountNow, recurringItems } from './subscription';
import { addDurations } from './calendar';
import { instantOf } from './time';
import { contextOf, countryOf } from './transactions';
import { checkedChange, type SubscriptionRequest } from './update-subscription';
import type { World } from './world';

interface PreviewedTransaction {
  billing_period: Period;
  details: TransactionDetails;
  adjustments: never[];
}

/** With its product where the preview describes one, which is nowhere kept. */
type PreviewedItem = TransactionItem & { product?: Product };

/** What an update would do, as `PATCH /subscriptions/{id}/preview` answers: nothing of it happens. */
export function previewUpdate(world: World, subscription: Subscription, request: SubscriptionRequest) {
  const plan = checkedChange(world, subscription, request, true);
  const lines = plan?.lines ?? [];
  const immediate = request.proration_billing_mode?.endsWith('immediately') ?? false;
  const changed = applied(subscription, plan);
  return previewOf(world, changed, immediate ? lines : [], immediate ? [] : lines);
}

export function previewCharge(world: World, subscription: Subscription, request: ChargeRequest) {
  const items = checkedCharge(world, subscription, request, true).map((item): PreviewedItem => ({ ...item, proration: null }));
  const immediate = request.effective_from === 'immediately';
  return previewOf(world, subscription, immediate ? items : [], immediate ? [] : items);
}

function applied(subscription: Subscription, plan: PlannedChange | null): Subscription {
  if (!plan) return subscription;
  const period = newPeriod(plan);
  return {
    ...subscription,
    items: plan.items,
    billing_cycle: plan.billingCycle,
    ...(period && { current_billing_period: period, next_billed_at: period.ends_at }),
  };
}

function previewOf(world: World, changed: Subscription, now: PreviewedItem[], later: PreviewedItem[]) {
  const { id: _, ...fields } = changed;
  const recurring = changed.items.map(({ price, quantity }): TransactionItem => ({ price, quantity, proration: null }));
  const carried = recurringItems(world, { ...changed, items: [] });
  const { current_billing_period: period } = changed;
  const immediate = now.length > 0 && period ? transaction(world, changed, now, period) : null;
  const next = nextPeriod(changed);
  return {
    ...fields,
    immediate_transaction: immediate,
    next_transaction: next ? transaction(world, changed, [...recurring, ...carried, ...later], next) : null,
    recurring_transaction_details: details(world, changed, recurring),
    update_summary: immediate ? summaryOf(immediate.details, changed.currency_code) : null,
  };
}

/** `GET /subscriptions/{id}?include=next_transaction,recurring_transaction_details`. */
export function upcoming(world: World, subscription: Subscription) {
  const next = nextPeriod(subscription);
  return {
    next_transaction: next ? transaction(world, subscription, recurringItems(world, subscription), next) : null,
    recurring_transaction_details: details(
      world,
      subscription,
      subscription.items.map(({ price, quantity }) => ({ price, quantity, proration: null })),
    ),
  };
}

function nextPeriod({ next_billed_at: startsAt, billing_cycle: cycle }: Subscription): Period | null {
  if (!startsAt) return null;
  const start = Date.parse(startsAt) * 1_000;
  return { starts_at: startsAt, ends_at: instantOf(addDurations(start, cycle, 1)) };
}

function transaction(world: World, subscription: Subscription, items: PreviewedItem[], period: Period): PreviewedTransaction {
  return { billing_period: period, details: details(world, subscription, items), adjustments: [] };
}

function details(world: World, subscription: Subscription, items: PreviewedItem[]): TransactionDetails {
  const discountId = discountNow(world, subscription);
  const discount = discountId ? (world.tables.discounts.get(discountId) ?? null) : null;
  const products = new Map(subscription.items.map(({ product }) => [product.id, product]));
  const lines = items.map((item): Line => ({
    ...item,
    product: item.product ?? products.get(item.price.product_id) ?? world.find(world.tables.products, item.price.product_id),
  }));
  const context = contextOf(world, subscription.currency_code, countryOf(world, subscription.address_id), discount);
  return detailsOf(world, lines, context);
}

function detailsOf(world: World, lines: Line[], context: ReturnType<typeof contextOf>): TransactionDetails {
  const priced = priceLines(lines, context);
  const ids = lines.map(() => world.id('txnitm'));
  return openDetails({ lines: priced, ids, currency: context.currency, taxRate: context.taxRate, credit: 0n });
}

function summaryOf(of: TransactionDetails, currency: string) {
  const sum = (sign: 1 | -1) =>
    of.line_items.reduce((total, { totals: { total: one } }) => {
      const amount = BigInt(one);
      return (sign === 1) === amount > 0n ? total + (amount < 0n ? -amount : amount) : total;
    }, 0n);
  const [charge, credit] = [sum(1), sum(-1)];
  const result = charge - credit;
  return {
    credit: { amount: String(credit), currency_code: currency },
    charge: { amount: String(charge), currency_code: currency },
    result: {
      action: result >= 0n ? 'charge' : 'credit',
      amount: String(result < 0n ? -result : result),
      currency_code: currency,
    },
  };
}

/** The body of `POST /transactions/preview`. */
export interface TransactionPreviewRequest extends TransactionRequest {
  address?: { country_code: string; postal_code?: string | null };
  customer_ip_address?: string;
  ignore_trials?: boolean;
}

export function previewTransaction(world: World, request: TransactionPreviewRequest) {
  const items = checkedItems(world, request.items, true);
  const country = request.address?.country_code ?? countryOf(world, request.address_id ?? null);
  const currency =
    request.currency_code ??
    currencyFor(
      items.map(({ price }) => price),
      country,
    );
  const saved = request.discount_id ? world.find(world.tables.discounts, request.discount_id) : null;
  const discount = request.discount ? describedDiscount(world, request.discount) : saved;
  const lines = items.map((item): Line => ({
    ...item,
    proration: null,
    free: !request.ignore_trials && item.price.trial_period !== null,
  }));
  return {
    customer_id: request.customer_id ?? null,
    address_id: request.address_id ?? null,
    business_id: request.business_id ?? null,
    currency_code: currency,
    discount_id: request.discount_id ?? null,
    customer_ip_address: request.customer_ip_address ?? null,
    address: request.address ?? null,
    ignore_trials: request.ignore_trials ?? false,
    items: items.map(({ price, quantity }) => ({ price, quantity, include_in_totals: true, proration: null })),
    details: detailsOf(world, lines, contextOf(world, currency, country, discount)),
    available_payment_methods: ['card'],
  };
}
