import fc from 'fast-check';
import { poolsOf } from '../../src/licenses/decide-check';
import { decideReaction } from '../../src/licenses/decide-reaction';
import { decideRestorations, restoreSeats } from '../../src/licenses/decide-restorations';
import { assignSeats, changeSeat } from '../../src/licenses/decide-seats';
import { takesSeat } from '../../src/licenses/license';
import { EMPTY_POOL, type LicensePool, type PoolEvent } from '../../src/licenses/license-pool';
import type { SourceEntitlement } from '../../src/licenses/entitlement';
import { instantFromMs } from '../../src/platform/instant';
import { ProductConfiguration, productSetting } from '../../src/settings';
import { outcomeOf } from '../support/given';
import { after, assigning, grantOf } from '../support/pools';

const product = fc
  .tuple(
    fc.constantFrom('pro_team', 'pro_crew'),
    fc.integer({ min: 0, max: 4 }),
    fc.constantFrom(
      { state: 'granting', reason: null },
      { state: 'granting', reason: null },
      { state: 'suspended', reason: 'subscription_paused' },
      { state: 'suspended', reason: 'subscription_past_due' },
      { state: 'lapsed', reason: 'subscription_lapsed' },
    ),
  )
  .map(([productId, total, state]) => ({ productId, total: state.state === 'lapsed' ? 0 : total, ...state }));

const source = fc
  .uniqueArray(product, { selector: ({ productId }) => productId, maxLength: 2 })
  .map((products) => grantOf(products, 'sub_1', ['pro_team']));

const step = fc.oneof(
  fc.record({ what: fc.constant('save' as const), name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') }),
  fc.record({ what: fc.constant('release' as const), n: fc.nat(10) }),
  fc.record({ what: fc.constant('becomes' as const), source }),
  fc.record({ what: fc.constant('look' as const) }),
);

const whenReduced = fc.constantFrom('release_newest', 'release_oldest', 'suspend_newest', 'refuse');

interface State {
  pool: LicensePool;
  source: SourceEntitlement;
}

const AT = (n: number) => instantFromMs(Date.UTC(2026, 5, 1) + n * 1000);

function act(
  state: State,
  one: typeof step extends fc.Arbitrary<infer Step> ? Step : never,
  configuration: ProductConfiguration,
  n: number,
): State {
  const { pool, source: now } = state;
  const told = (events: PoolEvent[]): State => ({ ...state, pool: after(pool, events, AT(n)) });
  switch (one.what) {
    case 'save': {
      const made = outcomeOf(() => assignSeats({ ...assigning(one.name), source: now }, pool));
      return Array.isArray(made) ? told(made) : state;
    }
    case 'release': {
      const [...seats] = pool.seats.values();
      const seat = seats[one.n % Math.max(1, seats.length)];
      return seat ? told(changeSeat({ licenseId: seat.licenseId, release: true }, pool)) : state;
    }
    case 'becomes':
      return { ...state, source: one.source };
    case 'look':
      return look(state, configuration, n);
  }
  return state;
}

function look({ pool, source: now }: State, configuration: ProductConfiguration, n: number): State {
  const reacted = after(pool, decideReaction(now, configuration, pool), AT(n));
  const seats = decideRestorations([{ source: now, pool: reacted }], configuration, AT(n)).map(({ seat }) => seat);
  return { pool: after(reacted, restoreSeats(seats, now, reacted), AT(n)), source: now };
}

const runs = fc.tuple(fc.array(step, { maxLength: 25 }), whenReduced).map(([steps, policy]) => ({
  steps,
  configuration: new ProductConfiguration(
    ['pro_team', 'pro_crew'].map((productId) =>
      productSetting({ productId, licenses: { whenReduced: policy as 'release_newest', restoreDays: 30 } }),
    ),
    {},
  ),
}));

const START: State = {
  pool: EMPTY_POOL,
  source: grantOf([{ productId: 'pro_team', total: 3, state: 'granting', reason: null }]),
};

it('never uses more seats than there are unless it says so, and after a look does not', () => {
  fc.assert(
    fc.property(runs, ({ steps, configuration }) => {
      let state = START;
      for (const [n, one] of steps.entries()) {
        state = act(state, one, configuration, n);
        const licenses = [...state.pool.seats.values()].map((seat) => ({ ...seat, source: state.source.source }));
        for (const pool of poolsOf({ licenses, sources: [state.source] })) {
          const taken = licenses.filter((seat) => seat.productId === pool.productId && takesSeat(seat)).length;
          expect(pool.used).toBe(taken);
          expect(pool.overAllocated).toBe(taken > pool.total);
          expect(pool.available).toBeLessThanOrEqual(Math.max(0, pool.total - taken));
          // One that can only be kept, not used, may hold more than would be granted: it is settled when it can be used again.
          const isSettled = one.what === 'look' && pool.state !== 'suspended';
          expect(isSettled && pool.overAllocated).toBe(false);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

it('leaves nothing to do after a look, so that looking again, or once more after a crash, changes nothing', () => {
  fc.assert(
    fc.property(runs, ({ steps, configuration }) => {
      let state = START;
      for (const [n, one] of steps.entries()) state = act(state, one, configuration, n);
      const once = look(state, configuration, steps.length);
      const twice = look(once, configuration, steps.length);
      expect(twice.pool).toEqual(once.pool);
    }),
    { numRuns: 1_000 },
  );
});

it('never gives one entity two seats of a product', () => {
  fc.assert(
    fc.property(runs, ({ steps, configuration }) => {
      let state = START;
      for (const [n, one] of steps.entries()) {
        state = act(state, one, configuration, n);
        const held = [...state.pool.seats.values()].filter(({ status }) => status !== 'released');
        expect(new Set(held.map(({ productId, entityId }) => `${productId} ${entityId}`)).size).toBe(held.length);
      }
    }),
    { numRuns: 1_000 },
  );
});
