import fc from 'fast-check';
import { decideAccess, type ProductAccess } from '../../src/access/decide-access';
import { customers, type CustomerRow } from '../../src/customers/read-models/customers';
import type { Instant } from '../../src/platform/instant';
import { keysOfBatch } from '../../src/projections/fold';
import { anyProjection, type AnyProjection, type Fact } from '../../src/projections/projection';
import { PROJECTIONS } from '../../src/read-models';
import { subscriptions, type SubscriptionRow } from '../../src/subscriptions/read-models/subscriptions';
import { foldFacts, readingsOf } from '../support/folding';
import { batchesOf, factsOf, histories, redeliveriesOf } from '../support/histories';

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
  const subscriptionRows = Object.values(foldAll(anyProjection(subscriptions), batches)) as unknown as SubscriptionRow[];
  const access: Record<string, ProductAccess[]> = {};
  for (const userId of ['user_1', 'user_2']) {
    const own = new Set(customerRows.filter((row) => row.userId === userId).map((row) => row.customerId));
    const held = subscriptionRows.filter((row) => row.snapshot && own.has(row.customerId ?? ''));
    const sources = held.map((row) => ({
      ...row.snapshot!,
      id: row.subscriptionId,
      customerId: row.customerId,
      lastPayment: null,
    }));
    access[userId] = decideAccess({ subscriptions: sources }, now);
  }
  return access;
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
      { numRuns: 1_000 },
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
    { numRuns: 1_000 },
  );
});

it('never takes access away when a subscription is added', () => {
  const now = '2026-01-01T00:00:00.006000Z' as Instant;
  const rank = (access: ProductAccess | undefined) => ['none', 'read_only', 'full'].indexOf(access?.access ?? 'none');
  fc.assert(
    fc.property(histories, fc.nat(), (events, pick) => {
      const rows = Object.values(foldAll(anyProjection(subscriptions), [factsOf(events)])) as unknown as SubscriptionRow[];
      const held = rows
        .filter((row) => row.snapshot)
        .map((row) => ({ ...row.snapshot!, id: row.subscriptionId, customerId: null, lastPayment: null }));
      const fewer = decideAccess({ subscriptions: held.filter((_, index) => index !== pick % Math.max(1, held.length)) }, now);
      const all = decideAccess({ subscriptions: held }, now);
      for (const before of fewer)
        expect(rank(all.find(({ productId }) => productId === before.productId))).toBeGreaterThanOrEqual(rank(before));
    }),
  );
});
