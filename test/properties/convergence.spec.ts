import fc from 'fast-check';
import { decideAccess, nextChangeAfter, type ProductAccess } from '../../src/access/decide-access';
import { customers, type CustomerRow } from '../../src/customers/read-models/customers';
import { grants, type Grant, type GrantRow } from '../../src/grants';
import { toGrant } from '../../src/grants/read-models/grants';
import { instantFromMs, msOf, parseInstant, type Instant } from '../../src/platform/instant';
import { keysOfBatch } from '../../src/projections/fold';
import { anyProjection, type AnyProjection, type Fact } from '../../src/projections/projection';
import { purchaseOf, purchases, type Purchase, type PurchaseRow } from '../../src/purchases';
import { PROJECTIONS } from '../../src/read-models';
import { ProductConfiguration } from '../../src/settings';
import type { Subscription } from '../../src/subscriptions';
import { subscriptions, type SubscriptionRow } from '../../src/subscriptions/read-models/subscriptions';
import { configured } from '../support/facts';
import { THOROUGH } from '../support/scale';
import { foldFacts, readingsOf } from '../support/folding';
import { batchesOf, factsOf, histories, redeliveriesOf } from '../support/histories';

const RUNS = THOROUGH ? 1_000 : 300;

const CONFIGURATION = new ProductConfiguration([configured('pro_1', 0, 'read_only'), configured('pro_2', null, 'read_only')], {});

const GRANT: Grant = {
  id: 'grant_1',
  userId: 'user_1',
  productId: 'pro_1',
  until: null,
  quantity: 1,
  reason: 'a friend of the house',
  givenAt: '2026-01-01T00:00:00.000000Z',
  givenBy: 'admin_1',
  revokedAt: null,
  revokedBy: null,
  revokeReason: null,
  eventId: 'evt_grant',
};

type RowsByKey = Record<string, Record<string, unknown>>;

/** Folds batch by batch, each time from what the batch before has left, as the engine does. */
function foldAll(projection: AnyProjection, batches: Fact[][]): RowsByKey {
  const rows = new Map<string, Record<string, unknown>>();
  for (const facts of batches) {
    const wanted = new Set(keysOfBatch(projection, readingsOf(facts)).keys);
    // A row comes from the database as JSON: nothing may live in memory alone.
    const loaded = new Map([...rows].filter(([key]) => wanted.has(key)).map(([key, row]) => [key, structuredClone(row)]));
    for (const [key, row] of foldFacts(projection, loaded, facts)) {
      if (row) rows.set(key, JSON.parse(JSON.stringify(row)) as Record<string, unknown>);
      else rows.delete(key);
    }
  }
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What every user may use, from the rows alone. */
function accessOfAll(batches: Fact[][], now: Instant): Record<string, ProductAccess[]> {
  const customerRows = Object.values(foldAll(anyProjection(customers), batches)) as unknown as CustomerRow[];
  const [held, bought, given] = [subscriptionsIn(batches), purchasesIn(batches), grantsIn(batches)];
  const access: Record<string, ProductAccess[]> = {};
  for (const userId of ['user_1', 'user_2']) {
    const own = new Set<string | null>(customerRows.filter((row) => row.userId === userId).map((row) => row.customerId));
    const isOwn = ({ customerId }: { customerId: string | null }) => own.has(customerId);
    const granted = given.filter((grant) => grant.userId === userId);
    const sources = { subscriptions: held.filter(isOwn), purchases: bought.filter(isOwn), grants: granted };
    access[userId] = decideAccess(sources, CONFIGURATION, now);
  }
  return access;
}

function subscriptionsIn(batches: Fact[][]): Subscription[] {
  const rows = Object.values(foldAll(anyProjection(subscriptions), batches)) as unknown as SubscriptionRow[];
  return rows
    .filter((row) => row.snapshot)
    .map(({ snapshot, subscriptionId: id, customerId }) => ({
      ...snapshot!,
      id,
      customerId,
      lastPayment: null,
      pastDueSince: null,
    }));
}

function purchasesIn(batches: Fact[][]): Purchase[] {
  const rows = Object.values(foldAll(anyProjection(purchases), batches)) as unknown as PurchaseRow[];
  return rows.flatMap((row) => purchaseOf(row) ?? []);
}

function grantsIn(batches: Fact[][]): Grant[] {
  const rows = Object.values(foldAll(anyProjection(grants), batches)) as unknown as GrantRow[];
  return rows.flatMap((row) => toGrant(row) ?? []);
}

const deliveries = histories.chain((events) =>
  redeliveriesOf(events).chain((delivered) => fc.tuple(fc.constant(events), batchesOf(factsOf(delivered)))),
);

describe.each(PROJECTIONS)('$name', (projection) => {
  it('gives the same rows for any order, repetition and batching of the same events', () => {
    fc.assert(
      fc.property(deliveries, ([events, batches]) => {
        expect(foldAll(projection, batches)).toEqual(foldAll(projection, [factsOf(events)]));
      }),
      { numRuns: RUNS },
    );
  });

  it('gives the same row for a batch that is applied twice', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const facts = factsOf(events);
        expect(foldAll(projection, [facts, facts])).toEqual(foldAll(projection, [facts]));
      }),
    );
  });
});

it('gives every user the same access for any order, repetition and batching of the same events', () => {
  const now = '2026-01-01T00:00:00.006000Z' as Instant;
  fc.assert(
    fc.property(deliveries, ([events, batches]) => {
      expect(accessOfAll(batches, now)).toEqual(accessOfAll([factsOf(events)], now));
    }),
    { numRuns: RUNS },
  );
});

describe('what a user has in all', () => {
  const now = '2026-01-01T00:00:00.006000Z' as Instant;
  const rank = (access: ProductAccess | undefined) => ['none', 'read_only', 'full'].indexOf(access?.access ?? 'none');
  const end = (until: string | null) => (until === null ? '9999' : (parseInstant(until) ?? until));
  const grant = fc
    .record({
      productId: fc.constantFrom('pro_1', 'pro_2', 'pro_3'),
      until: fc.constantFrom(null, '2026-01-01T00:00:00.005Z', '2026-01-01T00:00:00.007000Z', '2027-01-01T00:00:00Z'),
      quantity: fc.integer({ min: 1, max: 3 }),
      revokedAt: fc.constantFrom(null, null, '2026-01-01T00:00:00.000000Z'),
    })
    .map((given): Grant => ({ ...GRANT, ...given }));
  const sources = fc.tuple(histories, fc.array(grant, { maxLength: 3 })).map(([events, grants]) => {
    const facts = [factsOf(events)];
    return { subscriptions: subscriptionsIn(facts), purchases: purchasesIn(facts), grants };
  });
  const without = <One>(all: One[], pick: number) => all.filter((_, index) => index !== pick % Math.max(1, all.length));
  const kinds = ['subscriptions', 'purchases', 'grants'] as const;

  it('never grows less by one more source: not in access, nor in how long, nor in units', () => {
    fc.assert(
      fc.property(sources, fc.constantFrom(...kinds), fc.nat(), (all, kind, pick) => {
        const fewer = { ...all, [kind]: without<unknown>(all[kind], pick) };
        const after = decideAccess(all, CONFIGURATION, now);
        for (const before of decideAccess(fewer, CONFIGURATION, now)) {
          const held = after.find(({ productId }) => productId === before.productId)!;
          expect(rank(held)).toBeGreaterThanOrEqual(rank(before));
          if (before.access === 'none' || rank(held) > rank(before)) continue;
          expect(end(held.until) >= end(before.until)).toBe(true);
          expect(held.quantity).toBeGreaterThanOrEqual(before.quantity);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('is the same in whatever order the sources stand', () => {
    fc.assert(
      fc.property(sources, ({ subscriptions: held, purchases: bought, grants }) => {
        const other = { subscriptions: held.toReversed(), purchases: bought.toReversed(), grants: grants.toReversed() };
        expect(decideAccess(other, CONFIGURATION, now)).toEqual(
          decideAccess({ subscriptions: held, purchases: bought, grants }, CONFIGURATION, now),
        );
      }),
    );
  });

  it('holds until the next change that is announced', () => {
    fc.assert(
      fc.property(sources, fc.integer({ min: 0, max: 20 }), (all, ms) => {
        const later = instantFromMs(msOf(now) + ms);
        const change = nextChangeAfter(all, CONFIGURATION, now);
        if (change !== null && later >= change) return;
        expect(decideAccess(all, CONFIGURATION, later)).toEqual(decideAccess(all, CONFIGURATION, now));
      }),
      { numRuns: RUNS },
    );
  });
});
