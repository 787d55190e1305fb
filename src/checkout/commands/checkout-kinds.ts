import type { CommandKinds } from '../../commands';
import type { BillingProvider, CallOptions, CheckoutRequest } from '../../provider';

export const CHECKOUT_REQUESTED = 'checkout.requested';

/** The field of `custom_data` that names the command which made a transaction. */
export const COMMAND_KEY = 'oarlock_command';

/** Clocks differ; nobody looks further back than this for a transaction that was just asked for. */
const LOOK_BACK_MS = 3_600_000;

/** How a checkout is opened, and how one is found again that was opened without our hearing of it. */
export const CHECKOUT_KINDS: CommandKinds = {
  [CHECKOUT_REQUESTED]: {
    observed: 'transaction.observed',
    call: (provider, { details }, _, options) => provider.createCheckout(details as unknown as CheckoutRequest, options),
    async find(provider, { wishedAt, customerId }, commandId, options) {
      const since = wishedAt ? new Date(Date.parse(wishedAt) - LOOK_BACK_MS).toISOString() : undefined;
      const query = { ...(customerId && { customerId }), ...(since && { updatedSince: since }) };
      const id = await transactionOf(commandId, provider, query, options);
      return id === null ? null : provider.getTransaction(id, options);
    },
  },
};

async function transactionOf(
  commandId: string,
  provider: BillingProvider,
  query: { customerId?: string; updatedSince?: string },
  options: CallOptions,
): Promise<string | null> {
  for await (const page of provider.transactions(query, options)) {
    for (const bytes of page.entities()) {
      const entity = JSON.parse(bytes.toString('utf8')) as { id: string; custom_data: Record<string, unknown> | null };
      if (entity.custom_data?.[COMMAND_KEY] === commandId) return entity.id;
    }
  }
  return null;
}
