import { FAULT_NAMES } from '../webhooks';
import type { Price } from '../world/entities';
import { isOpen } from '../world/transactions';
import { SCENARIOS } from '../world/scenarios';
import { amountText, everyText, lengthText, timeText } from './amounts';
import { HOME_SCRIPT } from './home-script';
import type { HomeView } from './home-view';
import { markup, type Html } from './markup';
import { SIMULATION, type Page } from './page';

/** What can be done comes first. What is `data-live` is fetched again after everything that a button does. */
export function homePage(view: HomeView): Page {
  const body = markup`
    ${SIMULATION}
    <h1>A local Paddle</h1>
    <div id="time" data-live>${clockOf(view)}</div>
    <section class="card" aria-labelledby="play">
      <h2 id="play">Make things happen</h2>
      <div class="field"><label for="user">For the user</label><input id="user" value="user_1" autocomplete="off" /></div>
      <p class="buttons">${Object.keys(SCENARIOS).map(
        (name) => markup`<button class="small" data-do="/_control/scenarios/${name}" data-user>${name}</button>`,
      )}</p>
      <p class="soft">Each is one whole story. Time in it goes by for everybody.</p>
    </section>
    <section id="told" class="card" aria-labelledby="answer-title" hidden>
      <h2 id="answer-title">Answer</h2>
      <pre id="answer" role="status" tabindex="0"></pre>
    </section>
    <section class="card" aria-labelledby="shop">
      <h2 id="shop">Buy something for this user</h2>
      <div class="scroll"><table>
        <thead><tr><th>Product</th><th>Price</th><th class="number">Amount</th><th>Quantity</th><th></th></tr></thead>
        <tbody>${view.catalog.map(({ product, prices }) => prices.map((price) => offer(product.name, price)))}</tbody>
      </table></div>
    </section>
    <div id="world" data-live>${worldOf(view)}</div>`;
  return { title: 'A local Paddle', body, script: HOME_SCRIPT };
}

function worldOf(view: HomeView): Html {
  return markup`
    <section class="card" aria-labelledby="there">
      <h2 id="there">What there is</h2>
      <dl class="counts">${view.counts.map(([name, count]) => markup`<div><dt>${name}</dt><dd>${count}</dd></div>`)}</dl>
    </section>
    ${newestOf(view)}
    ${webhooksOf(view)}`;
}

function clockOf({ now, follows, seed }: HomeView): Html {
  const mode = follows ? 'It follows the real time.' : 'It stands still.';
  return markup`<section class="card" aria-labelledby="clock">
      <h2 id="clock">${timeText(now)}</h2>
      <p>${mode} <span class="soft">Seed: ${seed}</span></p>
      <p class="buttons">
        <button data-do="/_control/clock/advance" data-body="${JSON.stringify({ by: 'P1D' })}" class="main">A day later</button>
        <button data-do="/_control/clock/advance" data-body="${JSON.stringify({ by: 'P1M' })}" class="main">A month later</button>
        ${
          follows
            ? markup`<button data-do="/_control/clock/freeze">Stop the clock</button>`
            : markup`<button data-do="/_control/clock/follow">Let the clock go</button>`
        }
      </p>
    </section>`;
}

function newestOf({ subscriptions, transactions }: HomeView): Html {
  return markup`
    <section class="card" aria-labelledby="subscriptions">
      <h2 id="subscriptions">Newest subscriptions</h2>
      ${subscriptions.length === 0 ? markup`<p class="soft">None yet.</p>` : null}
      <div class="scroll"><table><tbody>${subscriptions.map(subscriptionRow)}</tbody></table></div>
    </section>
    <section class="card" aria-labelledby="transactions">
      <h2 id="transactions">Newest transactions</h2>
      ${transactions.length === 0 ? markup`<p class="soft">None yet.</p>` : null}
      <div class="scroll"><table><tbody>${transactions.map(transactionRow)}</tbody></table></div>
    </section>`;
}

function subscriptionRow({ subscription, email, userId }: HomeView['subscriptions'][number]): Html {
  const { id, customer_id: customerId, status, items, next_billed_at: next, scheduled_change: change } = subscription;
  const what = items.map(({ product }) => product.name).join(', ');
  const soon = change ? `to ${change.action} at ${timeText(change.effective_at)}` : next ? `bills at ${timeText(next)}` : '';
  return markup`<tr>
      <td><strong>${status.replace('_', ' ')}</strong><br /><small class="id">${id}</small></td>
      <td>${what}<br /><small>${soon}</small></td>
      <td>${userId}<br /><small>${email}</small></td>
      <td class="number"><a href="/portal/${customerId}?token=pga_page">Portal</a></td>
    </tr>`;
}

function transactionRow(transaction: HomeView['transactions'][number]): Html {
  const { id, status, details, currency_code: currency, created_at: at, origin, invoice_number: number } = transaction;
  const checkout = markup`<a href="/checkout?_ptxn=${id}">Checkout</a>`;
  const invoice = number ? markup`<a href="/invoices/${id}/invoice_${number}.pdf?disposition=inline">Invoice</a>` : null;
  return markup`<tr>
      <td><strong>${status.replace('_', ' ')}</strong><br /><small class="id">${id}</small></td>
      <td>${origin.replaceAll('_', ' ')}<br /><small>${timeText(at)}</small></td>
      <td class="number">${amountText(details.totals.grand_total, currency)}</td>
      <td class="number">${isOpen(transaction) ? checkout : invoice}</td>
    </tr>`;
}

/** Enough of everything that a consumer notices, and not so much that nothing arrives. */
const SOME_FAULTS = {
  webhooks: { duplicate: 0.2, reorder: 0.2, slowConsumer: 0.1, badSignature: 0.05 },
  api: { serverError: 0.1 },
};
const API_FAULTS = ['rateLimit', 'conflict', 'serverError', 'htmlError', 'reset', 'timeoutBefore', 'timeoutAfter'];
const NO_FAULTS = { webhooks: noneOf([...FAULT_NAMES, 'tie']), api: noneOf(API_FAULTS) };

function webhooksOf({ destinations, faults }: HomeView): Html {
  const shown = destinations.map(
    ({ url, active, pending }) => markup`<li><span class="id">${url}</span>
        <b>${active ? (pending === 0 ? 'up to date' : `${pending} on their way`) : 'inactive'}</b></li>`,
  );
  return markup`<section class="card" aria-labelledby="webhooks">
      <h2 id="webhooks">Webhooks and faults</h2>
      ${destinations.length === 0 ? markup`<p>Nobody hears of it yet: there is no notification setting.</p>` : null}
      <ul class="lines">${shown}</ul>
      <p>${faults.length === 0 ? 'Nothing goes wrong.' : `What goes wrong, and how often: ${faults.join(', ')}.`}</p>
      <p class="buttons">
        <button data-do="/_control/faults" data-body="${JSON.stringify(SOME_FAULTS)}">Faults on</button>
        <button data-do="/_control/faults" data-body="${JSON.stringify(NO_FAULTS)}">Faults off</button>
      </p>
    </section>`;
}

function offer(product: string, price: Price): Html {
  const { id, name, unit_price: unit, billing_cycle: cycle, trial_period: trial, quantity } = price;
  const terms = [cycle ? everyText(cycle) : 'once', ...(trial ? [`${lengthText(trial)} free`] : [])].join(', ');
  return markup`<tr>
      <td>${product}</td>
      <td>${name}<br /><small>${terms}</small></td>
      <td class="number">${amountText(unit.amount, unit.currency_code)}</td>
      <td><input type="number" aria-label="Quantity of ${product}, ${name}" value="${quantity.minimum}" min="${quantity.minimum}"
        max="${quantity.maximum}" data-quantity="${id}" /></td>
      <td class="number"><button class="small" data-buy="${id}">Buy</button></td>
    </tr>`;
}

function noneOf(names: string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, 0]));
}
