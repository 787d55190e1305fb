import { LocalPaddle } from './local-paddle';

interface Entity {
  id: string;
  status: string;
}

jest.setTimeout(30_000);

let paddle: LocalPaddle;
beforeAll(async () => {
  paddle = await LocalPaddle.start();
  for (let count = 0; count < 12; count++) await paddle.play('signup');
  await paddle.play('refunds_partial_to_full');
  await paddle.play('renewal_failed');
});
afterAll(() => paddle.stop());

async function page(route: string) {
  const { data, meta } = await paddle.call<Entity[]>(`GET ${route}`);
  return { data, ids: data.map(({ id }) => id), ...meta.pagination };
}

async function everyPage(route: string, between: () => Promise<unknown> = async () => undefined): Promise<string[]> {
  const found: string[] = [];
  for (let next = await page(route); ; next = await page(next.next)) {
    found.push(...next.ids);
    if (!next.has_more) return found;
    await between();
  }
}

describe('pages', () => {
  it('follow each other by an absolute link that is always there', async () => {
    const first = await page('/subscriptions?per_page=5&status=active');
    expect(first).toMatchObject({ per_page: 5, has_more: true, estimated_total: expect.any(Number) });
    expect(first.next).toMatch(new RegExp(`^${paddle.url}/subscriptions\\?`));
    const { searchParams } = new URL(first.next);
    expect(Object.fromEntries(searchParams)).toEqual({ per_page: '5', status: 'active', after: first.ids.at(-1) });
    const last = await page(`/subscriptions?status=active`);
    expect(last).toMatchObject({ has_more: false, estimated_total: last.ids.length, next: expect.stringContaining(paddle.url) });
    expect(await page(last.next)).toMatchObject({ data: [], has_more: false });
    expect(await everyPage('/subscriptions?per_page=5&status=active')).toEqual(last.ids);
  });

  it.each([
    ['transactions', 30, 30],
    ['adjustments', 10, 50],
    ['subscriptions', 50, 200],
    ['customers', 50, 200],
    ['events', 50, 200],
    ['notifications', 50, 200],
    ['notification-settings', 200, 200],
  ])('of %s hold %i, and at most %i', async (list, usual, most) => {
    expect((await page(`/${list}`)).per_page).toBe(usual);
    expect((await page(`/${list}?per_page=1000`)).per_page).toBe(most);
  });

  it('stay in place while rows arrive', async () => {
    const before = (await paddle.state()).subscriptions.map(({ id }) => id);
    const found = await everyPage('/subscriptions?per_page=4', () => paddle.play('signup'));
    expect(new Set(found).size).toBe(found.length);
    expect(found.slice(0, before.length)).toEqual(before);
    const backwards = await everyPage('/subscriptions?per_page=4&order_by=id[DESC]', () => paddle.play('signup'));
    expect(backwards).toEqual(found.concat(backwards.filter((id) => !found.includes(id)).toReversed()).toReversed());
  });

  it('stay in place while what they named stops matching', async () => {
    const expected = (await page('/subscriptions?status=active&per_page=200')).ids;
    const found: string[] = [];
    for (let next = await page('/subscriptions?status=active&per_page=3'); ;) {
      found.push(...next.ids);
      if (!next.has_more) break;
      await paddle.ok(`POST /subscriptions/${next.ids.at(-1)}/cancel`, { effective_from: 'immediately' });
      next = await page(next.next);
    }
    expect(found).toEqual(expected);
  });

  it('do not overlap where the field that orders them is the same', async () => {
    const all = await everyPage('/products?per_page=2&order_by=tax_category[ASC]');
    expect(all.toSorted()).toEqual((await page('/products')).ids.toSorted());
  });
});

describe('filters', () => {
  it('take lists, also as a parameter that stands there twice', async () => {
    const both = (await page('/transactions?status=past_due,completed')).data;
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set(['past_due', 'completed']));
    expect((await page('/transactions?status=past_due&status=completed')).ids).toEqual(both.map(({ id }) => id));
  });

  it('compare times', async () => {
    const { transactions } = await paddle.state();
    const times = transactions.map(({ created_at: at }) => at);
    const middle = times.toSorted()[Math.floor(times.length / 2)]!;
    const count = async (operator: string) =>
      (await page(`/transactions?created_at${operator}=${encodeURIComponent(middle)}`)).estimated_total;
    const expected = (test: (time: string) => boolean) => times.filter(test).length;
    expect(await count('[LT]')).toBe(expected((time) => time < middle));
    expect(await count('[LTE]')).toBe(expected((time) => time <= middle));
    expect(await count('[GT]')).toBe(expected((time) => time > middle));
    expect(await count('[GTE]')).toBe(expected((time) => time >= middle));
    expect(await count('')).toBe(expected((time) => time === middle));
  });

  it('find subscriptions by price, customer, scheduled change, and those without a next bill', async () => {
    const story = await paddle.play('signup');
    const { id, customer_id: customer, items } = await paddle.subscriptionOf(story);
    expect((await page(`/subscriptions?price_id=${items[0]!.price.id}&customer_id=${customer}`)).ids).toEqual([id]);
    expect((await page(`/subscriptions?price_id=pri_none&customer_id=${customer}`)).ids).toEqual([]);
    await paddle.ok(`POST /subscriptions/${id}/pause`);
    expect((await page('/subscriptions?scheduled_change_action=pause')).ids).toEqual([id]);
    expect((await page('/subscriptions?next_billed_at=null&status=active')).ids).toEqual([id]);
  });

  it('find adjustments of a transaction; only one of them is not to be had by a route of its own', async () => {
    const { adjustments } = await paddle.state();
    const { data } = await page(`/adjustments?transaction_id=${adjustments[0]!.transaction_id}`);
    expect(data).toHaveLength(3);
    expect((await page(`/adjustments?id=${data[1]!.id}`)).ids).toEqual([data[1]!.id]);
    expect((await paddle.call(`GET /adjustments/${data[1]!.id}`)).status).toBe(404);
  });

  it('hide what is archived unless it is asked for', async () => {
    const [product] = (await page('/products')).ids;
    await paddle.ok(`PATCH /products/${product}`, { status: 'archived' });
    expect((await page('/products')).ids).not.toContain(product);
    expect((await page('/products?status=active,archived')).ids).toContain(product);
  });
});

describe('includes', () => {
  it('come with a transaction', async () => {
    const { adjustments } = await paddle.state();
    const include = 'customer,address,business,discount,adjustment,adjustments_totals,available_payment_methods';
    const transaction = await paddle.ok(`GET /transactions/${adjustments[0]!.transaction_id}?include=${include}`);
    expect(transaction).toMatchObject({
      customer: { id: transaction.customer_id },
      address: { id: transaction.address_id, customer_id: transaction.customer_id },
      business: null,
      discount: null,
      adjustments: [{}, {}, {}],
      adjustments_totals: { total: '1307', tax: '107', subtotal: '1200', currency_code: 'USD', breakdown: { refund: '1307' } },
      available_payment_methods: ['card'],
    });
    expect(await paddle.ok(`GET /transactions/${adjustments[0]!.transaction_id}`)).not.toHaveProperty('customer');
  });

  it('come with a subscription', async () => {
    const story = await paddle.play('signup');
    const plain = await paddle.subscriptionOf(story);
    expect(plain).not.toHaveProperty('next_transaction');
    expect(plain).toHaveProperty('management_urls.cancel');
    const include = 'next_transaction,recurring_transaction_details';
    const whole = await paddle.ok(`GET /subscriptions/${plain.id}?include=${include}`);
    expect(whole).toMatchObject({
      next_transaction: { billing_period: { starts_at: plain.next_billed_at }, adjustments: [], details: {} },
      recurring_transaction_details: { totals: { total: '1307' } },
    });
  });
});

describe('events', () => {
  it('are fed in the order of their ids, with no notification; a type and an id narrow them', async () => {
    const { subscriptionId } = await paddle.play('signup');
    const all = (await paddle.call<{ event_id: string; event_type: string }[]>(`GET /events?filter=${subscriptionId}`)).data;
    expect(all.map(({ event_type: type }) => type).sort()).toEqual(
      ['subscription.activated', 'subscription.created', 'transaction.completed', 'transaction.updated'].sort(),
    );
    expect(Object.keys(all[0]!).sort()).toEqual(['data', 'event_id', 'event_type', 'occurred_at']);
    const [created] = (await paddle.call<unknown[]>(`GET /events?event_type=subscription.created&filter=${subscriptionId}`)).data;
    expect(created).toMatchObject({ data: { id: subscriptionId } });
  });

  it('carry the id of the webhook, whose replay has another notification', async () => {
    await paddle.settled();
    const sent = paddle.receiver.webhooks.at(-1)!;
    const { data } = await paddle.call<{ event_id: string }[]>('GET /events?order_by=id[DESC]&per_page=200');
    expect(data.map(({ event_id: id }) => id)).toContain(sent.event_id);
    const answer = await paddle.call<{ notification_id: string }>(`POST /notifications/${sent.notification_id}/replay`);
    expect(answer.status).toBe(202);
    await paddle.settled();
    const again = paddle.receiver.webhooks.at(-1)!;
    expect(again).toEqual({ ...sent, notification_id: answer.data.notification_id });
    expect(answer.data.notification_id).not.toBe(sent.notification_id);
    const twice = await paddle.call(`POST /notifications/${answer.data.notification_id}/replay`);
    expect([twice.status, twice.error.code]).toEqual([400, 'notification_replay_invalid_origin_type']);
  });

  it('go back 90 days', async () => {
    const old = (await paddle.call<{ event_id: string }[]>('GET /events?per_page=1')).data[0]!;
    await paddle.advance('P91D');
    const { data } = await paddle.call<{ event_id: string; occurred_at: string }[]>('GET /events?per_page=200');
    expect(data.map(({ event_id: id }) => id)).not.toContain(old.event_id);
    const { now } = await paddle.state();
    expect(Date.parse(now) - Date.parse(data[0]!.occurred_at)).toBeLessThan(90 * 86_400_000);
  });
});
