import { createDiscount, usableDiscount, type NewDiscount } from './discounts';
import { isCurrency } from './currency';
import type { BillingDetails, CustomData, Period } from './entities';
import type { Transaction } from './money-entities';
import { currencyFor } from './pricing';
import { requestedItems, type PriceReference, type RequestedItem } from './requested-items';
import { sendInvoice } from './renewals';
import { SimulatorError } from './simulator-error';
import { startsSubscription, startSubscription } from './start-subscription';
import { announce, announceStatus, changeStatus, countryOf, openTransaction, priceItems } from './transactions';
import type { World } from './world';

/** The body of `POST /transactions` (REFERENCE 4.3). */
export interface TransactionRequest {
  items: PriceReference[];
  status?: 'draft' | 'ready' | 'billed' | 'canceled';
  customer_id?: string | null;
  address_id?: string | null;
  business_id?: string | null;
  custom_data?: CustomData;
  currency_code?: string;
  collection_mode?: 'automatic' | 'manual';
  discount_id?: string | null;
  discount?: NewDiscount | null;
  billing_details?: BillingDetails | null;
  billing_period?: Period | null;
  checkout?: { url?: string | null } | null;
}

const CODES = {
  notFound: 'transaction_price_not_found',
  duplicate: 'transaction_duplicate_price_ids',
  quantity: 'transaction_item_quantity_out_of_range',
  quantityMissing: 'invalid_field',
};

export function createTransaction(world: World, request: TransactionRequest, origin: 'api' | 'web' = 'api'): Transaction {
  const items = checkedItems(world, request.items);
  checkWhom(world, request);
  checkCollection(request);
  const discountId = discountOf(world, request);
  const addressId = request.address_id ?? null;
  const complete = request.customer_id != null && addressId !== null;
  const prices = items.map(({ price }) => price);
  const transaction = openTransaction(world, {
    origin,
    status: complete ? 'ready' : 'draft',
    customerId: request.customer_id ?? null,
    addressId,
    businessId: request.business_id ?? null,
    currency: request.currency_code ?? currencyFor(prices, countryOf(world, addressId)),
    items: items.map(({ price, quantity }) => ({ price, quantity, proration: null })),
    discountId,
    customData: request.custom_data ?? null,
    subscriptionId: null,
    period: request.billing_period ?? null,
    collectionMode: request.collection_mode ?? 'automatic',
    billingDetails: request.billing_details ?? null,
    checkoutUrl: request.checkout?.url ?? null,
  });
  announce(world, 'created', transaction);
  if (complete) world.emitTwin('transaction.ready', transaction);
  if (request.status === 'billed') bill(world, transaction);
  return transaction;
}

/** Finds the items; those that recur must share one billing cycle. */
export function checkedItems(world: World, references: PriceReference[], preview = false): RequestedItem[] {
  const items = requestedItems(world, references, { codes: CODES, preview });
  const cycles = items.flatMap(({ price }) => (price.billing_cycle ? JSON.stringify(price.billing_cycle) : []));
  if (new Set(cycles).size > 1) {
    throw new SimulatorError('transaction_price_different_billing_cycle', 'All recurring items need the same billing cycle');
  }
  const trials = items.flatMap(({ price }) => (price.billing_cycle ? JSON.stringify(price.trial_period) : []));
  if (new Set(trials).size > 1) {
    throw new SimulatorError('transaction_price_different_trial_period', 'All recurring items need the same trial');
  }
  return items;
}

function checkWhom(world: World, request: TransactionRequest): void {
  const { customer_id: customerId, address_id: addressId, business_id: businessId } = request;
  if (addressId != null && customerId == null) {
    throw new SimulatorError('transaction_customer_is_required_with_address', 'An address needs its customer');
  }
  if (businessId != null && customerId == null) {
    throw new SimulatorError('transaction_customer_is_required_for_business_validation', 'A business needs its customer');
  }
  if (customerId != null) world.find(world.tables.customers, customerId);
  const owners = [
    addressId == null ? null : world.find(world.tables.addresses, addressId),
    businessId == null ? null : world.find(world.tables.businesses, businessId),
  ];
  if (owners.some((owner) => owner && owner.customer_id !== customerId)) {
    throw new SimulatorError('not_found', 'The address or business is not the customer’s');
  }
}

function checkCollection({ collection_mode: mode, billing_details: details, currency_code: currency }: TransactionRequest): void {
  if (currency !== undefined && !isCurrency(currency)) {
    throw new SimulatorError('invalid_field', 'Request does not pass validation', [
      { field: 'currency_code', message: 'is not a currency that can be sold in' },
    ]);
  }
  if (mode === 'manual' && !details) {
    throw new SimulatorError('transaction_billing_details_object_required', 'An invoice needs billing_details');
  }
  if (mode !== 'manual' && details) {
    throw new SimulatorError('transaction_billing_details_must_be_null', 'Only invoices have billing_details');
  }
  if (mode === 'manual' && currency && !['USD', 'EUR', 'GBP'].includes(currency)) {
    throw new SimulatorError('transaction_currency_code_not_valid_for_manual', 'Invoices are in USD, EUR or GBP');
  }
}

function discountOf(world: World, { discount_id: id, discount }: TransactionRequest): string | null {
  if (id != null && discount) {
    throw new SimulatorError('transaction_cannot_provide_both_discount_code_and_id', 'Give discount or discount_id');
  }
  if (discount) return createDiscount(world, discount, 'custom').id;
  return id == null ? null : usableDiscount(world, id).id;
}

/** An invoice goes out; its subscription starts with it, not with the payment (REFERENCE 3.3). */
export function bill(world: World, transaction: Transaction): void {
  if (transaction.status !== 'ready') {
    throw new SimulatorError('transaction_status_must_be_ready', `The transaction is ${transaction.status}`);
  }
  changeStatus(world, transaction, 'billed');
  announce(world, 'billed', transaction);
  sendInvoice(world, transaction);
  if (startsSubscription(transaction)) startSubscription(world, transaction, null);
}

/** `PATCH /transactions/{id}`: only what is not billed yet can change. */
export function changeTransaction(world: World, transaction: Transaction, request: Partial<TransactionRequest>): void {
  if (!['draft', 'ready'].includes(transaction.status) && request.status !== 'canceled') {
    throw new SimulatorError('transaction_immutable', `The transaction is ${transaction.status}`);
  }
  checkWhom(world, { items: [], customer_id: transaction.customer_id, ...request });
  if (request.items) {
    transaction.items = checkedItems(world, request.items).map(({ price, quantity }) => ({ price, quantity, proration: null }));
  }
  if (request.customer_id !== undefined) transaction.customer_id = request.customer_id;
  if (request.address_id !== undefined) transaction.address_id = request.address_id;
  if (request.business_id !== undefined) transaction.business_id = request.business_id;
  if (request.custom_data !== undefined) transaction.custom_data = request.custom_data;
  if (request.currency_code !== undefined) transaction.currency_code = request.currency_code;
  if (request.collection_mode !== undefined) transaction.collection_mode = request.collection_mode;
  if (request.billing_details !== undefined) transaction.billing_details = request.billing_details;
  if (request.billing_period !== undefined) transaction.billing_period = request.billing_period;
  if (request.discount_id !== undefined || request.discount) {
    transaction.discount_id = discountOf(world, { items: [], ...request });
  }
  transaction.details = priceItems(world, transaction, false);
  becomeReady(world, transaction);
  if (request.status === 'billed') bill(world, transaction);
}

/** Ready means: it says what is sold, to whom and where. */
export function becomeReady(world: World, transaction: Transaction): void {
  const complete = transaction.customer_id !== null && transaction.address_id !== null;
  if (complete && transaction.status === 'draft') return announceStatus(world, transaction, 'ready');
  transaction.updated_at = world.instant();
  announce(world, 'updated', transaction);
}
