import type { CallOptions } from '../provider-answer';
import { ProviderError } from '../provider-error';
import type { CredentialCheck } from '../provider-values';
import type { ApiRequest } from './client/api-request';
import { OPERATIONS } from './client/operations';
import type { PaddleClient } from './client/paddle-client';

/** No entity has it: an id begins with the time at which it was made. */
const NOBODY = '0'.repeat(26);
const ONE_ENTRY = new URLSearchParams({ per_page: '1' });

/**
 * One request for each permission that we use. Paddle has no way to ask what a key may do; it says so only when it is
 * asked for the thing itself, so changes are asked of entities that do not exist.
 */
const PROBES: { permission: string; request: ApiRequest }[] = [
  { permission: 'customer.read', request: { operation: OPERATIONS.listCustomers, query: ONE_ENTRY } },
  { permission: 'address.read', request: { operation: OPERATIONS.listAddresses, id: `ctm_${NOBODY}`, query: ONE_ENTRY } },
  { permission: 'product.read', request: { operation: OPERATIONS.listProducts, query: ONE_ENTRY } },
  { permission: 'price.read', request: { operation: OPERATIONS.listPrices, query: ONE_ENTRY } },
  { permission: 'discount.read', request: { operation: OPERATIONS.listDiscounts, query: ONE_ENTRY } },
  { permission: 'subscription.read', request: { operation: OPERATIONS.listSubscriptions, query: ONE_ENTRY } },
  {
    permission: 'subscription.write',
    request: { operation: OPERATIONS.cancelSubscription, id: `sub_${NOBODY}`, body: { effective_from: 'next_billing_period' } },
  },
  { permission: 'transaction.read', request: { operation: OPERATIONS.listTransactions, query: ONE_ENTRY } },
  { permission: 'transaction.write', request: { operation: OPERATIONS.updateTransaction, id: `txn_${NOBODY}`, body: {} } },
  { permission: 'adjustment.read', request: { operation: OPERATIONS.listAdjustments, query: ONE_ENTRY } },
  {
    permission: 'adjustment.write',
    request: {
      operation: OPERATIONS.createAdjustment,
      body: { action: 'refund', type: 'full', reason: 'permission check', transaction_id: `txn_${NOBODY}` },
    },
  },
  {
    permission: 'customer_portal_session.write',
    request: { operation: OPERATIONS.createPortalSession, id: `ctm_${NOBODY}`, body: {} },
  },
  { permission: 'notification.read', request: { operation: OPERATIONS.listEvents, query: ONE_ENTRY } },
  { permission: 'notification_setting.read', request: { operation: OPERATIONS.listNotificationSettings, query: ONE_ENTRY } },
  {
    permission: 'notification_setting.write',
    request: { operation: OPERATIONS.updateNotificationSetting, id: `ntfset_${NOBODY}`, body: {} },
  },
];

/**
 * Tries the key with everything that we do.
 * @throws ProviderError when Paddle does not answer that
 */
export async function checkCredentials(client: PaddleClient, options: CallOptions): Promise<CredentialCheck> {
  if (!(await isAccepted(client, options))) return { accepted: false, lacking: PROBES.map(({ permission }) => permission) };
  const lacking: string[] = [];
  for (const { permission, request } of PROBES) {
    if ((await refusalOf(client, request, options))?.refusal === 'permission_missing') lacking.push(permission);
  }
  return { accepted: true, lacking };
}

/** The list of event types needs no permission, only a key: whoever may not see it has none that is good. */
async function isAccepted(client: PaddleClient, options: CallOptions): Promise<boolean> {
  const refusal = await refusalOf(client, { operation: OPERATIONS.listEventTypes }, options);
  return refusal?.status !== 401 && refusal?.status !== 403;
}

async function refusalOf(client: PaddleClient, request: ApiRequest, options: CallOptions): Promise<ProviderError | null> {
  try {
    await client.call(request, options);
    return null;
  } catch (error) {
    if (error instanceof ProviderError && error.failure === 'refused') return error;
    throw error;
  }
}
