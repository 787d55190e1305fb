import { DomainError } from '../../src/platform/domain-error';
import { parseInstant } from '../../src/platform/instant';
import { ProviderError, type BillingProvider, type CallOptions, type ItemsUpdate, type ProviderPage } from '../../src/provider';

/** An adapter, and what a test does to the provider behind it. */
export interface AdapterUnderTest {
  provider: BillingProvider;
  /** The same provider, which does not wait long. */
  impatient: BillingProvider;
  /** Null for an adapter that is not implemented. */
  world: ProviderWorld | null;
  close(): Promise<void>;
}

/** The provider's side of the story. */
export interface ProviderWorld {
  /** Two plans to switch between, both monthly, the second the dearer one. */
  plans: [string, string];
  discountCode: string;
  /** Somebody subscribes to the first plan, and pays. */
  signup(): Promise<{ customerId: string; subscriptionId: string; transactionIds: string[] }>;
  advance(by: string): Promise<void>;
  /** The next cancellation is made, and not answered. */
  forgetToAnswerACancellation(): Promise<void>;
  /** The next reading of a subscription fails. */
  failOnce(): Promise<void>;
}

const USER: CallOptions = { priority: 'user' };
const BACKGROUND: CallOptions = { priority: 'background' };

/** One call of each kind, of something that does not exist. A method that the port gains has to be entered here. */
const CALLS: Record<keyof BillingProvider, (provider: BillingProvider) => Promise<unknown>> = {
  getSubscription: (provider) => provider.getSubscription('sub_none', USER),
  cancelSubscription: (provider) => provider.cancelSubscription('sub_none', 'immediately', USER),
  pauseSubscription: (provider) => provider.pauseSubscription('sub_none', { effectiveFrom: 'immediately' }, USER),
  resumeSubscription: (provider) => provider.resumeSubscription('sub_none', { effectiveFrom: 'immediately' }, USER),
  activateSubscription: (provider) => provider.activateSubscription('sub_none', USER),
  removeScheduledChange: (provider) => provider.removeScheduledChange('sub_none', USER),
  updateItems: (provider) => provider.updateItems('sub_none', switchTo('pri_none'), USER),
  previewItems: (provider) => provider.previewItems('sub_none', switchTo('pri_none'), USER),
  paymentMethodTransaction: (provider) => provider.paymentMethodTransaction('sub_none', USER),
  createCheckout: (provider) => provider.createCheckout({ items: [{ priceId: 'pri_none', quantity: 1 }] }, USER),
  getTransaction: (provider) => provider.getTransaction('txn_none', USER),
  invoicePdf: (provider) => provider.invoicePdf('txn_none', 'inline', USER),
  portalSession: (provider) => provider.portalSession('ctm_none', [], USER),
  createRefund: (provider) => provider.createRefund({ transactionId: 'txn_none', reason: 'none', refund: 'full' }, USER),
  customers: (provider) => allPages(provider.customers({}, BACKGROUND)),
  addresses: (provider) => allPages(provider.addresses('ctm_none', {}, BACKGROUND)),
  products: (provider) => allPages(provider.products({}, BACKGROUND)),
  prices: (provider) => allPages(provider.prices({}, BACKGROUND)),
  discounts: (provider) => allPages(provider.discounts({}, BACKGROUND)),
  subscriptions: (provider) => allPages(provider.subscriptions({}, BACKGROUND)),
  transactions: (provider) => allPages(provider.transactions({}, BACKGROUND)),
  adjustments: (provider) => allPages(provider.adjustments({}, BACKGROUND)),
  events: (provider) => allPages(provider.events({}, BACKGROUND)),
  notificationSettings: (provider) => allPages(provider.notificationSettings({}, BACKGROUND)),
  createNotificationSetting: async (provider) => {
    const target = { description: 'x', url: 'https://app.example.com/webhook', events: ['customer.created'] };
    const { value } = await provider.createNotificationSetting(target, USER);
    await provider.updateNotificationSetting(value.id, { active: false }, USER); // nobody is there to hear
  },
  updateNotificationSetting: (provider) => provider.updateNotificationSetting('ntfset_none', { active: false }, USER),
  checkCredentials: (provider) => provider.checkCredentials(USER),
};
const NAMES = Object.keys(CALLS) as (keyof BillingProvider)[];

export async function allPages<Value>(pages: AsyncIterable<ProviderPage<Value>>): Promise<ProviderPage<Value>[]> {
  const read: ProviderPage<Value>[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

function switchTo(priceId: string): ItemsUpdate {
  return { items: [{ priceId, quantity: 1 }], prorationBillingMode: 'prorated_immediately' };
}

async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}

/**
 * The promises of the port, which every adapter keeps.
 * @param implemented false for an adapter that is a place for one: its promise is to say so
 */
export function describeBillingProvider(name: string, makeAdapter: () => Promise<AdapterUnderTest>, implemented = true): void {
  describe(`the billing provider ${name}`, () => {
    let adapter: AdapterUnderTest;
    jest.setTimeout(60_000); // a provider has to start first, on a machine that may have more to do
    beforeAll(async () => {
      adapter = await makeAdapter();
    });
    afterAll(() => adapter.close());

    if (implemented) {
      const context = () => ({ ...adapter, world: adapter.world! });
      describeCalls(context);
      describeSubscriptions(context);
      describeSales(context);
      describeLists(context);
      describeSetup(context);
    } else {
      it.each(NAMES)('says that %s is not implemented', async (call) => {
        const error = await thrownBy(CALLS[call](adapter.provider));
        expect(error).toBeInstanceOf(DomainError);
        expect(error).toMatchObject({ code: 'not_implemented' });
      });
    }
  });
}

type Context = () => AdapterUnderTest & { world: ProviderWorld };

function describeCalls(context: Context): void {
  it.each(NAMES)('does %s, or says why not in an error of the port', async (call) => {
    const error = await thrownBy(CALLS[call](context().provider));
    if (error !== null) expect(error).toBeInstanceOf(ProviderError);
    if (error instanceof ProviderError) expect(error).toMatchObject({ failure: 'refused', outcome: 'not_done' });
  });

  it.each(['getSubscription', 'cancelSubscription', 'getTransaction', 'updateNotificationSetting'] as const)(
    'says that there is no such thing: %s',
    async (call) => expect(await thrownBy(CALLS[call](context().provider))).toMatchObject({ refusal: 'not_found' }),
  );

  it.each(NAMES)('sends nothing for %s when the caller has given up already', async (call) => {
    const gone = { priority: 'user', signal: AbortSignal.abort() } as const;
    const provider = new Proxy(context().provider, {
      get:
        (target, method: keyof BillingProvider) =>
        (...args: unknown[]) =>
          (target[method] as (...all: unknown[]) => unknown).apply(target, [...args.slice(0, -1), gone]),
    });
    expect(await thrownBy(CALLS[call](provider))).toMatchObject({ failure: 'cancelled', outcome: 'not_done' });
  });
}

function describeSubscriptions(context: Context): void {
  it('reads a subscription: exact bytes, status, id of the call, and when it was asked', async () => {
    const { provider, world } = context();
    const { subscriptionId, customerId } = await world.signup();
    const answer = await provider.getSubscription(subscriptionId, USER);
    expect(answer.value).toMatchObject({ id: subscriptionId, customerId, status: 'active', scheduledChange: null });
    expect(answer.value.items).toMatchObject([{ priceId: world.plans[0], quantity: 1 }]);
    expect([answer.status, typeof answer.requestId, parseInstant(answer.sentAt)]).toEqual([200, 'string', answer.sentAt]);
    expect(answer.body.toString()).toContain(answer.entity().toString().slice(0, 200));
    expect(JSON.parse(answer.entity().toString())).toMatchObject({ id: subscriptionId, status: 'active' });
  });

  it('gives management URLs to whoever asks for them, and never to the ledger', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    expect((await provider.getSubscription(subscriptionId, USER)).value.managementUrls).toBeNull();
    const answer = await provider.getSubscription(subscriptionId, { ...USER, managementUrls: true });
    const { cancel, updatePaymentMethod } = answer.value.managementUrls!;
    expect([cancel, updatePaymentMethod]).toEqual([expect.stringMatching(/^http/), expect.stringMatching(/^http/)]);
    expect(answer.entity().toString()).not.toContain(cancel);
  });

  it('cancels at the end of the period', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    const { value } = await provider.cancelSubscription(subscriptionId, 'next_billing_period', USER);
    expect(value).toMatchObject({ status: 'active', scheduledChange: { action: 'cancel' } });
    await world.advance('P32D');
    expect((await provider.getSubscription(subscriptionId, USER)).value).toMatchObject({
      status: 'canceled',
      scheduledChange: null,
    });
  });

  it('cancels at once, and says why it cannot a second time', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    expect((await provider.cancelSubscription(subscriptionId, 'immediately', USER)).value.status).toBe('canceled');
    const again = provider.cancelSubscription(subscriptionId, 'immediately', USER);
    expect(await thrownBy(again)).toMatchObject({ failure: 'refused', refusal: 'subscription_canceled', outcome: 'not_done' });
  });

  it('takes a scheduled change back', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    await provider.cancelSubscription(subscriptionId, 'next_billing_period', USER);
    expect((await provider.removeScheduledChange(subscriptionId, USER)).value).toMatchObject({
      status: 'active',
      scheduledChange: null,
    });
    await world.advance('P32D');
    expect((await provider.getSubscription(subscriptionId, USER)).value.status).toBe('active');
  });

  it('says that another change is scheduled already', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    await provider.cancelSubscription(subscriptionId, 'next_billing_period', USER);
    const pause = provider.pauseSubscription(subscriptionId, { effectiveFrom: 'next_billing_period' }, USER);
    expect(await thrownBy(pause)).toMatchObject({ failure: 'refused', refusal: 'scheduled_change_pending' });
  });

  it('pauses until a time', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    const { value } = await provider.getSubscription(subscriptionId, USER);
    const resumeAt = `${value.currentPeriod!.endsAt.slice(0, 4)}-12-24T00:00:00Z`;
    const paused = await provider.pauseSubscription(subscriptionId, { effectiveFrom: 'next_billing_period', resumeAt }, USER);
    expect(paused.value).toMatchObject({ status: 'active', scheduledChange: { action: 'pause' } });
    expect(Date.parse(paused.value.scheduledChange!.resumeAt!)).toBe(Date.parse(resumeAt));
  });

  it('pauses at once, and resumes', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    expect((await provider.pauseSubscription(subscriptionId, { effectiveFrom: 'immediately' }, USER)).value.status).toBe(
      'paused',
    );
    const { value } = await provider.resumeSubscription(subscriptionId, { effectiveFrom: 'immediately' }, USER);
    expect(value).toMatchObject({ status: 'active', pausedAt: null });
    const again = provider.resumeSubscription(subscriptionId, { effectiveFrom: 'immediately' }, USER);
    expect(await thrownBy(again)).toMatchObject({ failure: 'refused', outcome: 'not_done' });
  });

  it('previews another plan, which changes nothing, and then switches for what was said', async () => {
    const { provider, world } = context();
    const { subscriptionId, transactionIds } = await world.signup();
    await world.advance('P10D');
    const { value: preview } = await provider.previewItems(subscriptionId, switchTo(world.plans[1]), USER);
    expect((await provider.getSubscription(subscriptionId, USER)).value.items).toMatchObject([{ priceId: world.plans[0] }]);
    expect(preview).toMatchObject({
      items: [{ priceId: world.plans[1] }],
      result: { action: 'charge', amount: preview.immediate },
    });
    expect([preview.credit, preview.nextTransaction?.total, preview.recurring].every((money) => Number(money?.amount) > 0)).toBe(
      true,
    );
    const { value } = await provider.updateItems(subscriptionId, switchTo(world.plans[1]), USER);
    expect(value.items).toMatchObject([{ priceId: world.plans[1] }]);
    const bought = (await allPages(provider.transactions({}, BACKGROUND))).flatMap(({ entities }) => entities()).map(parsed);
    const charged = bought.filter((one) => one.subscription_id === subscriptionId && !transactionIds.includes(String(one.id)));
    expect(charged).toMatchObject([{ details: { totals: { grand_total: preview.immediate!.amount } } }]);
  });

  it('opens a checkout for another payment method', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    const { value } = await provider.paymentMethodTransaction(subscriptionId, USER);
    expect(value).toMatchObject({ subscriptionId, checkoutUrl: expect.stringContaining(value.id) });
  });

  it('asks for one cancellation once, also when it is made and nobody hears the answer', async () => {
    const { provider, impatient, world } = context();
    const { subscriptionId } = await world.signup();
    const before = await eventCursor(provider);
    await world.forgetToAnswerACancellation();
    const error = await thrownBy(impatient.cancelSubscription(subscriptionId, 'next_billing_period', USER));
    expect(error).toMatchObject({ failure: 'timed_out', outcome: 'unknown' });
    expect((await provider.getSubscription(subscriptionId, USER)).value.scheduledChange).toMatchObject({ action: 'cancel' });
    const pages = await allPages(provider.events({ ...(before && { after: before }) }, BACKGROUND));
    const updates = pages.flatMap(({ value }) => value).filter(({ type }) => type === 'subscription.updated');
    expect(updates).toHaveLength(1);
  });

  it('asks again where nothing is changed', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    await world.failOnce();
    expect((await provider.getSubscription(subscriptionId, USER)).value.id).toBe(subscriptionId);
  });

  it('says for each answer when it was asked, which is before whatever the provider tells of later', async () => {
    const { provider, world } = context();
    const { subscriptionId } = await world.signup();
    const cursor = await eventCursor(provider);
    const first = await provider.getSubscription(subscriptionId, USER);
    await provider.cancelSubscription(subscriptionId, 'immediately', USER);
    const [event] = (await allPages(provider.events({ ...(cursor && { after: cursor }) }, BACKGROUND))).flatMap(
      ({ value }) => value,
    );
    expect(parseInstant(event!.occurredAt)! > first.sentAt).toBe(true);
    const later = await provider.getSubscription(subscriptionId, { ...USER, newerThan: event!.occurredAt });
    expect(later.sentAt > parseInstant(event!.occurredAt)!).toBe(true);
  });
}

function describeSales(context: Context): void {
  it('opens a checkout, which says what is to be paid and where, and carries our data', async () => {
    const { provider, world } = context();
    const items = [{ priceId: world.plans[0], quantity: 1 }];
    const answer = await provider.createCheckout({ items, customData: { user_id: 'user_1' }, currency: 'USD' }, USER);
    const { value } = answer;
    expect(value).toMatchObject({ total: { currency: 'USD' }, lineItems: [{ priceId: world.plans[0], quantity: 1 }] });
    expect(value.checkoutUrl).toContain(value.id);
    expect(parsed(answer.entity())).toMatchObject({ id: value.id, custom_data: { user_id: 'user_1' } });
    expect((await provider.getTransaction(value.id, USER)).value).toEqual(value);
  });

  it('takes a discount code, for somebody it knows', async () => {
    const { provider, world } = context();
    const { customerId } = await world.signup();
    const items = [{ priceId: world.plans[0], quantity: 1 }];
    const full = await provider.createCheckout({ items, customerId }, USER);
    const reduced = await provider.createCheckout({ items, customerId, discountCode: world.discountCode.toLowerCase() }, USER);
    expect(reduced.value.customerId).toBe(customerId);
    expect(Number(reduced.value.total!.amount)).toBeLessThan(Number(full.value.total!.amount));
    const unknown = provider.createCheckout({ items, discountCode: 'NEVERHEARDOF' }, USER);
    expect(await thrownBy(unknown)).toMatchObject({ refusal: 'discount_not_valid', outcome: 'not_done' });
  });

  it('reads what was paid, and links to its invoice', async () => {
    const { provider, world } = context();
    const { transactionIds, subscriptionId } = await world.signup();
    const { value } = await provider.getTransaction(transactionIds[0]!, USER);
    expect(value).toMatchObject({ status: 'completed', subscriptionId, payment: { amount: value.total!.amount } });
    expect((await provider.invoicePdf(value.id, 'attachment', USER)).value.url).toMatch(/^https?:/);
  });

  it('refunds a part, and then not more than there is', async () => {
    const { provider, world } = context();
    const [transactionId] = (await world.signup()).transactionIds;
    const { value } = await provider.getTransaction(transactionId!, USER);
    const refund = [{ lineItemId: value.lineItems[0]!.id, amount: '100' }];
    const { value: adjustment } = await provider.createRefund({ transactionId: value.id, reason: 'goodwill', refund }, USER);
    expect(adjustment).toMatchObject({ action: 'refund', transactionId: value.id, total: { amount: '100' } });
    const again = provider.createRefund({ transactionId: value.id, reason: 'all of it', refund: 'full' }, USER);
    expect(await thrownBy(again)).toMatchObject({ failure: 'refused', refusal: 'refund_pending', outcome: 'not_done' });
  });

  it('refunds all', async () => {
    const { provider, world } = context();
    const [transactionId] = (await world.signup()).transactionIds;
    const { total } = (await provider.getTransaction(transactionId!, USER)).value;
    const answer = await provider.createRefund({ transactionId: transactionId!, reason: 'asked for it', refund: 'full' }, USER);
    expect(answer.value).toMatchObject({ action: 'refund', total });
    expect(parsed(answer.entity())).toMatchObject({ id: answer.value.id, reason: 'asked for it' });
  });

  it('signs a customer in to the pages of the provider', async () => {
    const { provider, world } = context();
    const { customerId, subscriptionId } = await world.signup();
    const { value } = await provider.portalSession(customerId, [subscriptionId], USER);
    expect(value.overviewUrl).toMatch(/^http/);
    expect(value.subscriptions).toMatchObject([{ id: subscriptionId, cancelUrl: expect.stringMatching(/^http/) }]);
  });
}

function describeLists(context: Context): void {
  it('lists page by page, goes on where it was left, and then knows what is new', async () => {
    const { provider, world } = context();
    const items = [{ priceId: world.plans[0], quantity: 1 }];
    for (let count = 0; count < 70; count += 1) await provider.createCheckout({ items }, BACKGROUND);
    const pages = await allPages(provider.transactions({}, BACKGROUND));
    const ids = idsOf(pages);
    expect(pages.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
    expect(pages.map(({ more }) => more)).toEqual([...pages.slice(1).map(() => true), false]);
    expect(pages[0]!.estimatedTotal).toBe(ids.length);
    const rest = await allPages(provider.transactions({ after: pages[0]!.cursor! }, BACKGROUND));
    expect([...idsOf(pages.slice(0, 1)), ...idsOf(rest)]).toEqual(ids);
    const end = pages.at(-1)!.cursor!;
    expect(await allPages(provider.transactions({ after: end }, BACKGROUND))).toMatchObject([
      { value: [], cursor: end, more: false },
    ]);
    const { value } = await provider.createCheckout({ items }, BACKGROUND);
    expect(idsOf(await allPages(provider.transactions({ after: end }, BACKGROUND)))).toEqual([value.id]);
  });

  it('lists subscriptions in every status, and those of one customer', async () => {
    const { provider, world } = context();
    const [active, canceled] = [await world.signup(), await world.signup()];
    await provider.cancelSubscription(canceled.subscriptionId, 'immediately', USER);
    const listed = (await allPages(provider.subscriptions({}, BACKGROUND))).flatMap(({ value }) => value);
    expect(listed).toContainEqual({ id: active.subscriptionId, status: 'active' });
    expect(listed).toContainEqual({ id: canceled.subscriptionId, status: 'canceled' });
    const own = await allPages(provider.subscriptions({ customerId: active.customerId }, BACKGROUND));
    expect(idsOf(own)).toEqual([active.subscriptionId]);
  });

  it('gives each listed entity as bytes for the ledger, without management URLs', async () => {
    const { provider, world } = context();
    await world.signup();
    for (const page of await allPages(provider.subscriptions({}, BACKGROUND))) {
      const entities = page.entities();
      expect(entities.map((entity) => parsed(entity).id)).toEqual(page.value.map(({ id }) => id));
      expect(entities.some((entity) => entity.includes('management_urls'))).toBe(false);
    }
  });

  it('lists customers with their addresses, the catalog and adjustments', async () => {
    const { provider, world } = context();
    const { customerId, transactionIds } = await world.signup();
    const { value: refund } = await provider.createRefund(
      { transactionId: transactionIds[0]!, reason: 'r', refund: 'full' },
      USER,
    );
    expect(idsOf(await allPages(provider.customers({}, BACKGROUND)))).toContain(customerId);
    expect(idsOf(await allPages(provider.customers({ customerId }, BACKGROUND)))).toEqual([customerId]);
    expect(idsOf(await allPages(provider.addresses(customerId, {}, BACKGROUND)))).toHaveLength(1);
    expect(idsOf(await allPages(provider.prices({}, BACKGROUND)))).toEqual(expect.arrayContaining(world.plans));
    expect(idsOf(await allPages(provider.products({}, BACKGROUND))).length).toBeGreaterThan(0);
    expect(idsOf(await allPages(provider.discounts({}, BACKGROUND))).length).toBeGreaterThan(0);
    expect(idsOf(await allPages(provider.adjustments({ customerId }, BACKGROUND)))).toEqual([refund.id]);
  });

  it('lists transactions that changed since a time', async () => {
    const { provider, world } = context();
    const [transactionId] = (await world.signup()).transactionIds;
    await world.advance('P1D');
    const { value, sentAt } = await provider.createCheckout({ items: [{ priceId: world.plans[0], quantity: 1 }] }, USER);
    const ids = idsOf(await allPages(provider.transactions({ updatedSince: `${sentAt.slice(0, 10)}T00:00:00Z` }, BACKGROUND)));
    expect(ids).toContain(value.id);
    expect(ids).not.toContain(transactionId);
  });

  it('tells what happened since a cursor, event by event', async () => {
    const { provider, world } = context();
    await world.signup();
    const cursor = await eventCursor(provider);
    const { subscriptionId } = await world.signup();
    const pages = await allPages(provider.events({ after: cursor! }, BACKGROUND));
    const events = pages.flatMap(({ value }) => value);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['customer.created', 'subscription.created']));
    const bodies = pages.flatMap(({ entities }) => entities()).map(parsed);
    expect(bodies.map(({ event_id: id }) => id)).toEqual(events.map(({ eventId }) => eventId));
    expect(bodies.find(({ event_type: type }) => type === 'subscription.created')).toMatchObject({
      data: { id: subscriptionId },
    });
  });
}

function describeSetup(context: Context): void {
  it('sends its events where it is told, with a secret of that place', async () => {
    const { provider } = context();
    const target = {
      description: 'Oarlock',
      url: 'https://app.example.com/webhook',
      events: ['customer.created', 'customer.updated'],
    };
    const { value: made } = await provider.createNotificationSetting({ ...target, traffic: 'platform' }, USER);
    expect(made).toMatchObject({ ...target, active: true, traffic: 'platform', secret: expect.stringMatching(/.{16}/) });
    const { value: changed } = await provider.updateNotificationSetting(made.id, { active: false }, USER);
    expect(changed).toMatchObject({ id: made.id, url: target.url, active: false });
    const listed = await allPages(provider.notificationSettings({}, USER));
    expect(listed.flatMap(({ value }) => value)).toContainEqual(changed);
    expect(listed.flatMap(({ entities }) => entities()).join('')).not.toContain(made.secret!);
  });

  it('says that the credentials are good for all that we do', async () => {
    expect(await context().provider.checkCredentials(USER)).toEqual({ accepted: true, lacking: [] });
  });
}

function idsOf(pages: ProviderPage<{ id: string }>[]): string[] {
  return pages.flatMap(({ value }) => value.map(({ id }) => id));
}

function parsed(entity: Buffer): Record<string, unknown> {
  return JSON.parse(entity.toString('utf8')) as Record<string, unknown>;
}

async function eventCursor(provider: BillingProvider): Promise<string | null> {
  return (await allPages(provider.events({}, BACKGROUND))).at(-1)?.cursor ?? null;
}
