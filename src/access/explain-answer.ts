import { msOf, parseInstant } from '../platform/instant';
import type { AccessReason, ProductAccess } from './decide-access';

/**
 * The answer in one sentence that a support person can send to the user. Pure.
 * @param name of the product
 */
export function explainAnswer({ access, reason, until }: ProductAccess, name: string): string {
  if (access === 'none') return ENDED[reason](name);
  const end = until ? ` until ${readable(until)}` : '';
  const what =
    access === 'read_only' ? `You can read, but not change, what you have in ${name}` : `You have full access to ${name}`;
  return `${what}${end}${BECAUSE[reason]}.`;
}

const BECAUSE: Record<AccessReason, string> = {
  subscription_active: ', because your subscription is active',
  subscription_trialing: ', because your trial is running',
  subscription_past_due: ', although your last payment failed; please update your payment method',
  subscription_paused: ', because your subscription is paused',
  cancellation_scheduled: '; your subscription ends then',
  purchase_completed: ', because you bought it',
  granted: ', because it was granted to you',
  subscription_canceled: '',
  subscription_status_unknown: '',
  purchase_refunded: '',
  purchase_charged_back: '',
  no_purchase: '',
};

const denied = (name: string) => `You have no access to ${name}.`;

const ENDED: Record<AccessReason, (name: string) => string> = {
  subscription_active: (name) => `Your subscription is active, but ${name} is not an active part of it.`,
  subscription_trialing: (name) => `Your trial is running, but ${name} is not an active part of it.`,
  cancellation_scheduled: (name) => `Your subscription has not ended, but ${name} is not an active part of it.`,
  subscription_past_due: (name) =>
    `Your access to ${name} has ended, because a payment failed and was not made good in time; it returns with the payment.`,
  subscription_paused: (name) =>
    `Your access to ${name} rests, because your subscription is paused; it returns when you resume it.`,
  subscription_canceled: (name) => `Your access to ${name} has ended, because your subscription has.`,
  subscription_status_unknown: (name) =>
    `You have no access to ${name}: the billing provider reports a state of your subscription that is not known here yet.`,
  purchase_refunded: (name) => `Your access to ${name} has ended, because your purchase was refunded.`,
  purchase_charged_back: (name) => `Your access to ${name} has ended, because the payment for it was charged back.`,
  no_purchase: (name) => `You have not bought ${name}, nor was it granted to you.`,
  purchase_completed: denied,
  granted: denied,
};

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

function readable(time: string): string {
  const instant = parseInstant(time);
  return instant ? `${DATE.format(msOf(instant))} UTC` : time;
}
