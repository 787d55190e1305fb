import { createHash } from 'node:crypto';
import request from 'supertest';
import { startSimulator, type Simulator } from '../../src/simulator';
import { demoPriceId } from '../../src/simulator/world/demo-catalog';
import type { Transaction } from '../../src/simulator/world/money-entities';
import { DECLINED_CARD, GOOD_CARD } from '../../src/simulator/world/payments';

const SEED = 'pages';
const AT = '2026-01-10T09:30:00.000000Z';
const KEY = `pdl_sdbx_apikey_${'0'.repeat(26)}_${'0'.repeat(22)}_000`;
const BUYER = { email: 'ada@example.com', name: 'Ada', country: 'US', postalCode: '10021' };

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, seed: SEED, clock: { mode: 'frozen', at: AT } });
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await post('/_control/clock/freeze');
  await post('/_control/reset');
});

const get = (path: string) => request(simulator.url).get(path);
const post = (path: string, body: object = {}) => request(simulator.url).post(path).send(body);
const api = (path: string) => get(path).set('authorization', `Bearer ${KEY}`);
const pageOf = (id: string) => get(`/checkout?_ptxn=${id}`);
const pay = (id: string, body: object = {}) => post(`/_checkout/${id}`, { ...BUYER, card: GOOD_CARD, ...body });
const price = (label: string) => demoPriceId(SEED, label);

async function open(label = 'solo-monthly', userId = 'user_1'): Promise<string> {
  const { status, body } = await post('/_checkout', { priceId: price(label), userId });
  expect(status).toBe(201);
  expect(body).toEqual({ transactionId: expect.any(String), url: `${simulator.url}/checkout?_ptxn=${body.transactionId}` });
  return body.transactionId as string;
}

async function transaction(id: string): Promise<Transaction> {
  return (await api(`/transactions/${id}`)).body.data as Transaction;
}

/** What happened, by the names of the events, since a number of them had happened. */
const eventsSince = (count: number) =>
  simulator
    .save()
    .world.events.slice(count)
    .map(({ type }) => type);
const eventCount = () => simulator.save().world.events.length;

async function signUp(label?: string): Promise<string> {
  const { body } = await pay(await open(label));
  expect(body).toMatchObject({ paid: true, status: 'completed' });
  return body.subscriptionId as string;
}

describe('the checkout', () => {
  it('shows what is bought, says that it is a simulation, and takes the money', async () => {
    const id = await open();
    const page = await pageOf(id);
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/This is a simulation/);
    expect(page.text).toMatch(/Rowboat Solo[\s\S]*\$12\.00[\s\S]*Tax \(8\.875 %\)[\s\S]*\$1\.07[\s\S]*Total[\s\S]*\$13\.07/);
    expect(page.text).toContain('value="user_1@example.com"');
    const { body } = await pay(id);
    expect(body).toEqual({
      paid: true,
      status: 'completed',
      transactionId: id,
      subscriptionId: expect.stringMatching(/^sub_/),
      message: expect.stringMatching(/^Paid/),
    });
    expect(await transaction(id)).toMatchObject({ status: 'completed', custom_data: { user_id: 'user_1' } });
    expect((await pageOf(id)).text).toMatch(/This is paid/);
  });

  it('lets a person try again when the card is declined', async () => {
    const id = await open();
    const before = eventCount();
    const { status, body } = await pay(id, { card: DECLINED_CARD });
    expect({ status, body }).toMatchObject({ status: 200, body: { paid: false, status: 'ready', message: /declined/ } as never });
    expect(eventsSince(before).at(-1)).toBe('transaction.payment_failed');
    expect((await pay(id)).body).toMatchObject({ paid: true });
    expect((await transaction(id)).payments.map(({ status }) => status)).toEqual(['captured', 'error']);
  });

  it('takes the money once, however often "Pay" is pressed', async () => {
    const id = await open();
    const [first, second] = await Promise.all([pay(id), pay(id)]);
    expect(second.body).toEqual(first.body);
    expect((await transaction(id)).payments).toHaveLength(1);
    expect((await get('/_control/state')).body.subscriptions).toHaveLength(1);
  });

  it('prices for the country and the code before anything is paid, and leaves no trace of that', async () => {
    const id = await open();
    const before = JSON.stringify(simulator.save());
    const { body } = await post(`/_checkout/${id}/preview`, { country: 'JP', code: 'row10' });
    expect(body.pay).toBe('Pay ¥1,782');
    expect(body.summary).toMatch(/¥1,800[\s\S]*Discount[\s\S]*-¥180[\s\S]*Tax \(10 %\)[\s\S]*¥162[\s\S]*¥1,782/);
    await pageOf(id);
    expect(JSON.stringify(simulator.save())).toBe(before);
    await pay(id, { country: 'JP', code: 'ROW10' });
    expect(await transaction(id)).toMatchObject({
      currency_code: 'JPY',
      details: { totals: { total: '1782', discount: '180' } },
    });
  });

  it.each([
    [{ code: 'nope' }, 'transaction_discount_not_found'],
    [{ email: 'ada' }, 'customer_email_invalid'],
    [{ country: 'Mars' }, 'invalid_field'],
    [{ card: 'abc' }, 'invalid_field'],
    [{ amount: '1' }, 'invalid_field'],
  ])('refuses %j, and can be paid after that', async (wrong, code) => {
    const id = await open();
    const { status, body } = await pay(id, wrong);
    expect({ status, code: body.error.code }).toEqual({ status: 400, code });
    expect((await pay(id)).body).toMatchObject({ paid: true });
  });

  it('starts a trial for nothing', async () => {
    const id = await open('solo-trial');
    expect((await pageOf(id)).text).toMatch(/14 days free, then \$12\.00 every month[\s\S]*Start the trial/);
    const { body } = await pay(id);
    expect((await api(`/subscriptions/${body.subscriptionId}`)).body.data).toMatchObject({ status: 'trialing' });
  });

  it('replaces a card for nothing, for nobody else than the owner', async () => {
    const subscription = await signUp();
    const { data } = (await api(`/subscriptions/${subscription}/update-payment-method-transaction`)).body;
    const page = await pageOf(data.id);
    expect(page.text).toMatch(/Replace the card[\s\S]*Save the card/);
    expect(page.text).not.toContain('id="email"');
    expect((await pay(data.id, { card: DECLINED_CARD })).body).toMatchObject({ paid: false });
    expect((await pay(data.id, { email: 'eve@example.com' })).body).toMatchObject({ paid: true, subscriptionId: subscription });
    expect((await get('/_control/state')).body.customers).toHaveLength(1);
  });

  it('settles what is past due', async () => {
    const { body } = await post('/_control/scenarios/renewal_failed', { userId: 'user_2' });
    const due = (await transaction(body.transactionIds.at(-1))).id;
    expect((await pageOf(due)).text).toContain('Pay $13.07');
    expect((await pay(due)).body).toMatchObject({ paid: true });
    expect((await api(`/subscriptions/${body.subscriptionId}`)).body.data).toMatchObject({ status: 'active' });
  });

  it('says so when it is closed or unknown', async () => {
    const id = await open();
    await request(simulator.url).patch(`/transactions/${id}`).set('authorization', `Bearer ${KEY}`).send({ status: 'canceled' });
    const closed = await pageOf(id);
    expect({ status: closed.status, text: closed.text }).toMatchObject({ status: 410, text: /closed[\s\S]*canceled/ } as never);
    expect((await pay(id)).body.error).toMatchObject({ code: 'transaction_immutable' });
    for (const path of ['/checkout?_ptxn=txn_none', '/checkout', '/checkout?_ptxn=a&_ptxn=b', '/portal/ctm_none?token=pga_x']) {
      const { status, type, text } = await get(path);
      expect({ status, type }).toEqual({ status: 404, type: 'text/html' });
      expect(text).toMatch(/There is no such thing here/);
    }
    expect((await pay('txn_none')).status).toBe(404);
  });

  it('goes on to web addresses only', async () => {
    const id = await open();
    const onward = async (url: string) => (await get(`/checkout?_ptxn=${id}&success_url=${encodeURIComponent(url)}`)).text;
    expect(await onward('https://shop.example.com/thanks?a=1&b=2')).toContain(
      'href="https://shop.example.com/thanks?a=1&amp;b=2"',
    );
    expect(await onward('javascript:alert(1)')).not.toContain('javascript:');
  });
});

describe('what people type', () => {
  const HOSTILE = `<script>alert('1')</script>"><img src=x onerror=alert(2)>`;

  it('is text on every page', async () => {
    const id = await open('solo-monthly', HOSTILE);
    const { body } = await pay(id, { name: HOSTILE });
    const { customer_id: customerId } = await transaction(id);
    await post(`/_checkout/${id}`, {});
    const again = await api(`/subscriptions/${body.subscriptionId}/update-payment-method-transaction`);
    const pages = [
      '/',
      `/portal/${customerId}?token=pga_${encodeURIComponent(HOSTILE)}`,
      `/checkout?_ptxn=${again.body.data.id}`,
      `/checkout?_ptxn=${encodeURIComponent(HOSTILE)}`,
    ];
    for (const path of pages) {
      const { text } = await get(path);
      expect(text).toContain('&lt;script&gt;alert(&#39;1&#39;)');
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain('<img');
    }
  });

  it('could not run if it were not: the policy names the one script and the one style', async () => {
    const { headers, text } = await get('/');
    const hashOf = (tag: string) => {
      const [, inside] = new RegExp(`<${tag}>([\\s\\S]*)</${tag}>`).exec(text)!;
      return `'sha256-${createHash('sha256').update(inside!).digest('base64')}'`;
    };
    expect(headers['content-security-policy']!.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hashOf('style')}`,
      `script-src ${hashOf('script')}`,
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(text).not.toMatch(/ on\w+=| style=/);
  });
});

describe('pages of other sites', () => {
  const from = (origin: string, host?: string) => {
    const asked = post('/_control/clock/advance', { by: 'P1D' }).set('origin', origin);
    return host ? asked.set('host', host) : asked;
  };

  it.each([
    ['http://evil.example', undefined],
    ['null', undefined],
    ['https://127.0.0.1', undefined],
    ['http://evil.example:4020', 'evil.example:4020'], // a name that was made to point here
  ])('of %s cannot change the world', async (origin, host) => {
    const before = (await get('/_control/clock')).body;
    const { status, body } = await from(origin, host);
    expect({ status, code: body.error.code }).toEqual({ status: 403, code: 'forbidden' });
    expect((await get('/_control/clock')).body).toEqual(before);
    expect((await post('/_checkout', { priceId: price('handbook') }).set('origin', origin)).status).toBe(403);
  });

  it('are not those of the simulator', async () => {
    expect((await from(simulator.url)).status).toBe(200);
    const { port } = new URL(simulator.url);
    expect((await from(`http://localhost:${port}`, `localhost:${port}`)).status).toBe(200);
  });
});

describe('the page of the world', () => {
  it('shows the clock, what is for sale and what there is', async () => {
    const subscription = await signUp();
    const { status, text } = await get('/');
    expect(status).toBe(200);
    expect(text).toMatch(/2026-01-10 09:3\d:\d\d UTC[\s\S]*It stands still/);
    expect(text).toMatch(/data-do="\/_control\/scenarios\/dunning_exhausted"/);
    expect(text).toContain(`data-buy="${price('team-yearly')}"`);
    expect(text).toMatch(new RegExp(`<strong>active</strong>[\\s\\S]*${subscription}[\\s\\S]*user_1`));
    expect(text).toMatch(/Nobody hears of it yet/);
  });

  it('has buttons of which each does something', async () => {
    const { text } = await get('/');
    const bodies = [...text.matchAll(/data-do="(\/_control\/(?!scenarios)[^"]+)"(?:\s+data-body="([^"]*)")?/g)];
    expect(bodies).toHaveLength(5);
    for (const [, path, body] of bodies) {
      const { status } = await post(path!, JSON.parse((body ?? '{}').replaceAll('&quot;', '"')) as object);
      expect({ path, status }).toEqual({ path, status: 200 });
    }
  });

  it('shows which faults are on, and the button switches them off', async () => {
    await post('/_control/faults', { webhooks: { duplicate: 0.25, tie: 0.5 }, api: { serverError: 1 } });
    const { text } = await get('/');
    expect(text).toContain('duplicate 0.25, tie 0.5, serverError 1');
    const off = /data-body="([^"]*)"\s*>\s*Faults off/.exec(text)![1]!.replaceAll('&quot;', '"');
    await post('/_control/faults', JSON.parse(off) as object);
    expect((await get('/')).text).toContain('Nothing goes wrong.');
  });
});

describe('the customer portal', () => {
  const pathOf = (url: string) => url.slice(simulator.url.length);

  it('is where the links of the API lead', async () => {
    const subscription = await signUp();
    const { data } = (await api(`/subscriptions/${subscription}`)).body;
    const session = await post(`/customers/${data.customer_id}/portal-sessions`, { subscription_ids: [subscription] }).set(
      'authorization',
      `Bearer ${KEY}`,
    );
    const { general, subscriptions } = session.body.data.urls;
    const links = [general.overview, ...Object.values(data.management_urls as object), subscriptions[0].cancel_subscription];
    for (const link of links as string[]) {
      const { status, text } = await get(pathOf(link));
      expect({ status, shown: text.includes('Rowboat Solo') }).toEqual({ status: 200, shown: true });
    }
    expect((await get(`/portal/${data.customer_id}`)).status).toBe(403);
  });

  it('cancels at the end of the period', async () => {
    const subscription = await signUp();
    const { status, body } = await post(`/_portal/subscriptions/${subscription}/cancel`);
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'active', scheduledChange: { action: 'cancel' } } });
    expect((await get(`/portal/subscriptions/${subscription}/cancel?token=pga_x`)).text).toMatch(/It will be canceled already/);
    expect((await post(`/_portal/subscriptions/${subscription}/cancel`)).body.error.code).toBe(
      'subscription_locked_pending_changes',
    );
    await post('/_control/clock/advance', { by: 'P1M' });
    expect((await api(`/subscriptions/${subscription}`)).body.data).toMatchObject({ status: 'canceled' });
  });

  it('cancels at once what is past due, where there is no period to wait for', async () => {
    const { body } = await post('/_control/scenarios/renewal_failed');
    expect((await post(`/_portal/subscriptions/${body.subscriptionId}/cancel`)).body).toMatchObject({ status: 'canceled' });
  });

  it('leads to the checkout for another card', async () => {
    const subscription = await signUp();
    const { body } = await post(`/_portal/subscriptions/${subscription}/update-payment-method`);
    expect((await get(pathOf(body.url))).text).toMatch(/Save the card/);
  });
});
