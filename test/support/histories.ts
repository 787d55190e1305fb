import fc from 'fast-check';
import { instantFromMs } from '../../src/platform/instant';
import { OUTCOMES } from '../../src/commands';
import { DEVICE_EVENT_TYPES, type DeviceEventType } from '../../src/devices/device-facts';
import type { FoldableEvent } from '../../src/ledger';
import type { Fact } from '../../src/projections';
import { translatorFor } from '../../src/read-models';
import { commandEvent, outcomeEvent, wishEvent } from './command-events';
import { configurationEvent } from './configuration-events';
import { deviceEvent, sightedEvent, UUIDS } from './device-events';
import { givenEvent, grantEvent, revokedEvent } from './grant-events';
import { LICENSE_REVISIONS, licenseEvent, resizedEvent } from './license-events';

const STATUSES = ['trialing', 'active', 'past_due', 'paused', 'canceled', 'hibernating'];
const ACTIONS = ['created', 'updated', 'activated', 'past_due', 'paused', 'resumed', 'canceled'];
const TRANSACTION_STATUSES = ['draft', 'ready', 'billed', 'past_due', 'paid', 'completed', 'canceled'];
const CUSTOMERS = ['ctm_a', 'ctm_b'];
const USERS = ['user_1', 'user_2', null];

/** Few moments, close together and written with differing precision, so that ties and near ties are common. */
const moment = fc.integer({ min: 0, max: 30 }).chain((step) => {
  const micros = Date.UTC(2026, 0, 1) * 1000 + step * 400;
  const exact = instantFromMs(Math.floor(micros / 1000)).replace('000Z', `${String(micros % 1000).padStart(3, '0')}Z`);
  return fc.constantFrom(exact, exact.replace('Z', '433Z'), exact.replace('Z', '+00:00'));
});

const catalogType = fc.constantFrom('standard', 'custom');
const catalogStatus = fc.constantFrom('active', 'archived', 'moored');

/** Old ones lack most fields. */
const product = fc.record(
  {
    id: fc.constantFrom('pro_1', 'pro_2'),
    name: fc.constantFrom('Solo', 'Team'),
    type: catalogType,
    status: catalogStatus,
    description: fc.constantFrom(null, 'For teams'),
  },
  { requiredKeys: ['id'] },
);

const unitPrice = fc.record({ amount: fc.constantFrom('100', '250'), currency_code: fc.constantFrom('USD', 'EUR') });

const price = fc.record(
  {
    id: fc.constantFrom('pri_1', 'pri_2', 'pri_3'),
    product_id: fc.constantFrom('pro_1', 'pro_2', 'pro_3'),
    unit_price: unitPrice,
    name: fc.constantFrom('Monthly', 'Yearly'),
    type: catalogType,
    status: catalogStatus,
    billing_cycle: fc.constantFrom(null, { interval: 'month', frequency: 1 }),
    quantity: fc.constant({ minimum: 1, maximum: 10 }),
    unit_price_overrides: fc.array(fc.record({ country_codes: fc.constant(['DE']), unit_price: unitPrice }), { maxLength: 1 }),
  },
  { requiredKeys: ['id', 'product_id', 'unit_price'] },
);

const item = fc.record({
  status: fc.constantFrom('active', 'inactive', 'trialing'),
  quantity: fc.integer({ min: 1, max: 5 }),
  recurring: fc.constant(true),
  price,
  product: fc.option(product),
});

const subscription = fc.record({
  id: fc.constantFrom('sub_1', 'sub_2'),
  customer_id: fc.constantFrom(...CUSTOMERS),
  status: fc.constantFrom(...STATUSES),
  started_at: fc.constant('2026-01-01T00:00:00Z'),
  scheduled_change: fc.option(
    fc.record({ action: fc.constantFrom('cancel', 'pause', 'resume'), effective_at: moment, resume_at: fc.constant(null) }),
  ),
  custom_data: fc.constantFrom(...USERS).map((user) => user && { user_id: user }),
  items: fc.array(item, { maxLength: 3 }),
});

const amount = fc.constantFrom('0', '100', '250', '350');
const totals = fc.record({ subtotal: amount, total: amount, grand_total: amount });
const lineItem = fc.record({
  id: fc.constantFrom('txnitm_1', 'txnitm_2'),
  price_id: fc.constantFrom('pri_1', 'pri_2', 'pri_3'),
  quantity: fc.integer({ min: 1, max: 3 }),
  totals,
  product,
});

const TRANSACTIONS = ['txn_1', 'txn_2', 'txn_3'];

/** A transaction has no customer at first, and then keeps the one it has: what becomes of it lies on that customer's shard. */
const customerOf = (transactionId: string) => CUSTOMERS[TRANSACTIONS.indexOf(transactionId) % CUSTOMERS.length]!;

const ofTransaction = fc.record({
  subscription_id: fc.constantFrom('sub_1', 'sub_2', null),
  status: fc.constantFrom(...TRANSACTION_STATUSES),
  currency_code: fc.constant('USD'),
  origin: fc.constantFrom('web', 'api', 'subscription_recurring'),
  created_at: fc.option(moment),
  billed_at: fc.option(moment),
  invoice_number: fc.constantFrom(null, '325-1'),
  items: fc.array(fc.record({ price, quantity: fc.constant(1) }), { maxLength: 2 }),
  details: fc.record({ totals: fc.option(totals), line_items: fc.array(lineItem, { maxLength: 2 }) }),
  custom_data: fc.constantFrom(...USERS).map((user) => user && { user_id: user }),
  payments: fc.array(
    fc.record({ status: fc.constantFrom('captured', 'error'), amount: fc.constantFrom('0', '100', '250'), captured_at: moment }),
    { maxLength: 2 },
  ),
});

const transaction = fc.tuple(fc.constantFrom(...TRANSACTIONS), ofTransaction).map(([id, data]) => {
  const isDraft = ['draft', 'ready'].includes(data.status);
  return { id, customer_id: isDraft ? null : customerOf(id), ...data };
});

const ADJUSTMENTS = ['adj_1', 'adj_2', 'adj_3', 'adj_4'];

const ofAdjustment = fc.record({
  action: fc.constantFrom('refund', 'credit', 'chargeback', 'chargeback_reverse', 'chargeback_warning', 'barter'),
  status: fc.constantFrom('pending_approval', 'approved', 'rejected', 'reversed', 'mulled'),
  type: fc.constantFrom('full', 'partial', undefined),
  currency_code: fc.constant('USD'),
  reason: fc.constant('error'),
  items: fc.array(
    fc.record({ item_id: fc.constantFrom('txnitm_1', 'txnitm_2'), type: fc.constantFrom('full', 'partial', 'tax'), totals }),
    { maxLength: 2 },
  ),
  totals,
  created_at: fc.constantFrom('0001-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'),
});

/** An adjustment stays with its transaction. */
const adjustment = fc.tuple(fc.constantFrom(...ADJUSTMENTS), ofAdjustment).map(([id, data]) => {
  const transactionId = TRANSACTIONS[ADJUSTMENTS.indexOf(id) % TRANSACTIONS.length]!;
  return { id, transaction_id: transactionId, customer_id: customerOf(transactionId), ...data };
});

const customer = fc.record({
  id: fc.constantFrom(...CUSTOMERS),
  email: fc.emailAddress(),
  name: fc.option(fc.string()),
  status: fc.constantFrom('active', 'archived'),
});

const typed = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(
      fc.constantFrom(...ACTIONS).map((action) => `subscription.${action}`),
      subscription,
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constantFrom(...TRANSACTION_STATUSES, 'updated').map((action) => `transaction.${action}`),
      transaction,
    ),
  },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('adjustment.created', 'adjustment.updated'), adjustment) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('customer.created', 'customer.updated'), customer) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('product.created', 'product.updated'), product) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('price.created', 'price.updated'), price) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('price.updated', 'regatta.won'), fc.record({ id: fc.constant('x_1') })) },
);

const webhook = fc.tuple(typed, moment).map(([[type, data], occurredAt]) => ({ type, occurredAt, content: () => ({ data }) }));

const WISHES = ['subscription.pause_requested', 'checkout.requested', 'subscription.switch_scheduled'];

/** What our own commands leave behind: wishes, ends, doubts, and words of a later version. Of one command, always the same wish. */
const ofCommand = fc.constantFrom(0, 1, 2).chain((n) => {
  const commandId = `command_${n}`;
  const dueAt = n === 2 ? '2026-02-01T00:00:00.000000Z' : null;
  const outcome = fc.constantFrom(...Object.values(OUTCOMES), 'command.noted').map((type) => {
    const eventId = type === OUTCOMES.uncertain || type === 'command.noted' ? `${type}_${n}` : `outcome_${commandId}`;
    return outcomeEvent(type, commandId, { reason: type, entityId: `sub_${n}` }, eventId);
  });
  const wish = fc.constant(wishEvent(commandId, { subject: n === 1 ? null : `sub_${n}`, dueAt }, WISHES[n]));
  const place = { streamId: `command:${n}`, customerId: [...CUSTOMERS, null][n] ?? null };
  return fc.oneof(wish, outcome).map((event): FoldableEvent => ({ ...event, ...place }));
});

/** What admins configured: of one version, always the same, as the stream's expected version sees to it. */
const ofConfiguration = fc
  .tuple(fc.constantFrom('products', 'p_ref', 'mooring'), fc.integer({ min: 1, max: 5 }))
  .map(([key, n]) => {
    if (key === 'products') {
      const product = { productId: `pro_${1 + (n % 3)}`, order: n, visible: n % 2 === 0, access: { paused: 'read_only' } };
      return configurationEvent(key, { version: n, after: n === 4 ? [] : [product, { productId: 'pro_9' }] });
    }
    if (key === 'p_ref') return configurationEvent(key, { version: n, after: { [`ref-${n}`]: `pro_${n}`, solo: 'pro_1' } });
    return configurationEvent('products', { version: n }, { type: 'config.mooring_configured', eventId: `mooring_${n}` });
  });

/** What admins give and take back, and words of a later version. Of one grant, always the same. */
const ofGrant = fc.constantFrom(0, 1, 2).chain((n) => {
  const grantId = `grant_${n}`;
  const until = n === 1 ? '2026-01-01T00:00:00.008000Z' : null;
  const given = givenEvent(grantId, { productId: `pro_${n}`, until, quantity: n + 1 });
  const all = [given, revokedEvent(grantId), grantEvent('grant.noted', grantId, { grantId })];
  return fc.constantFrom(...all).map((event): FoldableEvent => ({ ...event, userId: USERS[n] ?? 'user_1' }));
});

/** What becomes of named seats, and words of a later version. Of one revision of a license, always the same. */
const ofPool = fc
  .tuple(fc.constantFrom('sub_1', 'txn_2'), fc.integer({ min: 1, max: 2 }), fc.integer({ min: 0, max: LICENSE_REVISIONS }))
  .map(([sourceId, n, revision]) => {
    const change = { customerId: CUSTOMERS[sourceId === 'sub_1' ? 0 : 1]! };
    return revision === 0 ? resizedEvent(sourceId, { pro_1: 3 }, change) : licenseEvent(sourceId, n, revision, change);
  });

/** What becomes of a user's devices: of one version, always the same. A day has one sighting of each device. */
const ofDevice = fc.tuple(fc.constantFrom('user_1', 'user_2'), fc.integer({ min: 1, max: 12 })).chain(([userId, n]) => {
  const place = { userId, streamId: `device:${userId}`, eventId: `device_${userId}_${n}` };
  const data = { uuid: UUIDS[n % UUIDS.length], name: `Boat ${n}`, metadata: { n } };
  const types = ['device.registered', ...DEVICE_EVENT_TYPES.device_changed] as DeviceEventType[];
  const changed = deviceEvent(types[n % types.length]!, n, data, place);
  const later = { ...place, eventId: `painted_${n}`, type: 'device.painted' };
  const uuid = UUIDS[(n + 1) % UUIDS.length]!;
  const sighted = { userId, streamId: `device-sightings:${userId}`, eventId: `sighted_${userId}_${n}` };
  return fc.constantFrom(changed, changed, sightedEvent(n, uuid, sighted), deviceEvent('device.retired', n, data, later));
});

/** Events of a few entities that nobody would call plausible: what holds for these holds for Paddle's, and for ours. */
export const histories: fc.Arbitrary<FoldableEvent[]> = fc
  .array(
    fc.oneof(
      { weight: 14, arbitrary: webhook },
      { weight: 5, arbitrary: ofCommand },
      { weight: 3, arbitrary: ofGrant },
      { weight: 2, arbitrary: ofConfiguration },
      { weight: 4, arbitrary: ofDevice },
      { weight: 4, arbitrary: ofPool },
    ),
    { maxLength: 30 },
  )
  .map((events) =>
    onceEach(events.map((event, index) => ({ ...commandEvent('', null), ...PADDLE, eventId: `evt_${index}`, ...event }))),
  );

/** A webhook's place on the ledger is the envelope's to say. */
const PADDLE = { source: 'webhook', streamId: 'paddle', customerId: null, userId: null } as const;

/** As the ledger does: an event id that is there already is left out. */
function onceEach(events: FoldableEvent[]): FoldableEvent[] {
  return events.filter(({ eventId }, index) => events.findIndex((event) => event.eventId === eventId) === index);
}

/** The same events in another order, some of them repeatedly. */
export function redeliveriesOf<Event>(events: Event[]): fc.Arbitrary<Event[]> {
  if (events.length === 0) return fc.constant([]);
  return fc.array(fc.constantFrom(...events), { maxLength: 15 }).chain((again) => {
    const all = [...events, ...again];
    return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  });
}

/** Cuts a delivery into batches of any size. */
export function batchesOf<T>(items: T[]): fc.Arbitrary<T[][]> {
  return fc.array(fc.integer({ min: 1, max: 7 }), { minLength: items.length + 1, maxLength: items.length + 1 }).map((sizes) => {
    const batches: T[][] = [];
    for (let start = 0, i = 0; start < items.length; start += sizes[i]!, i++) batches.push(items.slice(start, start + sizes[i]!));
    return batches;
  });
}

const TRANSLATOR = translatorFor({ userIdKey: 'user_id' });

export function factsOf(events: FoldableEvent[]): Fact[] {
  return events.flatMap((event) => TRANSLATOR.read(event) ?? []);
}
