import type { CustomerListQuery, ListQuery, TransactionListQuery } from '../provider-requests';
import type { ApiRequest } from './client/api-request';
import { OPERATIONS } from './client/operations';

/** The most that Paddle gives on a page, and the order in which what is new comes last, so that a cursor stays good. */
const OLDEST_FIRST = { order_by: 'id[ASC]' };
const BIG_PAGES = { ...OLDEST_FIRST, per_page: '200' };
/** Paddle leaves out what is archived unless it is asked for. */
const ALSO_ARCHIVED = { ...BIG_PAGES, status: 'active,archived' };
const EVERY_STATUS = { ...BIG_PAGES, status: 'active,canceled,past_due,paused,trialing' };

export const listRequests = {
  customers: (query: CustomerListQuery) => list(OPERATIONS.listCustomers, { ...ALSO_ARCHIVED, id: query.customerId }, query),
  addresses: (id: string, query: ListQuery) => ({ ...list(OPERATIONS.listAddresses, ALSO_ARCHIVED, query), id }),
  products: (query: ListQuery) => list(OPERATIONS.listProducts, ALSO_ARCHIVED, query),
  prices: (query: ListQuery) => list(OPERATIONS.listPrices, ALSO_ARCHIVED, query),
  discounts: (query: ListQuery) => list(OPERATIONS.listDiscounts, ALSO_ARCHIVED, query),
  subscriptions: (query: CustomerListQuery) =>
    list(OPERATIONS.listSubscriptions, { ...EVERY_STATUS, customer_id: query.customerId }, query),
  transactions: (query: TransactionListQuery) =>
    list(
      OPERATIONS.listTransactions,
      { ...OLDEST_FIRST, per_page: '30', customer_id: query.customerId, 'updated_at[GTE]': query.updatedSince },
      query,
    ),
  adjustments: (query: CustomerListQuery) =>
    list(OPERATIONS.listAdjustments, { ...OLDEST_FIRST, per_page: '50', customer_id: query.customerId }, query),
  events: (query: ListQuery) => list(OPERATIONS.listEvents, BIG_PAGES, query),
  notificationSettings: (query: ListQuery) => list(OPERATIONS.listNotificationSettings, { per_page: '200' }, query),
  /** Codes are not case-sensitive at the checkout; whether they are in this filter, Paddle does not say. */
  discountsOfCode: (code: string) => {
    const spellings = new Set([code, code.toUpperCase(), code.toLowerCase()]);
    return list(OPERATIONS.listDiscounts, { code: [...spellings].join(','), status: 'active' }, {});
  },
};

function list(
  operation: ApiRequest['operation'],
  parameters: Record<string, string | undefined>,
  { after }: ListQuery,
): ApiRequest {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...parameters, after })) if (value !== undefined) query.set(name, value);
  return { operation, query };
}
