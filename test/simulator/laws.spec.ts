import fc from 'fast-check';
import { createAdjustment, decideRefund } from '../../src/simulator/world/adjustments';
import { addDurations } from '../../src/simulator/world/calendar';
import { createPrice, createProduct } from '../../src/simulator/world/catalog';
import { createAddress, createCustomer } from '../../src/simulator/world/customers';
import { createDiscount } from '../../src/simulator/world/discounts';
import type { Price } from '../../src/simulator/world/entities';
import type { LineTotals, Transaction } from '../../src/simulator/world/money-entities';
import { createTransaction } from '../../src/simulator/world/new-transaction';
import { payInvoice } from '../../src/simulator/world/checkout';
import { passTime } from '../../src/simulator/world/time-passes';
import { DAY, instantOf, microsOf, MINUTE } from '../../src/simulator/world/time';
import { cancel, pause } from '../../src/simulator/world/subscription-commands';
import { updateSubscription } from '../../src/simulator/world/update-subscription';
import type { Story } from '../../src/simulator/world/story';
import type { World } from '../../src/simulator/world/world';
import { buyerOf, eventsOf, newWorld, priceOf } from './new-world';

const RUNS = { numRuns: 60 };

describe('money adds up', () => {
  const COUNTRIES = ['US', 'DE', 'GB', 'JP', 'CH', 'BR', 'KR', 'SE'];
  const CURRENCIES = ['USD', 'EUR', 'JPY', 'KRW', 'GBP', 'HUF'];
  const MODES: Price['tax_mode'][] = ['account_setting', 'external', 'internal', 'location'];

  const line = fc.record({
    amount: fc.integer({ min: 0, max: 2_000_000 }),
    quantity: fc.integer({ min: 1, max: 999 }),
    taxMode: fc.constantFrom(...MODES),
  });
  const discount = fc.option(
    fc.record({
      type: fc.constantFrom('flat' as const, 'flat_per_seat' as const, 'percentage' as const),
      amount: fc.integer({ min: 1, max: 100 }),
    }),
  );
  const sale = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    discount,
    country: fc.constantFrom(...COUNTRIES),
    currency: fc.constantFrom(...CURRENCIES),
    accountTaxMode: fc.constantFrom('external' as const, 'internal' as const),
  });
  type Sale = typeof sale extends fc.Arbitrary<infer Value> ? Value : never;

  function sell(input: Sale): { world: World; transaction: Transaction } {
    const world = newWorld();
    world.assumptions.accountTaxMode = input.accountTaxMode;
    const product = createProduct(world, { name: 'Any', tax_category: 'saas' });
    const items = input.lines.map(({ amount, quantity, taxMode }) => {
      const unit_price = { amount: String(amount), currency_code: 'USD' };
      const range = { minimum: 1, maximum: 999 };
      const price = createPrice(world, product.id, { description: 'Any', unit_price, tax_mode: taxMode, quantity: range });
      return { price_id: price.id, quantity };
    });
    const off =
      input.discount && createDiscount(world, { ...input.discount, description: 'Any', amount: String(input.discount.amount) });
    const customer = createCustomer(world, { email: 'a@example.com' });
    const address = createAddress(world, customer.id, { country_code: input.country });
    const transaction = createTransaction(world, {
      items,
      customer_id: customer.id,
      address_id: address.id,
      currency_code: input.currency,
      ...(off && { discount_id: off.id }),
    });
    return { world, transaction };
  }

  const big = (text: string | null) => BigInt(text ?? 'missing');

  function expectSum({ subtotal, discount, tax, total }: LineTotals): void {
    expect(big(subtotal) - big(discount) + big(tax)).toBe(big(total));
    expect(big(discount)).toBeLessThanOrEqual(big(subtotal));
    for (const amount of [subtotal, discount, tax, total]) expect(big(amount)).toBeGreaterThanOrEqual(0n);
  }

  function expectLinesToMakeTotals({ details }: Transaction): void {
    for (const { totals, unit_totals: unit } of details.line_items) [totals, unit].forEach(expectSum);
    expectSum(details.totals);
    for (const key of ['subtotal', 'discount', 'tax', 'total'] as const) {
      const sum = details.line_items.reduce((all, { totals }) => all + big(totals[key]), 0n);
      expect(sum).toBe(big(details.totals[key]));
      expect(details.tax_rates_used.reduce((all, { totals }) => all + big(totals[key]), 0n)).toBe(sum);
    }
  }

  it('lines make the totals; what is paid makes earnings, fee and tax', () => {
    fc.assert(
      fc.property(sale, (input) => {
        const { world, transaction } = sell(input);
        expectLinesToMakeTotals(transaction);
        expect(transaction.details.totals.balance).toBe(transaction.details.totals.total);
        payInvoice(world, transaction);
        expectLinesToMakeTotals(transaction);
        const { totals, adjusted_totals: adjusted } = transaction.details;
        expect(totals).toMatchObject({ balance: '0', grand_total: totals.total, credit: '0', credit_to_balance: '0' });
        expect(big(totals.fee) + big(totals.earnings) + big(totals.tax)).toBe(big(totals.grand_total));
        expect(adjusted).toMatchObject({
          total: totals.total,
          tax: totals.tax,
          grand_total: totals.grand_total,
          fee: totals.fee,
        });
        expect(big(adjusted.subtotal) + big(adjusted.tax)).toBe(big(adjusted.total));
      }),
      RUNS,
    );
  });

  it('partial refunds never exceed the payment, and add up to it exactly, their tax to the tax', () => {
    const shares = fc.array(
      fc.record({ line: fc.nat(), part: fc.double({ min: 0.01, max: 1, noNaN: true }), external: fc.boolean() }),
    );
    fc.assert(
      fc.property(sale, shares, (input, refunds) => {
        const { world, transaction } = sell(input);
        payInvoice(world, transaction);
        const { details } = transaction;
        if (details.totals.total === '0') return;
        for (const { line, part, external } of refunds) {
          const of = details.line_items[line % details.line_items.length]!;
          const amount = String(Math.max(1, Math.floor(Number(of.totals.total) * part)));
          const items = [{ item_id: of.id, type: 'partial' as const, amount }];
          const tax_mode = external ? ('external' as const) : ('internal' as const);
          attempt(() => refund(world, transaction, { items, tax_mode }));
          expectAdjusted(world, transaction);
        }
        attempt(() => refund(world, transaction, { type: 'full' }));
        expectAdjusted(world, transaction);
        const { total, tax, subtotal, grand_total: grandTotal, fee, earnings } = transaction.details.adjusted_totals;
        expect({ total, tax, subtotal, grandTotal }).toEqual({ total: '0', tax: '0', subtotal: '0', grandTotal: '0' });
        expect(big(fee) + big(earnings)).toBe(0n);
        expect(() => refund(world, transaction, { type: 'full' })).toThrow('fully_adjusted');
      }),
      RUNS,
    );
  });

  function refund(world: World, { id }: Transaction, how: Partial<Parameters<typeof createAdjustment>[1]>): void {
    const adjustment = createAdjustment(world, { action: 'refund', reason: 'any', transaction_id: id, ...how });
    decideRefund(world, adjustment, 'approved');
  }

  /** Too much is refused; that is what keeps the law. */
  function attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      const refused = /adjustment_(amount_above|transaction_item_(has_already|invalid)|total_amount_above)/;
      if (!refused.test((error as Error).message)) throw error;
    }
  }

  function expectAdjusted(world: World, { id, details }: Transaction): void {
    const approved = [...world.tables.adjustments.values()].filter(({ transaction_id: of }) => of === id);
    for (const key of ['total', 'tax'] as const) {
      const back = approved.reduce((sum, { totals }) => sum + big(totals[key]), 0n);
      expect(big(details.adjusted_totals[key])).toBe(big(details.totals[key]) - back);
      expect(big(details.adjusted_totals[key])).toBeGreaterThanOrEqual(0n);
    }
  }

  it('a change of plan refunds what was paid for it, not more: the lines that gave money back count', () => {
    const story = buyerOf('solo-monthly').after('P10D');
    move(story, 'team-monthly', 2);
    const bill = story.lastPaid;
    expect(bill.details.line_items.map(({ totals }) => Math.sign(Number(totals.total)))).toEqual([1, -1]);
    const [charged] = bill.details.line_items;
    const tooMuch = { items: [{ item_id: charged!.id, type: 'full' as const }] };
    expect(() => refund(story.world, bill, tooMuch)).toThrow('adjustment_total_amount_above_remaining_allowed');
    refund(story.world, bill, { type: 'full' });
    expect(bill.details.adjusted_totals).toMatchObject({ total: '0', tax: '0', grand_total: '0' });
  });

  it('a refund of what credit paid for in part gives back the payment alone', () => {
    const story = buyerOf('team-monthly', { quantity: 2 }).after('P10D');
    move(story, 'solo-monthly');
    story.untilRenewed().untilRenewed().untilRenewed().untilRenewed();
    const part = [...story.world.tables.transactions.values()].find(
      ({ details: { totals } }) => totals.credit !== '0' && totals.grand_total !== '0',
    )!;
    refund(story.world, part, { type: 'full' });
    const [back] = story.world.tables.adjustments.values();
    expect(back!.totals.total).toBe(part.details.totals.grand_total);
    expect(part.details.adjusted_totals.grand_total).toBe('0');
  });
});

function move(story: Story, label: string, quantity = 1): void {
  const items = [{ price_id: priceOf(story.world, label), quantity }];
  updateSubscription(story.world, story.subscription, { items, proration_billing_mode: 'prorated_immediately' });
}

describe('proration', () => {
  it('an upgrade and the opposite downgrade in the same minute cancel out', () => {
    const minutes = fc.integer({ min: 1, max: 44_000 });
    fc.assert(
      fc.property(minutes, fc.integer({ min: 1, max: 40 }), fc.constantFrom('US', 'GB', 'JP'), (after, seats, country) => {
        const story = buyerOf('solo-monthly', { country });
        const { world } = story;
        const { nextBillAt } = world.life(story.subscription);
        // Whole minutes are left: both changes fall into this one.
        passTime(world, nextBillAt! - Math.max(31, 44_640 - after) * MINUTE - 50_000_000);
        const before = structuredClone(story.subscription.items.map(({ price, quantity }) => ({ id: price.id, quantity })));
        move(story, 'team-monthly', seats);
        const charged = story.lastPaid;
        move(story, 'solo-monthly');
        const credited = [...world.tables.transactions.values()].at(-1)!;
        expect(BigInt(charged.details.totals.total) + BigInt(credited.details.totals.total)).toBe(0n);
        expect(credited.details.totals.credit_to_balance).toBe(charged.details.totals.grand_total);
        expect(story.subscription.items.map(({ price, quantity }) => ({ id: price.id, quantity }))).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  it('credits of a downgrade pay for the next renewals, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 29 }), fc.integer({ min: 2, max: 9 }), (days, seats) => {
        const story = buyerOf('team-monthly', { quantity: seats }).after(`P${days}D`);
        const { world } = story;
        move(story, 'solo-monthly');
        for (let month = 0; month < 8; month++) story.untilRenewed();
        const all = [...world.tables.transactions.values()].filter(({ status }) => status === 'completed');
        const sum = (amount: (of: Transaction) => string) => all.reduce((total, one) => total + BigInt(amount(one)), 0n);
        const bought = sum(({ details }) => details.totals.total);
        const paid = sum(({ details }) => details.totals.grand_total);
        const captured = sum(({ payments }) => payments.find(({ status }) => status === 'captured')?.amount ?? '0');
        const left = [...world.tables.balances.values()].reduce((total, amount) => total + BigInt(amount), 0n);
        expect(captured).toBe(paid);
        expect(paid - left).toBe(bought);
        expect(sum(({ details }) => details.totals.credit_to_balance) - sum(({ details }) => details.totals.credit)).toBe(left);
      }),
      { numRuns: 15 },
    );
  });
});

describe('billing dates', () => {
  const month = { interval: 'month', frequency: 1 } as const;
  const year = { interval: 'year', frequency: 1 } as const;
  const days = (from: string, cycle: typeof month | typeof year, count: number) =>
    Array.from({ length: count }, (_, index) => instantOf(addDurations(microsOf(from), cycle, index + 1)).slice(0, 10));

  it.each([
    ['2026-01-29', ['2026-02-28', '2026-03-29', '2026-04-29']],
    ['2026-01-30', ['2026-02-28', '2026-03-30', '2026-04-30']],
    ['2026-01-31', ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']],
    ['2028-01-31', ['2028-02-29', '2028-03-31']],
    ['2026-10-31', ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31']],
  ])('a monthly subscription of %s keeps its day', (from, expected) => {
    expect(days(`${from}T10:00:00Z`, month, expected.length)).toEqual(expected);
    const story = buyerOf('solo-monthly', { world: newWorld({ startAt: `${from}T10:00:00Z` }) });
    const next = expected.map(() => {
      const date = story.subscription.next_billed_at!.slice(0, 10);
      story.untilRenewed();
      return date;
    });
    expect(next).toEqual(expected);
  });

  it('a yearly one of 29 February has 28 February but in leap years', () => {
    const expected = ['2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29', '2033-02-28'];
    expect(days('2028-02-29T10:00:00Z', year, 5)).toEqual(expected);
    const story = buyerOf('solo-yearly', { world: newWorld({ startAt: '2028-02-29T10:00:00Z' }) });
    for (const date of expected) {
      expect(story.subscription.next_billed_at).toMatch(new RegExp(`^${date}`));
      story.untilRenewed();
    }
  });

  it('periods follow each other without a gap, for any start', () => {
    const start = fc.date({ min: new Date('2024-01-01'), max: new Date('2032-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(start, (from) => {
        const story = buyerOf('solo-monthly', { world: newWorld({ startAt: from.toISOString() }) });
        for (let count = 0; count < 14; count++) {
          const { ends_at: ends } = story.subscription.current_billing_period!;
          expect(story.subscription.next_billed_at).toBe(ends);
          story.untilRenewed();
          expect(story.subscription.current_billing_period!.starts_at).toBe(ends);
          expect(story.subscription.items[0]).toMatchObject({ previously_billed_at: ends });
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('time', () => {
  /** Five people: one pauses for a while, one leaves, one is on trial, one stops paying, one renews by the year. */
  function town(seed: string): World {
    const world = newWorld({ seed });
    const [pausing, leaving] = [buyerOf('solo-monthly', { world }), buyerOf('team-monthly', { world, quantity: 3 })];
    const options = { effectiveFrom: 'next_billing_period', resumeAt: '2026-05-17T08:00:00Z', onResume: null } as const;
    pause(world, pausing.subscription, options);
    cancel(world, leaving.subscription, 'next_billing_period');
    buyerOf('solo-trial', { world });
    buyerOf('solo-monthly', { world, country: 'JP' }).cardBecomes('declines');
    buyerOf('team-yearly', { world });
    world.takeEvents();
    return world;
  }

  function goOn(world: World, until: number, step: number): string[] {
    for (let at = world.now + step; at < until; at += step) passTime(world, at);
    passTime(world, until);
    return world.takeEvents().map((event) => JSON.stringify(event));
  }

  it('one jump of a year is 365 jumps of a day, byte for byte: ids, times and entities of every event', () => {
    const until = microsOf('2027-02-01T00:00:00Z');
    const once = goOn(town('time'), until, until);
    expect(once.length).toBeGreaterThan(150);
    expect(goOn(town('time'), until, DAY)).toEqual(once);
    expect(goOn(town('time'), until, 7 * DAY + 12_345)).toEqual(once);
  });

  it('brings exactly one renewal a month, whatever the steps', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 90 * 24 * 60 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 30 }), (minutes, months) => {
        const story = buyerOf('solo-monthly');
        const { world } = story;
        const anchor = world.life(story.subscription).anchor;
        const end = addDurations(anchor, { interval: 'month', frequency: 1 }, months) + DAY;
        world.takeEvents();
        for (const step of minutes) passTime(world, Math.min(end, world.now + step * MINUTE));
        passTime(world, end);
        const renewals = eventsOf(world).filter(
          ({ type, data }) => type === 'transaction.completed' && data.origin === 'subscription_recurring',
        );
        expect(renewals).toHaveLength(months);
        const starts = renewals.map(({ data }) => (data.billing_period as { starts_at: string }).starts_at);
        expect(new Set(starts).size).toBe(months);
      }),
      { numRuns: 15 },
    );
  });

  it('goes on as it would have, from what was saved', () => {
    const until = microsOf('2026-08-01T00:00:00Z');
    const world = town('saved');
    passTime(world, microsOf('2026-03-20T00:00:00Z'));
    const copy = newWorld({ seed: 'saved' });
    copy.restore(JSON.parse(JSON.stringify(world.save())) as ReturnType<World['save']>);
    world.takeEvents();
    copy.takeEvents();
    expect(goOn(copy, until, DAY)).toEqual(goOn(world, until, until));
  });

  it('another seed tells another history', () => {
    const until = microsOf('2026-04-01T00:00:00Z');
    expect(goOn(town('one'), until, until)).not.toEqual(goOn(town('two'), until, until));
  });
});

describe('dunning', () => {
  const failed = () => buyerOf('solo-monthly').cardBecomes('declines').untilRenewed();
  const unpaidOf = ({ world }: Story) => [...world.tables.transactions.values()].at(-1)!;

  it.each([
    [1, 'P3D'],
    [2, 'P7D'],
    [3, 'P14D'],
    [4, 'P21D'],
  ])('recovers at retry %i', (retry, after) => {
    const story = failed();
    story
      .after(`P${Number(/\d+/.exec(after)![0]) - 1}D`)
      .cardBecomes('pays')
      .after('P2D');
    const bill = unpaidOf(story);
    expect(bill).toMatchObject({ status: 'completed', payments: Array.from({ length: retry + 1 }, () => expect.anything()) });
    expect(bill.payments.map(({ status }) => status)).toEqual(['captured', ...Array.from({ length: retry }, () => 'error')]);
    expect(story.subscription.status).toBe('active');
  });

  it.each(['cancel', 'pause'] as const)('ends after 30 days: %s, and what was unpaid is canceled', (then) => {
    const story = failed();
    story.world.assumptions.dunningExhausted = then;
    story.after('P29D');
    expect(story.subscription.status).toBe('past_due');
    story.after('P1DT1H');
    expect(story.subscription.status).toBe(then === 'cancel' ? 'canceled' : 'paused');
    expect(unpaidOf(story)).toMatchObject({ status: 'canceled', payments: { length: 5 } });
    expect(story.subscription).toMatchObject({ next_billed_at: null, current_billing_period: null });
    story.world.takeEvents();
    expect(eventsOf(story.after('P1Y').world)).toEqual([]);
  });

  it('bills no new period meanwhile, and every one that is due after it is paid', () => {
    const story = failed();
    story.world.assumptions.dunningRetryDays = [25];
    story.world.assumptions.dunningExhaustedDays = 60;
    story.after('P40D').cardBecomes('declines');
    expect(story.subscription.status).toBe('past_due');
    const bills = [...story.world.tables.transactions.values()].filter(({ origin }) => origin === 'subscription_recurring');
    expect(bills).toHaveLength(1);
  });

  it('converts a trial once, on its last day, and leaves its dates', () => {
    const story = buyerOf('solo-trial');
    const { trial_dates: trial } = story.subscription.items[0]!;
    expect(story.subscription).toMatchObject({ status: 'trialing', first_billed_at: null, next_billed_at: trial!.ends_at });
    expect(Date.parse(trial!.ends_at) - Date.parse(trial!.starts_at)).toBe(14 * 86_400_000);
    story.after('P13DT23H');
    expect(story.subscription.status).toBe('trialing');
    story.after('PT2H');
    expect(story.subscription).toMatchObject({ status: 'active', first_billed_at: trial!.ends_at });
    expect(story.subscription.current_billing_period!.starts_at).toBe(trial!.ends_at);
    expect(story.subscription.items[0]).toMatchObject({ status: 'active', trial_dates: trial });
  });
});
