import { rowsOf } from '../../test/support/given';
import { after, AT, grantOf, granting, poolWith, shown, told } from '../../test/support/pools';
import type { Instant } from '../platform/instant';
import { ProductConfiguration, productSetting } from '../settings';
import { decideReaction } from './decide-reaction';
import { decideRestorations, restoreSeats } from './decide-restorations';
import { assignSeats } from './decide-seats';
import type { ProductEntitlement, SourceEntitlement } from './entitlement';
import type { LicensePool, PoolEvent } from './license-pool';

type WhenReduced = 'release_newest' | 'release_oldest' | 'suspend_newest' | 'refuse';

const configured = (whenReduced: WhenReduced) =>
  new ProductConfiguration(
    ['pro_team', 'pro_crew'].map((productId) => productSetting({ productId, licenses: { whenReduced } })),
    {},
  );

/** What the source may become, by name. */
const SOURCES: Record<string, SourceEntitlement> = {
  'as it was': granting(3),
  'one seat less': granting(2),
  'two seats less': granting(1),
  'no seat': granting(0),
  'more seats': granting(5),
  paused: team({ total: 3, state: 'suspended', reason: 'subscription_paused' }),
  'past due': team({ total: 3, state: 'suspended', reason: 'subscription_past_due' }),
  canceled: team({ total: 0, state: 'lapsed', reason: 'subscription_lapsed' }),
  refunded: team({ total: 0, state: 'lapsed', reason: 'purchase_refunded' }),
  'charged back': team({ total: 0, state: 'lapsed', reason: 'purchase_charged_back' }),
  'another plan': granting(3, 'pro_crew'),
  'a smaller plan': granting(1, 'pro_crew'),
  'a plan without seats': grantOf([], 'sub_1', ['pro_solo']),
  'not configured': grantOf([], 'sub_1', ['pro_team']),
};

function team(terms: Omit<ProductEntitlement, 'productId'>): SourceEntitlement {
  return grantOf([{ productId: 'pro_team', ...terms } as ProductEntitlement]);
}

/** Looks again and again, as after any number of crashes, until nothing is left to do. */
function settle(
  pool: LicensePool,
  source: SourceEntitlement,
  configuration: ProductConfiguration,
): { pool: LicensePool; events: PoolEvent[] } {
  const events: PoolEvent[] = [];
  for (let state = pool; ;) {
    const next = decideReaction(source, configuration, state);
    if (next.length === 0) return { pool: state, events };
    events.push(...next);
    state = after(state, next);
  }
}

/** `a` has a seat, `a~` waits without being able to use it, `a-` is released; `(team)` where that is another product's. */
function seatsOf(pool: LicensePool): string {
  const marks = { active: '', suspended: '~', released: '-' };
  return [...pool.seats.values()].map(({ entityId, status }) => `${entityId}${marks[status]}`).join(' ');
}

const reasonsOf = (events: PoolEvent[]) => [
  ...new Set(events.flatMap(({ data }) => ('reason' in data ? data.reason : 'from' in data ? 'moved' : []))),
];

/** All begin with three seats, for a, b and c. What happens: from left to right. */
const TABLE = rowsOf(`
  happens                              | policy         | seats    | reasons
  as it was                            | release_newest | a b c    |
  one seat less                        | release_newest | a b c-   | seats_reduced
  one seat less                        | release_oldest | a- b c   | seats_reduced
  one seat less                        | suspend_newest | a b c~   | seats_reduced
  one seat less                        | refuse         | a b c-   | seats_reduced
  two seats less                       | release_newest | a b- c-  | seats_reduced
  two seats less                       | release_oldest | a- b- c  | seats_reduced
  two seats less                       | suspend_newest | a b~ c~  | seats_reduced
  no seat                              | release_newest | a- b- c- | seats_reduced
  no seat                              | suspend_newest | a~ b~ c~ | seats_reduced
  more seats                           | release_newest | a b c    |
  one seat less, more seats            | release_newest | a b c-   | seats_reduced
  one seat less, more seats            | suspend_newest | a b c    | seats_reduced, seats_added
  two seats less, one seat less        | suspend_newest | a b c~   | seats_reduced, seats_added
  paused                               | release_newest | a~ b~ c~ | subscription_paused
  paused, as it was                    | release_newest | a b c    | subscription_paused, source_restored
  paused, one seat less                | release_newest | a b c-   | subscription_paused, seats_reduced, source_restored
  paused, one seat less                | suspend_newest | a b c~   | subscription_paused, seats_reduced, source_restored
  paused, past due, as it was          | release_newest | a b c    | subscription_paused, subscription_past_due, source_restored
  past due                             | release_newest | a~ b~ c~ | subscription_past_due
  past due, as it was                  | release_newest | a b c    | subscription_past_due, source_restored
  past due, canceled                   | release_newest | a- b- c- | subscription_past_due, subscription_lapsed
  one seat less, paused                | suspend_newest | a~ b~ c~ | seats_reduced, subscription_paused
  one seat less, paused, one seat less | suspend_newest | a b c~   | seats_reduced, subscription_paused, source_restored
  canceled                             | release_newest | a- b- c- | subscription_lapsed
  paused, canceled                     | suspend_newest | a- b- c- | subscription_paused, subscription_lapsed
  refunded                             | release_newest | a- b- c- | purchase_refunded
  charged back                         | release_newest | a- b- c- | purchase_charged_back
  another plan                         | release_newest | a b c    | moved
  another plan, as it was              | release_newest | a b c    | moved
  a smaller plan                       | release_newest | a b- c-  | moved, product_removed
  another plan, a plan without seats   | release_newest | a- b- c- | moved, product_removed
  a plan without seats                 | release_newest | a- b- c- | product_removed
  not configured                       | release_newest | a- b- c- | entitlement_removed
`);

describe('what happens to three seats', () => {
  it.each(TABLE)('$happens, by $policy: $seats', ({ happens, policy, seats, reasons }) => {
    const configuration = configured(policy as WhenReduced);
    const steps = happens!.split(', ').map((name) => SOURCES[name]!);
    const whole = steps.reduce<{ pool: LicensePool; events: PoolEvent[] }>(
      ({ pool, events }, source) => {
        const step = settle(pool, source, configuration);
        expect(decideReaction(source, configuration, step.pool)).toEqual([]);
        return { pool: step.pool, events: [...events, ...step.events] };
      },
      { pool: poolWith('a', 'b', 'c'), events: [] },
    );
    expect(seatsOf(whole.pool)).toBe(seats);
    expect(reasonsOf(whole.events).join(', ')).toBe(reasons);
  });

  it.each(TABLE)(
    '$happens, by $policy: the same when a look dies after any part of what it has decided',
    ({ happens, policy, seats }) => {
      const configuration = configured(policy as WhenReduced);
      const source = SOURCES[happens!.split(', ').at(-1)!]!;
      const before = happens!
        .split(', ')
        .slice(0, -1)
        .reduce((pool, name) => settle(pool, SOURCES[name]!, configuration).pool, poolWith('a', 'b', 'c'));
      const [whole, alone] = [decideReaction(source, configuration, before), settle(before, source, configuration)];
      expect(seatsOf(alone.pool)).toBe(seats);
      // Either all of it is on the ledger, or nothing.
      for (const done of [[], whole]) expect(seatsOf(settle(after(before, done), source, configuration).pool)).toBe(seats);
    },
  );

  it('is the same in the end, whatever was slept through', () => {
    const configuration = configured('release_newest');
    for (const last of Object.values(SOURCES)) {
      const paused = settle(poolWith('a', 'b', 'c'), SOURCES.paused!, configuration).pool;
      expect(shown(settle(paused, last, configuration).pool)).toEqual(
        shown(settle(poolWith('a', 'b', 'c'), last, configuration).pool),
      );
    }
  });
});

it('says nothing of a pool in which nobody has a seat', () => {
  const canceled = settle(poolWith('a'), SOURCES.canceled!, configured('release_newest')).pool;
  expect(told(decideReaction(granting(7), configured('release_newest'), canceled))).toEqual([]);
});

it('leaves the seats of an addon where they are when the plan changes', () => {
  const both = (plan: string): SourceEntitlement => ({
    ...grantOf([
      { productId: plan, total: 2, state: 'granting', reason: null },
      { productId: 'pro_reports', total: 2, state: 'granting', reason: null },
    ]),
  });
  const before = settle(poolWith('a', 'b'), both('pro_team'), configured('release_newest')).pool;
  const moved = settle(before, both('pro_crew'), configured('release_newest')).pool;
  expect([...moved.seats.values()].map(({ productId }) => productId)).toEqual(['pro_crew', 'pro_crew']);
  const alone = settle(
    before,
    grantOf([{ productId: 'pro_reports', total: 2, state: 'granting', reason: null }]),
    configured('refuse'),
  ).pool;
  expect(shown(alone)).toEqual(['a released product_removed', 'b released product_removed']);
});

describe('who comes back', () => {
  const configuration = configured('release_newest');
  const NOW = '2026-06-20T00:00:00.000000Z' as Instant;
  const lapsed = after(poolWith('a', 'b', 'c'), decideReaction(SOURCES.canceled!, configuration, poolWith('a', 'b', 'c')));
  const empty = (source: SourceEntitlement) => ({ source, pool: poolWith() });
  const restored = (pools: Parameters<typeof decideRestorations>[0], now = NOW) =>
    decideRestorations(pools, configuration, now).map(({ seat, to }) => `${seat.entityId} ${to}`);

  it('gets a seat in the own pool when that grants again', () => {
    expect(restored([{ source: granting(3), pool: lapsed }])).toEqual(['a sub_1', 'b sub_1', 'c sub_1']);
    const events = restoreSeats([...lapsed.seats.values()], granting(2), lapsed);
    expect(shown(after(lapsed, events))).toEqual(['a active', 'b active', 'c released subscription_lapsed']);
  });
  it('gets one in the pool that was bought since, the oldest first', () =>
    expect(restored([{ source: SOURCES.canceled!, pool: lapsed }, empty(granting(2, 'pro_team', 'sub_2'))])).toEqual([
      'a sub_2',
      'b sub_2',
    ]));
  it('is spread over all that is free', () => {
    const two = [empty(granting(1, 'pro_team', 'sub_2')), empty(granting(2, 'pro_team', 'sub_3'))];
    expect(restored([{ source: SOURCES.canceled!, pool: lapsed }, ...two])).toEqual(['a sub_3', 'b sub_2', 'c sub_3']);
  });
  it('gets none of another product', () =>
    expect(restored([{ source: SOURCES.canceled!, pool: lapsed }, empty(granting(2, 'pro_crew', 'sub_2'))])).toEqual([]));
  it('gets none when it took too long', () =>
    expect(restored([{ source: granting(3), pool: lapsed }], '2026-07-15T12:00:00.000000Z' as Instant)).toEqual([]));
  it('gets none who was released before it ended', () => {
    const pool = after(poolWith('a', 'b'), decideReaction(granting(1), configuration, poolWith('a', 'b')));
    expect(restored([{ source: granting(2), pool }])).toEqual([]);
  });
  it('gets none a second time when it was released since', () => {
    const source = granting(3, 'pro_team', 'sub_2');
    const [a] = lapsed.seats.values();
    const wanted = [{ entityId: 'a', name: null, metadata: {}, restoredFrom: a!.licenseId }];
    const idOf = (n: number) => `lic_sub_2_${n}`;
    const assigned = after(
      poolWith(),
      assignSeats({ productId: 'pro_team', source, wanted, idOf, commandId: null }, poolWith()),
      AT,
    );
    const [seat] = assigned.seats.values();
    const data = {
      licenseId: seat!.licenseId,
      revision: 2,
      productId: 'pro_team',
      entityId: 'a',
      reason: 'released_by_user',
    } as const;
    const released = after(assigned, [{ type: 'license.seat_released', data }]);
    expect(
      restored([
        { source: SOURCES.canceled!, pool: lapsed },
        { source, pool: released },
      ]),
    ).toEqual(['b sub_2', 'c sub_2']);
  });
});
