import { findTransaction, type CommandKind, type CommandKinds, type KnownWish, type Observed } from '../../commands';
import type {
  BillingProvider,
  CallOptions,
  EffectiveFrom,
  EntityAnswer,
  ItemsUpdate,
  Pause,
  ProviderSubscription,
  ProviderTransaction,
  Resumption,
} from '../../provider';
import { WISHES } from '../decide-command';
import { sameItems } from '../scheduled-switch';

type Call<Details> = (
  provider: BillingProvider,
  id: string,
  details: Details,
  options: CallOptions,
) => Promise<EntityAnswer<ProviderSubscription>>;

/** How wishes about subscriptions are put to the provider, and how its state shows that they came true. */
export const SUBSCRIPTION_KINDS: CommandKinds = {
  [WISHES.cancel]: kind<{ effectiveFrom: EffectiveFrom }>(
    (provider, id, { effectiveFrom }, options) => provider.cancelSubscription(id, effectiveFrom, options),
    ({ effectiveFrom }, { status, scheduledChange }) =>
      status === 'canceled' || (effectiveFrom === 'next_billing_period' && scheduledChange?.action === 'cancel'),
  ),
  [WISHES.pause]: kind<Pause>(
    (provider, id, { effectiveFrom, resumeAt }, options) =>
      provider.pauseSubscription(id, { effectiveFrom, ...(resumeAt && { resumeAt }) }, options),
    ({ effectiveFrom }, { status, scheduledChange }) =>
      status === 'paused' || (effectiveFrom === 'next_billing_period' && scheduledChange?.action === 'pause'),
  ),
  [WISHES.resume]: kind<Resumption>(
    (provider, id, { effectiveFrom, onResume }, options) =>
      provider.resumeSubscription(id, { effectiveFrom, ...(onResume && { onResume }) }, options),
    ({ effectiveFrom }, { status, scheduledChange }) =>
      status === 'active' || status === 'past_due' || (effectiveFrom !== 'immediately' && scheduledChange?.action === 'resume'),
  ),
  [WISHES.keep]: kind<object>(
    (provider, id, _, options) => provider.removeScheduledChange(id, options),
    (_, { status, scheduledChange }) => scheduledChange === null && status !== 'canceled' && status !== 'paused',
  ),
  [WISHES.switch]: kind<ItemsUpdate>(
    (provider, id, { items, prorationBillingMode, onPaymentFailure }, options) =>
      provider.updateItems(id, { items, prorationBillingMode, ...(onPaymentFailure && { onPaymentFailure }) }, options),
    ({ items }, found) => sameItems(items, found.items),
  ),
  [WISHES.paymentMethod]: {
    observed: 'transaction.observed',
    call: (provider, { subject }, _, options) => provider.paymentMethodTransaction(subject!, options),
    find: (provider, wish, _, options) =>
      findTransaction(provider, wish, options, (found) => found.subscriptionId === wish.subject && changesPaymentMethod(found)),
  },
};

/** What is outstanding, or else a transaction over nothing that is made for this. */
function changesPaymentMethod({ status, origin }: ProviderTransaction): boolean {
  return status === 'past_due' || (origin === 'subscription_payment_method_change' && status === 'ready');
}

function kind<Details>(call: Call<Details>, cameTrue: (details: Details, found: ProviderSubscription) => boolean): CommandKind {
  return {
    observed: 'subscription.observed',
    call: (provider, { subject, details }, _, options) => call(provider, subject!, details as Details, options),
    async find(provider: BillingProvider, { subject, details }: KnownWish, _, options): Promise<EntityAnswer<Observed> | null> {
      const answer = await provider.getSubscription(subject!, options);
      return cameTrue(details as Details, answer.value) ? answer : null;
    },
  };
}
