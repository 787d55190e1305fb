import type { StoryResult } from '../../src/simulator/world/story';
import type { Subscription } from '../../src/simulator/world/entities';
import type { Transaction } from '../../src/simulator/world/money-entities';
import { FakeClock } from '../support/fake-clock';
import { until } from '../support/until';
import { API_KEY, LocalPaddle, type Answer } from './local-paddle';

jest.setTimeout(30_000);

let paddle: LocalPaddle;
let prices: Record<string, string>;

beforeAll(async () => {
  paddle = await LocalPaddle.start();
  const all = await paddle.ok<{ id: string; description: string }[]>('GET /prices');
  prices = Object.fromEntries(all.map(({ id, description }) => [description, id]));
});
afterAll(() => paddle.stop());

const SOLO = 'Rowboat Solo, Monthly';
const YEARLY = 'Rowboat Solo, Yearly';
const TEAM = 'Rowboat Team, Monthly (per seat)';
const BOOK = 'The Rowing Handbook, One-time';
const KEY = { authorization: `Bearer ${API_KEY}` };

async function buyer(scenario = 'signup'): Promise<string> {
  return `/subscriptions/${(await paddle.play(scenario)).subscriptionId}`;
}

const to = (
  label: string,
  quantity: number | undefined = 1,
  more: object = { proration_billing_mode: 'prorated_immediately' },
) => ({
  items: [{ price_id: prices[label], quantity }],
  ...more,
});

/** What Paddle refuses: [what is asked, status, code, fields]. */
describe('refusals', () => {
  async function expectRefused(answer: Answer, status: number, code: string, fields?: string[]): Promise<void> {
    expect([answer.status, answer.error?.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toMatch('application/json');
    expect(answer.error.type).toBe(status >= 500 || code === 'too_many_requests' ? 'api_error' : 'request_error');
    expect(answer.meta.request_id).toMatch(/^[\da-f-]{36}$/);
    expect(fields && answer.error.errors!.map(({ field }) => field)).toEqual(fields);
  }

  it.each<[string, Record<string, string>, number, string]>([
    ['no key', {}, 403, 'authentication_missing'],
    ['another scheme', { authorization: 'Basic abc' }, 403, 'authentication_malformed'],
    ['what is no key', { authorization: 'Bearer abc' }, 403, 'forbidden'],
  ])('%s', async (_, headers, status, code) => {
    await expectRefused(await paddle.call('GET /products', undefined, headers), status, code);
  });

  it('a key that is not the one that was set', async () => {
    const strict = await LocalPaddle.start({ apiKey: 'the-one', catalog: false });
    await expectRefused(await strict.call('GET /products'), 403, 'forbidden');
    expect((await strict.call('GET /products', undefined, { authorization: 'bearer the-one' })).status).toBe(200);
    await strict.stop();
  });

  it.each<[string, string, unknown, number, [code: string, ...fields: string[]]]>([
    ['an entity that is not there', `GET /subscriptions/sub_${'0'.repeat(26)}`, undefined, 404, ['not_found']],
    ['a route that is not there', 'GET /nowhere', undefined, 404, ['not_found']],
    ['what is not JSON', 'POST /customers', '{"email":', 400, ['invalid_json']],
    ['a field too few', 'POST /customers', { name: 'A' }, 400, ['invalid_field', 'email']],
    ['a field too many', 'POST /customers', { email: 'a@example.com', age: 7 }, 400, ['invalid_field', 'age']],
    ['two of them', 'POST /customers', { email: 'a@example.com', a: 1, b: 2 }, 400, ['invalid_field', 'a', 'b']],
    ['the wrong type', 'POST /customers', { email: 7 }, 400, ['invalid_field', 'email']],
    ['no email', 'POST /customers', { email: 'nobody' }, 400, ['customer_email_invalid']],
    ['a list with a filter that is none', 'GET /customers?age=7', undefined, 400, ['invalid_field', 'age']],
    ['an order that is none', 'GET /customers?order_by=name[ASC]', undefined, 400, ['invalid_field', 'order_by']],
    ['a page of nothing', 'GET /customers?per_page=0', undefined, 400, ['invalid_field', 'per_page']],
    ['a time that is none', 'GET /transactions?created_at[GT]=soon', undefined, 400, ['invalid_time_query_parameter']],
    ['an operator that is none', 'GET /transactions?created_at[NE]=2026-01-01T00:00:00Z', undefined, 400, ['invalid_field']],
  ])('%s', async (_, route, body, status, [code, ...fields]) => {
    await expectRefused(await paddle.call(route, body), status, code, fields.length > 0 ? fields : undefined);
  });

  it('a body where none is allowed, but not an empty one', async () => {
    const route = await buyer('signup_with_trial');
    await expectRefused(await paddle.call(`POST ${route}/activate`, {}), 400, 'unexpected_request_body');
    expect((await paddle.call(`POST ${route}/activate`, '')).status).toBe(200);
  });

  const PRORATED = { proration_billing_mode: 'prorated_immediately' };
  const SCHEDULED = { scheduled_change: { action: 'cancel' } };

  it.each<[string, string, string, () => unknown, number, string]>([
    ['a change of what is canceled', 'cancel_now', 'PATCH ', () => to(TEAM), 400, 'subscription_update_when_canceled'],
    ['a pause of what is canceled', 'cancel_now', 'POST /pause', () => ({}), 400, 'subscription_is_canceled_action_invalid'],
    ['a second pause', 'pause', 'POST /pause', () => ({}), 400, 'subscription_cannot_be_paused'],
    [
      'to resume what runs',
      'signup',
      'POST /resume',
      () => ({ effective_from: 'immediately' }),
      400,
      'subscription_must_be_paused',
    ],
    ['to activate what runs', 'signup', 'POST /activate', () => '', 400, 'subscription_cannot_activate'],
    [
      'a price twice',
      'signup',
      'PATCH ',
      () => ({ items: [...to(SOLO).items, ...to(SOLO).items], ...PRORATED }),
      400,
      'subscription_duplicate_price_ids',
    ],
    ['a quantity too many', 'signup', 'PATCH ', () => to(TEAM, 501), 400, 'subscription_quantity_not_valid'],
    [
      'a new item without a quantity',
      'signup',
      'PATCH ',
      () => ({ items: [{ price_id: prices[TEAM] }], ...PRORATED }),
      400,
      'subscription_quantity_missing_for_new_items',
    ],
    [
      'no proration mode',
      'signup',
      'PATCH ',
      () => to(TEAM, 1, {}),
      400,
      'subscription_items_update_missing_proration_billing_mode',
    ],
    ['nothing that recurs', 'signup', 'PATCH ', () => to(BOOK), 400, 'subscription_no_recurring_items_remain'],
    [
      'two billing cycles',
      'signup',
      'PATCH ',
      () => ({ items: [...to(SOLO).items, ...to(YEARLY).items], ...PRORATED }),
      400,
      'subscription_new_items_not_valid',
    ],
    [
      'a change that is scheduled by an update',
      'signup',
      'PATCH ',
      () => SCHEDULED,
      400,
      'subscription_scheduled_change_invalid_update',
    ],
    [
      'the next bill at once',
      'signup',
      'PATCH ',
      () => ({ next_billed_at: '2026-01-01T00:00:00Z', ...PRORATED }),
      409,
      'subscription_next_billed_at_too_soon',
    ],
    ['a change while past due', 'renewal_failed', 'PATCH ', () => to(TEAM), 400, 'subscription_update_when_past_due'],
    [
      'a charge while past due',
      'renewal_failed',
      'POST /charge',
      () => to(BOOK, 1, { effective_from: 'immediately' }),
      400,
      'subscription_not_active',
    ],
    [
      'to cancel at the end of a period that is past due',
      'renewal_failed',
      'POST /cancel',
      () => ({}),
      400,
      'subscription_is_inactive_action_invalid',
    ],
    ['a change of items on trial', 'signup_with_trial', 'PATCH ', () => to(TEAM), 400, 'subscription_update_when_trialing'],
    ['a bill while paused', 'pause', 'PATCH ', () => to(TEAM), 400, 'subscription_incorrect_proration_on_paused_subscription'],
    [
      'another date while paused',
      'pause',
      'PATCH ',
      () => ({ next_billed_at: '2030-01-01T00:00:00Z', ...PRORATED }),
      400,
      'subscription_only_update_items_on_paused_subscription',
    ],
    [
      'a price that recurs as a charge',
      'signup',
      'POST /charge',
      () => to(SOLO, 1, { effective_from: 'immediately' }),
      400,
      'subscription_new_items_not_valid',
    ],
  ])('%s', async (_, scenario, route, body, status, code) => {
    const [method, action] = route.split(' ');
    await expectRefused(await paddle.call(`${method} ${await buyer(scenario)}${action}`, body()), status, code);
  });

  it('whatever comes while a change is scheduled, until that is taken back', async () => {
    const route = await buyer();
    await paddle.ok(`POST ${route}/cancel`);
    await expectRefused(await paddle.call(`POST ${route}/cancel`), 400, 'subscription_locked_pending_changes');
    await expectRefused(await paddle.call(`POST ${route}/pause`, {}), 400, 'subscription_locked_pending_changes');
    const later = to(TEAM, 1, { proration_billing_mode: 'prorated_next_billing_period' });
    const code = 'subscription_invalid_billing_mode_for_scheduled_change';
    await expectRefused(await paddle.call(`PATCH ${route}`, later), 400, code);
    expect((await paddle.call(`PATCH ${route}`, to(TEAM))).status).toBe(200);
    expect((await paddle.call(`PATCH ${route}`, { ...later, scheduled_change: null })).status).toBe(200);
  });

  it('every change within 30 minutes of a renewal', async () => {
    const story = await paddle.play('signup');
    const route = `/subscriptions/${story.subscriptionId}`;
    const { next_billed_at: next } = await paddle.subscriptionOf(story);
    await paddle.control('POST clock/set', { to: new Date(Date.parse(next!) - 29 * 60_000).toISOString() });
    for (const [method, body] of [
      ['PATCH ', to(TEAM)],
      ['PATCH ', { custom_data: { a: 1 } }],
      ['POST /cancel', { effective_from: 'immediately' }],
      ['POST /pause', {}],
      ['POST /charge', to(BOOK, 1, { effective_from: 'immediately' })],
    ] as const) {
      const [verb, action] = method.split(' ');
      await expectRefused(await paddle.call(`${verb} ${route}${action}`, body), 409, 'subscription_locked_renewal');
    }
    await paddle.advance('PT30M');
    expect((await paddle.call(`PATCH ${route}`, { custom_data: { a: 1 } })).status).toBe(200);
  });

  it('a change of a subscription, and another refund, while one awaits approval', async () => {
    const { subscriptionId, transactionIds } = await paddle.play('signup');
    const refund = { action: 'refund', type: 'full', reason: 'any', transaction_id: transactionIds[0] };
    await paddle.ok('POST /adjustments', refund);
    await expectRefused(await paddle.call('POST /adjustments', refund), 400, 'adjustment_pending_refund_request');
    const change = await paddle.call(`PATCH /subscriptions/${subscriptionId}`, to(TEAM));
    await expectRefused(change, 400, 'subscription_outstanding_pending_refund');
  });

  it('a refund of what is not completed, of parts that are not named, and a credit for what was paid', async () => {
    const draft = await paddle.ok<{ id: string }>('POST /transactions', { items: to(BOOK).items });
    const { transactionIds } = await paddle.play('signup');
    const ask = (id: string, more: object) => paddle.call('POST /adjustments', { reason: 'any', transaction_id: id, ...more });
    const full = { action: 'refund', type: 'full' };
    await expectRefused(await ask(draft.id, full), 400, 'adjustment_transaction_missing_customer_id');
    await expectRefused(await ask(transactionIds[0]!, { action: 'refund' }), 400, 'invalid_field', ['items']);
    const credit = { ...full, action: 'credit' };
    await expectRefused(await ask(transactionIds[0]!, credit), 400, 'adjustment_transaction_invalid_status_for_credit');
  });

  it('a change of a transaction that is closed, and to cancel it', async () => {
    const { transactionIds } = await paddle.play('signup');
    const route = `/transactions/${transactionIds[0]}`;
    await expectRefused(await paddle.call(`PATCH ${route}`, { custom_data: {} }), 400, 'transaction_immutable');
    await expectRefused(await paddle.call(`PATCH ${route}`, { status: 'canceled' }), 400, 'transaction_invalid_status_change');
    const draft = await paddle.ok<{ id: string }>('POST /transactions', { items: to(BOOK).items });
    const both = { status: 'canceled', custom_data: {} };
    const answer = await paddle.call(`PATCH /transactions/${draft.id}`, both);
    await expectRefused(answer, 400, 'transaction_cannot_be_modified_and_canceled');
    await expectRefused(
      await paddle.call(`PATCH /transactions/${draft.id}`, { status: 'billed' }),
      400,
      'transaction_status_must_be_ready',
    );
    expect(await paddle.ok(`PATCH /transactions/${draft.id}`, { status: 'canceled' })).toMatchObject({ status: 'canceled' });
    await expectRefused(await paddle.call(`POST ${route}/revise`, { customer: {} }), 400, 'transaction_nothing_to_revise');
    await paddle.ok(`POST ${route}/revise`, { customer: { name: 'A' } });
    await expectRefused(
      await paddle.call(`POST ${route}/revise`, { customer: { name: 'B' } }),
      400,
      'transaction_revised_limit_reached',
    );
  });
});

describe('payments that are declined', () => {
  async function declined(onFailure: string): Promise<[Answer<Subscription>, Subscription]> {
    const story = await paddle.play('signup');
    const route = `/subscriptions/${story.subscriptionId}`;
    await paddle.control(`POST subscriptions/${story.subscriptionId}/card`, { behaviour: 'declines' });
    const answer = await paddle.call<Subscription>(`PATCH ${route}`, { ...to(TEAM), on_payment_failure: onFailure });
    return [answer, await paddle.subscriptionOf(story)];
  }

  it('with prevent_change leave everything as it was', async () => {
    const [answer, now] = await declined('prevent_change');
    expect([answer.status, answer.error.code]).toEqual([400, 'subscription_payment_declined']);
    expect(now.items.map(({ price }) => price.id)).toEqual([prices[SOLO]]);
  });

  it('with apply_change do not stop the change', async () => {
    const [answer, now] = await declined('apply_change');
    expect([answer.status, now.status]).toEqual([200, 'active']);
    expect(now.items.map(({ price }) => price.id)).toEqual([prices[TEAM]]);
    const bills = await paddle.ok<Transaction[]>(`GET /transactions?subscription_id=${now.id}&status=past_due`);
    expect(bills).toHaveLength(1);
  });
});

describe('previews', () => {
  it('leave nothing behind, and say what then happens', async () => {
    const route = await buyer();
    const before = await paddle.state();
    const catalog = await paddle.ok('GET /products?status=active,archived');
    const described = {
      price: {
        description: 'Odd',
        product: { name: 'Odd', tax_category: 'saas' },
        unit_price: { amount: '900', currency_code: 'USD' },
        billing_cycle: { interval: 'month', frequency: 1 },
      },
      quantity: 1,
    };
    const change = { items: [...to(TEAM, 3).items, described], proration_billing_mode: 'full_immediately' };
    const preview = await paddle.ok<Record<string, { result: object; details: object }>>(`PATCH ${route}/preview`, change);
    expect(preview).not.toHaveProperty('id');
    expect(preview.update_summary!.result).toEqual({ action: 'charge', amount: '9472', currency_code: 'USD' });
    await paddle.ok(`POST ${route}/charge/preview`, to(BOOK, 1, { effective_from: 'immediately' }));
    await paddle.ok('POST /transactions/preview', { items: [described] });
    expect(await paddle.state()).toEqual(before);
    expect(await paddle.ok('GET /products?status=active,archived')).toEqual(catalog);
    await paddle.ok(`PATCH ${route}`, change);
    const [bill] = await paddle.ok<Transaction[]>(
      `GET /transactions?subscription_id=${route.slice(15)}&origin=subscription_update`,
    );
    expect(bill!.details.totals.grand_total).toBe('9472');
  });
});

describe('limits', () => {
  it('20 immediate charges an hour and 100 a day', async () => {
    const route = await buyer();
    const charge = () => paddle.call(`POST ${route}/charge`, to(BOOK, 1, { effective_from: 'immediately' }));
    for (let hour = 0; hour < 5; hour++) {
      for (let count = 0; count < 20; count++) expect((await charge()).status).toBe(200);
      const refused = await charge();
      expect([refused.status, refused.error.code]).toEqual([429, 'subscription_immediate_charge_hour_limit_exceeded']);
      await paddle.advance('PT1H1M');
    }
    expect((await charge()).error.code).toBe('subscription_immediate_charge_24_hour_limit_exceeded');
    expect((await paddle.call(`POST ${route}/charge`, to(BOOK, 1, { effective_from: 'next_billing_period' }))).status).toBe(200);
    await paddle.advance('P1D');
    expect((await charge()).status).toBe(200);
  });

  it('so many requests a minute, and when to come back', async () => {
    const clock = new FakeClock();
    const strict = await LocalPaddle.start({ requestsPerMinute: 3, realClock: clock, catalog: false });
    for (let count = 0; count < 3; count++) expect((await strict.call('GET /products')).status).toBe(200);
    clock.advanceSeconds(20);
    const refused = await strict.call('GET /products');
    expect([refused.status, refused.error.code, refused.headers.get('retry-after')]).toEqual([429, 'too_many_requests', '40']);
    expect((await strict.call('POST /transactions/preview', { items: [] })).status).toBe(400);
    clock.advanceSeconds(40);
    expect((await strict.call('GET /products')).status).toBe(200);
    await strict.stop();
  });
});

describe('an invoice', () => {
  it('is a PDF that a reader can follow', async () => {
    const { transactionIds } = await paddle.play('signup');
    const { url } = await paddle.ok<{ url: string }>(`GET /transactions/${transactionIds[0]}/invoice`);
    const response = await fetch(url);
    const pdf = Buffer.from(await response.arrayBuffer()).toString('latin1');
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    expect(pdf.endsWith('%%EOF\n')).toBe(true);
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)![1]);
    expect(pdf.slice(table, table + 5)).toBe('xref\n');
    const offsets = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
    expect(offsets.length).toBeGreaterThan(3);
    for (const [index, offset] of offsets.entries()) {
      expect(pdf.slice(offset).startsWith(`${index + 1} 0 obj\n`)).toBe(true);
    }
    const [, length, stream] = /\/Length (\d+) >>\nstream\n(.*?)\nendstream/s.exec(pdf)!;
    expect(stream).toHaveLength(Number(length));
    expect(pdf).toContain(transactionIds[0]);
  });

  it('is not there before it has a number', async () => {
    const { id } = await paddle.ok<{ id: string }>('POST /transactions', { items: to(BOOK).items });
    expect((await paddle.call(`GET /transactions/${id}/invoice`)).status).toBe(400);
  });
});

/** How a story was told twice: answers, webhooks, events. */
it('the same seed and calls give the same bytes of answers and webhooks; another seed gives others', async () => {
  const [one, two, other] = [await told('same'), await told('same'), await told('other')];
  expect(one.webhooks.length).toBeGreaterThan(40);
  expect(two).toEqual(one);
  expect(other.webhooks).not.toEqual(one.webhooks);
  expect(other.answers[1]).not.toBe(one.answers[1]);
});

async function told(seed: string): Promise<{ answers: string[]; webhooks: string[] }> {
  const local = await LocalPaddle.start({ seed });
  const answers: string[] = [];
  const ask = async (route: string, body?: unknown) => {
    const { status, text } = await local.call(route, body);
    answers.push(`${status} ${text.replaceAll(local.url, '')}`);
  };
  const stories: StoryResult[] = [];
  for (const name of ['signup', 'upgrade', 'renewal_failed', 'refund_full']) stories.push(await local.play(name));
  await ask('GET /prices');
  await ask(`POST /subscriptions/${stories[0]!.subscriptionId}/cancel`);
  await ask(`GET /subscriptions?include=x&after=${stories[0]!.subscriptionId}`);
  await ask('GET /transactions?order_by=updated_at[DESC]');
  await local.advance('P2M');
  await ask('GET /events?per_page=200');
  await ask('GET /notifications');
  await ask('POST /customers', {});
  await local.stop();
  return { answers, webhooks: local.receiver.deliveries.map(({ body }) => body.replaceAll(local.url, '')) };
}

describe('faults', () => {
  const faults = (body: object) => paddle.control('POST faults', body);
  const calm = { api: { rateLimit: 0, conflict: 0, serverError: 0, htmlError: 0, reset: 0, timeoutBefore: 0, timeoutAfter: 0 } };
  afterEach(() => faults(calm));

  async function raw(method: string, path: string, body?: unknown, signal: AbortSignal | null = null): Promise<Response> {
    const headers = { ...KEY, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return fetch(`${paddle.url}${path}`, { method, headers, signal, ...text });
  }

  /** Waits until the fault was met, and then gives up waiting for the answer. */
  async function giveUpOn(path: string, body: unknown, made: () => Promise<boolean>): Promise<void> {
    const caller = new AbortController();
    const answer = raw('POST', path, body, caller.signal);
    const met = async () => (await paddle.control<{ times: number | null }>('GET faults')).times === 0 && made();
    await until(met, 'the request met the fault');
    caller.abort();
    await expect(answer).rejects.toThrow('aborted');
  }

  it.each([
    ['rateLimit', 429, 'too_many_requests'],
    ['conflict', 409, 'concurrent_modification'],
    ['serverError', 500, 'internal_error'],
  ])('%s, so many times', async (name, status, code) => {
    const { customers } = await paddle.state();
    await faults({ api: { [name]: 1 }, times: 2 });
    for (let count = 0; count < 2; count++) {
      const answer = await paddle.call('POST /customers', { email: `${name}@example.com` });
      expect([answer.status, answer.error.code]).toEqual([status, code]);
      expect(answer.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
    }
    expect((await paddle.state()).customers).toHaveLength(customers.length);
    expect((await paddle.call('POST /customers', { email: `${name}@example.com` })).status).toBe(201);
  });

  it('conflict leaves reading alone', async () => {
    await faults({ api: { conflict: 1 } });
    expect((await paddle.call('GET /products')).status).toBe(200);
  });

  it('htmlError is a page, not JSON', async () => {
    await faults({ api: { htmlError: 1 }, times: 1 });
    const response = await raw('GET', '/products');
    expect([response.status, response.headers.get('content-type')]).toEqual([502, expect.stringContaining('text/html')]);
    expect(await response.text()).toMatch(/^<html>/);
  });

  it('reset cuts the connection, and nothing was changed', async () => {
    await faults({ api: { reset: 1 }, times: 1 });
    await expect(raw('POST', '/customers', { email: 'reset@example.com' })).rejects.toThrow('fetch failed');
    expect(await paddle.ok('GET /customers?email=reset@example.com')).toEqual([]);
  });

  it.each([
    ['timeoutBefore', 0],
    ['timeoutAfter', 1],
  ])('%s never answers; changes made: %i', async (name, made) => {
    await faults({ api: { [name]: 1 }, times: 1 });
    const email = `${name}@example.com`;
    const found = async () => (await paddle.state()).customers.filter((one) => one.email === email).length === made;
    await giveUpOn('/customers', { email }, found);
    expect(await paddle.ok(`GET /customers?email=${email}`)).toHaveLength(made);
  });

  it('only where they match: a method, a path with a star', async () => {
    const route = await buyer();
    await faults({ api: { serverError: 1 }, match: { method: 'POST', path: '/subscriptions/*/cancel' } });
    expect((await paddle.call(`GET ${route}`)).status).toBe(200);
    expect((await paddle.call(`POST ${route}/pause`, {})).status).toBe(200);
    expect((await paddle.call(`POST ${route}/cancel`, {})).status).toBe(500);
  });

  it('webhooks arrive although the caller gave up', async () => {
    const route = await buyer();
    const seen = paddle.receiver.deliveries.length;
    await faults({ api: { timeoutAfter: 1 }, times: 1 });
    const told = () => paddle.receiver.webhooks.slice(seen).map(({ event_type: type }) => type);
    await giveUpOn(`${route}/cancel`, { effective_from: 'immediately' }, async () => told().length === 2);
    expect(told()).toEqual(['subscription.updated', 'subscription.canceled']);
    expect(await paddle.ok(`GET ${route}`)).toMatchObject({ status: 'canceled' });
  });

  it.each([
    [{ api: { nonsense: 1 } }, 'nonsense'],
    [{ api: { reset: 2 } }, 'reset'],
    [{ webhooks: { drop: -1 } }, 'drop'],
  ])('refuses what is no fault or no probability: %j', async (body, field) => {
    const answer = await paddle.call('POST /_control/faults', body, {});
    expect([answer.status, answer.error.errors![0]!.field]).toEqual([400, field]);
  });
});
