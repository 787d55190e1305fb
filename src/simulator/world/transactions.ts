import { taxRateOf } from './currency';
import { completedDetails, openDetails, paidDetails } from './details';
import type { BillingDetails, CustomData, Discount, Period, Price } from './entities';
import type { Transaction, TransactionItem, TransactionOrigin, TransactionStatus } from './money-entities';
import { priceLines, type Line, type PricedLine } from './pricing';
import type { World } from './world';

export interface NewTransaction {
  origin: TransactionOrigin;
  status: TransactionStatus;
  customerId: string | null;
  addressId: string | null;
  businessId: string | null;
  currency: string;
  items: TransactionItem[];
  discountId: string | null;
  customData: CustomData;
  subscriptionId: string | null;
  period: Period | null;
  collectionMode?: 'automatic' | 'manual';
  billingDetails?: BillingDetails | null;
  checkoutUrl?: string | null;
  /** Uses up the customer's credit. */
  useCredit?: boolean;
}

/** Makes a transaction and prices it. Nothing is announced yet: who makes it says what it is. */
export function openTransaction(world: World, input: NewTransaction): Transaction {
  const id = world.id('txn');
  const transaction: Transaction = {
    id,
    status: input.status,
    customer_id: input.customerId,
    address_id: input.addressId,
    business_id: input.businessId,
    custom_data: input.customData,
    currency_code: input.currency,
    origin: input.origin,
    subscription_id: input.subscriptionId,
    invoice_id: null,
    invoice_number: null,
    collection_mode: input.collectionMode ?? 'automatic',
    discount_id: input.discountId,
    billing_details: input.billingDetails ?? null,
    billing_period: input.period,
    items: input.items,
    details: EMPTY_DETAILS,
    payments: [],
    checkout: { url: `${input.checkoutUrl ?? world.options.checkoutUrl()}?_ptxn=${id}` },
    created_at: world.instant(),
    updated_at: world.instant(),
    billed_at: input.status === 'billed' ? world.instant() : null,
    revised_at: null,
  };
  transaction.details = priceItems(world, transaction, input.useCredit ?? false);
  world.tables.transactions.set(id, transaction);
  return transaction;
}

const EMPTY_DETAILS = openDetails({ lines: [], ids: [], currency: 'USD', taxRate: '0', credit: 0n });

/** Prices what is on a transaction, for the country of its address. */
export function priceItems(world: World, transaction: Transaction, useCredit: boolean): Transaction['details'] {
  const { currency_code: currency } = transaction;
  const lines = pricedLines(world, transaction);
  const total = lines.reduce((sum, { totals }) => sum + BigInt(totals.total), 0n);
  const credit = useCredit && total > 0n ? takeCredit(world, transaction, total) : 0n;
  const ids = lines.map((_, index) => transaction.details.line_items[index]?.id ?? world.id('txnitm'));
  return openDetails({ lines, ids, currency, taxRate: taxRateOf(countryOf(world, transaction.address_id)), credit });
}

function pricedLines(world: World, transaction: Transaction): PricedLine[] {
  const country = countryOf(world, transaction.address_id);
  const discount = transaction.discount_id ? (world.tables.discounts.get(transaction.discount_id) ?? null) : null;
  const lines = transaction.items.map((item): Line => ({
    ...item,
    product: world.find(world.tables.products, item.price.product_id),
    free: startsFree(transaction, item.price),
  }));
  return priceLines(lines, contextOf(world, transaction.currency_code, country, discount));
}

export function contextOf(world: World, currency: string, country: string | null, discount: Discount | null) {
  const { accountTaxMode } = world.assumptions;
  return { currency, country, taxRate: taxRateOf(country), discount, accountTaxMode };
}

export function countryOf(world: World, addressId: string | null): string | null {
  return addressId ? (world.tables.addresses.get(addressId)?.country_code ?? null) : null;
}

/** A price with a trial charges nothing where it starts a subscription, and nothing again when a payment method is replaced. */
function startsFree({ origin }: Transaction, price: Price): boolean {
  if (origin === 'subscription_payment_method_change') return true;
  return (origin === 'web' || origin === 'api') && price.trial_period !== null;
}

function takeCredit(world: World, { customer_id: customer, currency_code: currency }: Transaction, total: bigint): bigint {
  const balance = BigInt(world.tables.balances.get(`${customer} ${currency}`) ?? '0');
  const credit = balance < total ? balance : total;
  addCredit(world, customer, currency, -credit);
  return credit;
}

export function addCredit(world: World, customer: string | null, currency: string, amount: bigint): void {
  if (amount === 0n) return;
  const key = `${customer} ${currency}`;
  world.tables.balances.set(key, String(BigInt(world.tables.balances.get(key) ?? '0') + amount));
}

/** Announces a transaction as it is now. */
export function announce(world: World, action: string, transaction: Transaction): void {
  world.emit(`transaction.${action}`, transaction);
}

export function changeStatus(world: World, transaction: Transaction, status: TransactionStatus): void {
  transaction.status = status;
  transaction.updated_at = world.instant();
  if (status === 'billed') transaction.billed_at ??= world.instant();
}

/** The status changes, and both events say so: the catch-all and the one that names it (REFERENCE 3.3). */
export function announceStatus(world: World, transaction: Transaction, status: TransactionStatus): void {
  changeStatus(world, transaction, status);
  world.emit('transaction.updated', transaction);
  world.emitTwin(`transaction.${status}`, transaction);
}

export function pay(world: World, transaction: Transaction): void {
  transaction.details = paidDetails(transaction.details);
  transaction.billed_at ??= world.instant();
  announceStatus(world, transaction, 'paid');
}

/** Processing ends: fees, invoice number, and credit for the customer where the sum is negative. */
export function complete(world: World, transaction: Transaction): void {
  world.pass(150, 900);
  transaction.details = completedDetails(transaction.details);
  numberInvoice(world, transaction);
  const { credit_to_balance: credit } = transaction.details.totals;
  addCredit(world, transaction.customer_id, transaction.currency_code, BigInt(credit));
  announceStatus(world, transaction, 'completed');
}

/** A card is charged first and gets its invoice when that is processed; an invoice has its number when it goes out. */
export function numberInvoice(world: World, transaction: Transaction): void {
  transaction.invoice_id ??= world.id('inv');
  transaction.invoice_number ??= `325-${++world.invoices}`;
}

export function cancelTransaction(world: World, transaction: Transaction): void {
  const { credit } = transaction.details.totals;
  addCredit(world, transaction.customer_id, transaction.currency_code, BigInt(credit));
  world.tables.agenda.delete(`invoice ${transaction.id}`);
  announceStatus(world, transaction, 'canceled');
}

export function isOpen({ status }: Transaction): boolean {
  return ['draft', 'ready', 'billed', 'past_due'].includes(status);
}

/** What is still to be paid. */
export function dueOf({ details }: Transaction): bigint {
  return BigInt(details.totals.balance);
}
