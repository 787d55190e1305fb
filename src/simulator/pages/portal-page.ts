import type { Customer, Subscription } from '../world/entities';
import { timeText } from './amounts';
import { markup, type Html } from './markup';
import { SIMULATION, type Page } from './page';
import { PORTAL_SCRIPT } from './portal-script';

export function customerPage(customer: Customer, subscriptions: Subscription[], token: string): Page {
  const title = `Subscriptions of ${customer.name ?? customer.email}`;
  const cards = subscriptions.toReversed().map(
    (one) => markup`<section class="card">
        ${factsOf(one)}
        ${one.status === 'canceled' ? null : linksOf(one, token)}
      </section>`,
  );
  const none = subscriptions.length === 0 ? markup`<p>There are none.</p>` : null;
  return { title, narrow: true, body: markup`${SIMULATION}<h1>${title}</h1>${cards}${none}` };
}

export function cancelPage(subscription: Subscription): Page {
  const atOnce = ['paused', 'past_due'].includes(subscription.status);
  const when = atOnce ? 'It ends at once.' : 'It goes on until the end of the period that is paid for.';
  const pending = subscription.scheduled_change?.action === 'cancel';
  return actionPage('Cancel the subscription', subscription, {
    text: pending ? 'It will be canceled already.' : when,
    action: subscription.status === 'canceled' || pending ? null : 'cancel',
    label: 'Cancel the subscription',
    done: atOnce ? 'The subscription is canceled.' : 'The subscription will end with its period.',
  });
}

export function paymentMethodPage(subscription: Subscription): Page {
  const unpaid = subscription.status === 'past_due';
  return actionPage('Replace the card', subscription, {
    text: unpaid ? 'What is unpaid is paid with the new card.' : 'Nothing is charged now; the next bill goes to the new card.',
    action: subscription.status === 'canceled' ? null : 'update-payment-method',
    label: 'Go to the checkout',
    done: 'Off to the checkout.',
  });
}

interface Action {
  text: string;
  /** Null where it cannot be done any more. */
  action: 'cancel' | 'update-payment-method' | null;
  label: string;
  done: string;
}

function actionPage(title: string, subscription: Subscription, { text, action, label, done }: Action): Page {
  const path = `/_portal/subscriptions/${subscription.id}/${action}`;
  const button = markup`<button id="act" class="main" data-path="${path}" data-done="${done}">${label}</button>`;
  const body = markup`
    ${SIMULATION}
    <section class="card">
      <h1>${title}</h1>
      ${factsOf(subscription)}
      <p id="text">${subscription.status === 'canceled' ? 'It is canceled already.' : text}</p>
      <p id="message" class="message" role="status"></p>
      ${action ? button : null}
    </section>`;
  return { title, body, narrow: true, ...(action && { script: PORTAL_SCRIPT }) };
}

function factsOf({ id, items, status, scheduled_change: change, next_billed_at: next }: Subscription): Html {
  const names = items.map(({ product, quantity }) => (quantity === 1 ? product.name : `${product.name} × ${quantity}`));
  return markup`<h2>${names.join(', ')}</h2>
    <p>
      It is <strong>${status.replace('_', ' ')}</strong>.
      ${change ? `To ${change.action} at ${timeText(change.effective_at)}.` : null}
      ${next ? `The next bill comes at ${timeText(next)}.` : null}
      <br /><small class="id">${id}</small>
    </p>`;
}

function linksOf({ id, collection_mode: mode }: Subscription, token: string): Html {
  const link = (action: string) => `/portal/subscriptions/${id}/${action}?token=${encodeURIComponent(token)}`;
  const replace = markup`<a class="button" href="${link('update-payment-method')}">Replace the card</a>`;
  return markup`<p class="buttons">${mode === 'manual' ? null : replace}<a class="button" href="${link('cancel')}">Cancel</a></p>`;
}
