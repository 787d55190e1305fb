import { findTransaction, type CommandKinds } from '../../commands';
import type { CheckoutRequest } from '../../provider';

export const CHECKOUT_REQUESTED = 'checkout.requested';

/** The field of `custom_data` that names the command which made a transaction. */
export const COMMAND_KEY = 'oarlock_command';

/** How a checkout is opened, and how one is found again that was opened without our hearing of it. */
export const CHECKOUT_KINDS: CommandKinds = {
  [CHECKOUT_REQUESTED]: {
    observed: 'transaction.observed',
    call: (provider, { details }, _, options) => provider.createCheckout(details as unknown as CheckoutRequest, options),
    find: (provider, wish, commandId, options) =>
      findTransaction(provider, wish, options, ({ customData }) => customData?.[COMMAND_KEY] === commandId),
  },
};
