import type { Address, Customer } from '../world/entities';
import type { Transaction, TransactionDetails } from '../world/money-entities';
import { DECLINED_CARD, GOOD_CARD, LATER_DECLINED_CARD } from '../world/payments';
import { isOpen } from '../world/transactions';
import { CHECKOUT_SCRIPT } from './checkout-script';
import { payLabel, summary } from './checkout-summary';
import { countries } from './countries';
import { Html, markup } from './markup';
import { SIMULATION, type Page } from './page';

export interface CheckoutView {
  transaction: Transaction;
  customer: Customer | null;
  address: Address | null;
  /** What it comes to in the country that the form shows. */
  details: TransactionDetails;
  /** Where the product's frontend goes on; null unless it is a web address. */
  successUrl: string | null;
}

/** Of a buyer of whom nothing is known yet. */
export const USUAL_COUNTRY = 'US';

const CARDS = [
  { number: GOOD_CARD, text: 'Pays' },
  { number: DECLINED_CARD, text: 'Is declined' },
  { number: LATER_DECLINED_CARD, text: 'Pays now, is declined later' },
];

/** Paddle's hosted checkout, as far as a developer needs one. */
export function checkoutPage(view: CheckoutView): Page {
  const { transaction, details, successUrl } = view;
  if (!isOpen(transaction)) return closedPage(transaction, successUrl);
  const replacesCard = transaction.origin === 'subscription_payment_method_change';
  const title = replacesCard ? 'Replace the card' : 'Checkout';
  const body = markup`
    ${SIMULATION}
    <h1>${title}</h1>
    <div class="columns">
      <section class="card" aria-labelledby="order">
        <h2 id="order">${replacesCard ? 'Your subscription' : 'Your order'}</h2>
        <div id="summary" aria-live="polite">${summary(transaction, details)}</div>
        <p class="soft id">${transaction.id}</p>
      </section>
      <section class="card">${formOf(view)}</section>
    </div>
    <section id="done" class="card" hidden>${doneOf(successUrl)}</section>
    <section id="left" class="card" hidden>
      <h2>Nothing was paid</h2>
      <p>The checkout stays open.</p>
      <button id="back" type="button" class="main">Back to the checkout</button>
    </section>`;
  return { title, body, script: CHECKOUT_SCRIPT };
}

function formOf(view: CheckoutView): Html {
  const { transaction, details } = view;
  return markup`
    <form id="checkout" data-transaction="${transaction.id}">
      ${transaction.subscription_id ? ownerOf(view) : buyerOf(view)}
      <fieldset>
        <legend>Card</legend>
        ${CARDS.map(({ number, text }, index) => cardChoice(number, text, index === 0))}
      </fieldset>
      <p id="message" class="message bad" role="alert"></p>
      <div class="buttons wide">
        <button id="pay" class="main">${payLabel(transaction, details)}</button>
        <button id="cancel" type="button">Cancel</button>
      </div>
    </form>`;
}

/** Whose subscription it is, is settled. */
function ownerOf({ customer }: CheckoutView): Html {
  return markup`<p><span class="soft">For</span> ${[customer?.name, customer?.email].filter(Boolean).join(', ')}</p>`;
}

function buyerOf({ transaction, customer, address }: CheckoutView): Html {
  const country = address?.country_code ?? USUAL_COUNTRY;
  const options = countries(country).map(
    ({ code, name }) => markup`<option value="${code}"${code === country ? new Html(' selected') : null}>${name}</option>`,
  );
  return markup`
    <div class="field"><label for="email">Email</label>
      <input id="email" type="email" required autocomplete="off" value="${customer?.email ?? emailFor(transaction)}" /></div>
    <div class="field"><label for="name">Name</label>
      <input id="name" required autocomplete="off" value="${customer?.name ?? 'Robin Doe'}" /></div>
    <div class="pair">
      <div class="field"><label for="country">Country</label><select id="country">${options}</select></div>
      <div class="field"><label for="postal">Postal code</label>
        <input id="postal" autocomplete="off" value="${address?.postal_code ?? '10021'}" /></div>
    </div>
    <div class="field pair code">
      <div><label for="code">Discount code</label><input id="code" autocomplete="off" /></div>
      <button id="apply" type="button">Apply</button>
    </div>`;
}

function cardChoice(number: string, text: string, checked: boolean): Html {
  return markup`<label class="choice"><input type="radio" name="card" value="${number}"${checked ? new Html(' checked') : null} />
      <span>${text}<br /><small class="id">${number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')}</small></span></label>`;
}

/** Most people who try it out are in a hurry. */
function emailFor({ custom_data: data }: Transaction): string {
  const userId = typeof data?.user_id === 'string' ? data.user_id : '';
  return userId ? `${userId.replaceAll(/[^\w.-]/g, '-').toLowerCase()}@example.com` : '';
}

function doneOf(successUrl: string | null): Html {
  const onward = successUrl
    ? markup`<p><a id="onward" class="button main" href="${successUrl}">Go on to ${new URL(successUrl).host}</a></p>`
    : markup`<p><a href="/">To the simulator</a></p>`;
  return markup`<h2 class="good">Thank you</h2><p id="outcome" role="status"></p>${onward}`;
}

function closedPage({ id, status }: Transaction, successUrl: string | null): Page {
  const isPaid = status === 'paid' || status === 'completed';
  const title = isPaid ? 'This is paid' : 'This checkout is closed';
  const onward = successUrl ? markup`<a class="button" href="${successUrl}">Go on to ${new URL(successUrl).host}</a>` : null;
  const body = markup`${SIMULATION}
    <section class="card">
      <h1>${title}</h1>
      <p>The transaction <span class="id">${id}</span> is ${status}.</p>
      <p class="buttons">${onward}<a class="button" href="/">To the simulator</a></p>
    </section>`;
  return { title, body, narrow: true, status: isPaid ? 200 : 410 };
}
