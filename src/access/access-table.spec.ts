import { configured, lineItem, snapshotOfAdjustment } from '../../test/support/facts';
import { rowsOf } from '../../test/support/given';
import type { Grant } from '../grants';
import type { Instant } from '../platform/instant';
import type { AdjustmentSnapshot } from '../provider';
import type { Purchase } from '../purchases';
import { ProductConfiguration } from '../settings';
import type { Subscription } from '../subscriptions';
import { decideAccess, type AccessSources } from './decide-access';

const NOW = '2026-06-15T12:00:00.000000Z' as Instant;
const EARLIER = '2026-06-15T11:59:59.999999Z';
const LATER = '2026-06-15T12:00:00.000001Z';
const YESTERDAY = '2026-06-14T12:00:00.000000Z';
const LONG_AGO = '2026-05-15T12:00:00.000000Z';
const GRACE_ENDS = '2026-06-21T12:00:00.000000Z';

const NOTHING: AccessSources = { subscriptions: [], purchases: [], grants: [] };

const CONFIGURATIONS: Record<string, ProductConfiguration> = {
  plain: ProductConfiguration.NONE,
  readable: new ProductConfiguration([configured('pro_1', null, 'read_only')], {}),
  grace: new ProductConfiguration([configured('pro_1', 7)], {}),
};

const TIMES: Record<string, string> = { [EARLIER]: 'earlier', [LATER]: 'later', [GRACE_ENDS]: 'grace ends' };

/** The answer for the one product, in the words of the tables below. */
function answer(sources: Partial<AccessSources>, configuration: string): string {
  const [product] = decideAccess({ ...NOTHING, ...sources }, CONFIGURATIONS[configuration]!, NOW);
  if (!product) return 'nothing';
  const { access, reason, until } = product;
  const short = reason.replace(/^(subscription|purchase)_/, '');
  return [access, short, ...(until ? [`until ${TIMES[until] ?? until}`] : [])].join(' ');
}

function subscription(given: Partial<Subscription>): Subscription {
  const times = {
    startedAt: null,
    nextBilledAt: null,
    pausedAt: null,
    canceledAt: null,
    currentPeriod: null,
    pastDueSince: null,
  };
  const item = { status: 'active', productId: 'pro_1', productName: null, priceId: 'pri_1', priceName: null };
  const items = [{ ...item, unitAmount: '100', quantity: 1, recurring: true, trialEndsAt: null }];
  const rest = { collectionMode: null, currency: null, lastPayment: null, scheduledChange: null };
  return { id: 'sub_1', customerId: 'ctm_1', status: 'active', items, ...times, ...rest, ...given };
}

const CHANGES: Record<string, Subscription['scheduledChange']> = {
  '-': null,
  'cancel later': { action: 'cancel', effectiveAt: LATER, resumeAt: null },
  'cancel earlier': { action: 'cancel', effectiveAt: EARLIER, resumeAt: null },
  'pause later': { action: 'pause', effectiveAt: LATER, resumeAt: null },
  'pause earlier': { action: 'pause', effectiveAt: EARLIER, resumeAt: null },
  'resume earlier': { action: 'resume', effectiveAt: EARLIER, resumeAt: null },
};

/** `past_due` is so since yesterday, `long past_due` for a month; the grace is of seven days. */
const STATUSES: Record<string, Partial<Subscription>> = {
  trialing: { status: 'trialing' },
  active: { status: 'active' },
  past_due: { status: 'past_due', pastDueSince: YESTERDAY },
  'long past_due': { status: 'past_due', pastDueSince: LONG_AGO },
  paused: { status: 'paused' },
  canceled: { status: 'canceled' },
  hibernating: { status: 'hibernating' },
};

const SUBSCRIPTIONS = rowsOf(`
  status        | change         | plain                                   | readable                                | grace
  trialing      | -              | full trialing                           | full trialing                           | full trialing
  trialing      | cancel later   | full cancellation_scheduled until later | full cancellation_scheduled until later | full cancellation_scheduled until later
  trialing      | cancel earlier | none canceled                           | none canceled                           | none canceled
  trialing      | pause later    | full trialing until later               | full trialing until later               | full trialing until later
  trialing      | pause earlier  | none paused                             | read_only paused                        | none paused
  trialing      | resume earlier | full trialing                           | full trialing                           | full trialing
  active        | -              | full active                             | full active                             | full active
  active        | cancel later   | full cancellation_scheduled until later | full cancellation_scheduled until later | full cancellation_scheduled until later
  active        | cancel earlier | none canceled                           | none canceled                           | none canceled
  active        | pause later    | full active until later                 | full active until later                 | full active until later
  active        | pause earlier  | none paused                             | read_only paused                        | none paused
  active        | resume earlier | full active                             | full active                             | full active
  past_due      | -              | full past_due                           | full past_due                           | full past_due until grace ends
  past_due      | cancel later   | full cancellation_scheduled until later | full cancellation_scheduled until later | full cancellation_scheduled until later
  past_due      | cancel earlier | none canceled                           | none canceled                           | none canceled
  past_due      | pause later    | full past_due until later               | full past_due until later               | full past_due until later
  past_due      | pause earlier  | none paused                             | read_only paused                        | none paused
  past_due      | resume earlier | full past_due                           | full past_due                           | full past_due until grace ends
  long past_due | -              | full past_due                           | full past_due                           | none past_due
  long past_due | cancel later   | full cancellation_scheduled until later | full cancellation_scheduled until later | none past_due
  long past_due | cancel earlier | none canceled                           | none canceled                           | none canceled
  long past_due | pause later    | full past_due until later               | full past_due until later               | none past_due
  long past_due | pause earlier  | none paused                             | read_only paused                        | none paused
  long past_due | resume earlier | full past_due                           | full past_due                           | none past_due
  paused        | -              | none paused                             | read_only paused                        | none paused
  paused        | cancel later   | none paused                             | read_only paused                        | none paused
  paused        | cancel earlier | none canceled                           | none canceled                           | none canceled
  paused        | pause later    | none paused                             | read_only paused                        | none paused
  paused        | pause earlier  | none paused                             | read_only paused                        | none paused
  paused        | resume earlier | none paused                             | read_only paused                        | none paused
  canceled      | -              | none canceled                           | none canceled                           | none canceled
  canceled      | cancel later   | none canceled                           | none canceled                           | none canceled
  canceled      | cancel earlier | none canceled                           | none canceled                           | none canceled
  canceled      | pause later    | none canceled                           | none canceled                           | none canceled
  canceled      | pause earlier  | none canceled                           | none canceled                           | none canceled
  canceled      | resume earlier | none canceled                           | none canceled                           | none canceled
  hibernating   | -              | none status_unknown                     | none status_unknown                     | none status_unknown
  hibernating   | cancel later   | none status_unknown                     | none status_unknown                     | none status_unknown
  hibernating   | cancel earlier | none canceled                           | none canceled                           | none canceled
  hibernating   | pause later    | none status_unknown                     | none status_unknown                     | none status_unknown
  hibernating   | pause earlier  | none paused                             | read_only paused                        | none paused
  hibernating   | resume earlier | none status_unknown                     | none status_unknown                     | none status_unknown
`);

describe('a subscription', () => {
  it('has a row for every status and every change', () => {
    const rows = SUBSCRIPTIONS.map(({ status, change }) => `${status} ${change}`);
    const all = Object.keys(STATUSES).flatMap((status) => Object.keys(CHANGES).map((change) => `${status} ${change}`));
    expect(rows).toEqual(all);
  });

  it.each(SUBSCRIPTIONS)('$status, $change: $plain / $readable / $grace', ({ status, change, ...expected }) => {
    const held = subscription({ ...STATUSES[status!], scheduledChange: CHANGES[change!]! });
    for (const [configuration, wanted] of Object.entries(expected))
      expect(answer({ subscriptions: [held] }, configuration)).toBe(wanted);
  });
});

const LINE = lineItem();
const part = (total: string, type = 'partial') => ({ type: 'partial', total, items: [{ lineId: LINE.id, type, total }] });
const FULL = { type: 'full', total: '1000' };

/** What a purchase of 10.00 may meet; each word of a row is one of these. */
const NEWS: Record<string, Partial<AdjustmentSnapshot>> = {
  pending: { ...FULL, status: 'pending_approval' },
  rejected: { ...FULL, status: 'rejected' },
  refund: FULL,
  undone: { ...FULL, status: 'reversed' },
  half: part('500'),
  most: part('999'),
  tax: part('160', 'tax'),
  net: part('840'),
  credit: { ...FULL, action: 'credit' },
  warning: { ...FULL, action: 'chargeback_warning' },
  chargeback: { ...FULL, action: 'chargeback', createdAt: '2026-03-01T00:00:00Z' },
  'won-chargeback': { ...FULL, action: 'chargeback', status: 'reversed', createdAt: '2026-03-01T00:00:00Z' },
  reversal: { ...FULL, action: 'chargeback_reverse', createdAt: '2026-04-01T00:00:00Z' },
  again: { ...FULL, action: 'chargeback', createdAt: '2026-05-01T00:00:00Z' },
  barter: { ...FULL, action: 'barter' },
};

const PURCHASES = rowsOf(`
  news                         | answer
                               | full completed
  pending                      | full completed
  pending half                 | full completed
  rejected                     | full completed
  rejected half                | full completed
  refund                       | none refunded
  undone                       | full completed
  half                         | full completed
  half half                    | none refunded
  most                         | full completed
  most tax                     | none refunded
  tax                          | full completed
  tax net                      | none refunded
  credit                       | full completed
  credit half                  | full completed
  warning                      | full completed
  warning chargeback           | none charged_back
  chargeback                   | none charged_back
  chargeback refund            | none charged_back
  won-chargeback               | full completed
  won-chargeback reversal      | full completed
  chargeback reversal          | full completed
  chargeback reversal again    | none charged_back
  won-chargeback reversal half | full completed
  chargeback reversal refund   | none refunded
  barter                       | full completed
`);

function purchase(...news: string[]): Purchase {
  const adjustments = news.map((name, n) => {
    const seen = { watermark: `2026-02-0${n + 1}`, firstSeenAt: `2026-02-0${n + 1}T00:00:00.000000Z` };
    return { ...snapshotOfAdjustment(NEWS[name]), id: `adj_${n}`, ...seen };
  });
  const sale = { id: 'txn_1', customerId: 'ctm_1', purchasedAt: null, currency: 'USD', grandTotal: '1000', lines: [LINE] };
  return { ...sale, adjustments };
}

it.each(PURCHASES)('a purchase, $news: $answer, whatever is configured and in any order', ({ news, answer: wanted }) => {
  const words = news!.split(' ').filter((word) => word !== '');
  for (const order of [words, words.toReversed()])
    for (const configuration of Object.keys(CONFIGURATIONS))
      expect(answer({ purchases: [purchase(...order)] }, configuration)).toBe(wanted);
});

function grant(until: string | null, revokedAt: string | null = null): Grant {
  const given = {
    reason: 'support',
    givenAt: LONG_AGO,
    givenBy: 'admin_1',
    revokedBy: null,
    revokeReason: null,
    eventId: 'evt_1',
  };
  return { id: 'grant_1', userId: 'user_1', productId: 'pro_1', quantity: 1, until, revokedAt, ...given };
}

it.each([
  ['for ever', grant(null), 'full granted'],
  ['for a while', grant(LATER), 'full granted until later'],
  ['that has ended', grant(EARLIER), 'nothing'],
  ['that ends now', grant(NOW), 'nothing'],
  ['that was revoked', grant(null, YESTERDAY), 'nothing'],
])('a grant %s: %s', (_, held, wanted) => {
  for (const configuration of Object.keys(CONFIGURATIONS)) expect(answer({ grants: [held] }, configuration)).toBe(wanted);
});

const ACTIVE = subscription({});
const PAUSED = subscription({ id: 'sub_2', status: 'paused' });
const ENDING = subscription({ id: 'sub_3', scheduledChange: CHANGES['cancel later']! });

it.each<[string, Partial<AccessSources>, string, string]>([
  ['the purchase outlives the subscription', { subscriptions: [ENDING], purchases: [purchase()] }, 'plain', 'full completed'],
  ['the subscription outlives the refund', { subscriptions: [ACTIVE], purchases: [purchase('refund')] }, 'plain', 'full active'],
  ['the grant outlives the chargeback', { purchases: [purchase('chargeback')], grants: [grant(LATER)] }, 'plain', 'full granted until later'],
  ['what lasts longest says until when', { subscriptions: [ENDING], grants: [grant('2026-07-01T00:00:00Z')] }, 'plain', 'full granted until 2026-07-01T00:00:00Z'],
  ['full for a while beats reading for ever', { subscriptions: [PAUSED], grants: [grant(LATER)] }, 'readable', 'full granted until later'],
  ['reading beats nothing', { subscriptions: [PAUSED], purchases: [purchase('refund')] }, 'readable', 'read_only paused'],
  ['a paused subscription says more than a refund', { subscriptions: [PAUSED], purchases: [purchase('refund')] }, 'plain', 'none paused'],
])('%s', (_, sources, configuration, wanted) => expect(answer(sources, configuration)).toBe(wanted)); // prettier-ignore

it('adds up the units of all sources that give as much', () => {
  const two = { ...grant(null), quantity: 2 };
  const sources = { subscriptions: [ACTIVE, PAUSED], purchases: [purchase()], grants: [two] };
  const quantityBy = (configuration: string) => decideAccess(sources, CONFIGURATIONS[configuration]!, NOW)[0]!.quantity;
  expect(quantityBy('plain')).toBe(4);
  expect(quantityBy('readable')).toBe(4);
});
