import { given, outcomeOf, rowsOf } from '../../test/support/given';
import { itemOf, RENEWAL, scheduledSwitchCommand, subscriptionWith } from '../../test/support/subscriptions';
import { instantFromMs, type Instant } from '../platform/instant';
import {
  decideCancellation,
  decidePause,
  decidePaymentMethodChange,
  decideResumption,
  WISHES,
  type Decidable,
} from './decide-command';
import { decideSwitch, type SwitchablePrice } from './decide-switch';
import { scheduledSwitchOf, withSwitch } from './scheduled-switches';
import { actionsOf, type Subscription } from './subscription';

const NOW = '2026-06-15T12:00:00.000000Z' as Instant;
const SEPTEMBER = '2026-09-01T00:00:00Z';

const STATUSES = ['trialing', 'active', 'past_due', 'paused', 'canceled', 'hibernating'];

const SOLO = { priceId: 'pri_solo_monthly', quantity: 1 };
const TEAM = { priceId: 'pri_team_monthly', quantity: 1 };
const MONTHLY = {
  recurring: true,
  offered: true,
  switchable: true,
  billingCycle: { interval: 'month', frequency: 1 },
  quantity: { min: 1, max: 9 },
};
const PRICES = new Map<string, SwitchablePrice>([
  [SOLO.priceId, { id: SOLO.priceId, productId: 'pro_solo', ...MONTHLY }],
  [TEAM.priceId, { id: TEAM.priceId, productId: 'pro_team', ...MONTHLY }],
]);

const change = (action: string, resumeAt: string | null = null) => ({ action, effectiveAt: RENEWAL, resumeAt });
const SWITCH = scheduledSwitchCommand([TEAM], [SOLO]);

/** What is going to happen already. */
const PENDING: Record<string, Subscription['scheduledChange']> = {
  nothing: null,
  cancel: change('cancel'),
  pause: change('pause'),
  'pause, resume': change('pause', SEPTEMBER),
  resume: change('resume'),
  'our switch': null,
  melt: change('melt'),
};

const COMMANDS: Record<string, (state: Decidable) => object> = {
  cancel: (state) => decideCancellation(state, {}),
  'cancel now': (state) => decideCancellation(state, { effectiveFrom: 'immediately' }),
  pause: (state) => decidePause(state, {}),
  'pause now': (state) => decidePause(state, { effectiveFrom: 'immediately' }),
  'pause till': (state) => decidePause(state, { resumeAt: SEPTEMBER }),
  resume: (state) => decideResumption(state, {}),
  'resume at': (state) => decideResumption(state, { effectiveFrom: SEPTEMBER }),
  switch: (state) => decideSwitch(state, { priceId: TEAM.priceId }, PRICES),
  'switch later': (state) => decideSwitch(state, { priceId: TEAM.priceId, effectiveFrom: 'next_billing_period' }, PRICES),
  method: (state) => decidePaymentMethodChange(state),
};

/** The words of the table: what is asked of the provider, or the code of the refusal. */
const WORDS: Record<string, (pending: string) => object> = {
  'ends later': () => ({ type: WISHES.cancel, details: { effectiveFrom: 'next_billing_period' } }),
  'ends now': () => ({ type: WISHES.cancel, details: { effectiveFrom: 'immediately' } }),
  'pauses later': () => ({ type: WISHES.pause, details: { effectiveFrom: 'next_billing_period' } }),
  'pauses now': () => ({ type: WISHES.pause, details: { effectiveFrom: 'immediately' } }),
  'pauses till': () => ({ type: WISHES.pause, details: { effectiveFrom: 'next_billing_period', resumeAt: SEPTEMBER } }),
  resumes: () => ({ type: WISHES.resume, details: { effectiveFrom: 'immediately' } }),
  'resumes at': () => ({ type: WISHES.resume, details: { effectiveFrom: SEPTEMBER } }),
  keeps: (pending) => ({ type: WISHES.keep, details: { removes: PENDING[pending]!.action } }),
  withdraws: () => ({ withdraw: { commandId: 'switch_1', items: [TEAM], basedOn: [SOLO] } }),
  switches: () => switching('prorated_immediately'),
  'for free': () => switching('do_not_bill'),
  waits: () => ({
    type: WISHES.switchLater,
    details: { items: [TEAM], basedOn: [SOLO], effectiveAt: RENEWAL },
    dueAt: '2026-06-30T23:25:00.000000Z',
  }),
  asks: () => ({ type: WISHES.paymentMethod, details: {} }),
  '!canceled': () => refused('subscription_canceled'),
  '!paused': () => refused('subscription_paused'),
  '!past due': () => refused('subscription_past_due'),
  '!change': (pending) => refused('subscription_has_scheduled_change', { scheduledChange: PENDING[pending] }),
  '!already': (pending) => refused('already_scheduled', PENDING[pending] ? { scheduledChange: PENDING[pending] } : {}),
  '!nothing': () => refused('nothing_to_resume'),
  '!invalid': () => refused('invalid_request', { errors: [expect.anything()] }),
};

function switching(prorationBillingMode: string): object {
  return {
    type: WISHES.switch,
    details: { items: [TEAM], prorationBillingMode, onPaymentFailure: 'prevent_change' },
    dueAt: null,
  };
}

function refused(code: string, extensions: object = {}): object {
  return { refused: code, extensions };
}

/** A status that nobody knows yet forbids nothing: the provider decides. */
const TABLE = `
  status      | pending       | cancel     | cancel now | pause        | pause now  | pause till  | resume    | resume at  | switch    | switch later | method
  trialing    | nothing       | ends later | ends now   | pauses later | pauses now | pauses till | !nothing  | !invalid   | for free  | waits        | asks
  trialing    | cancel        | !already   | ends now   | !change      | !change    | !change     | keeps     | !invalid   | !change   | !change      | asks
  trialing    | pause         | !change    | ends now   | !already     | !change    | !already    | keeps     | !invalid   | !change   | !change      | asks
  trialing    | pause, resume | !change    | ends now   | !already     | !change    | !already    | keeps     | !invalid   | !change   | !change      | asks
  trialing    | resume        | !change    | ends now   | !change      | !change    | !change     | !nothing  | !invalid   | !change   | !change      | asks
  trialing    | our switch    | ends later | ends now   | pauses later | pauses now | pauses till | withdraws | !invalid   | for free  | !already     | asks
  trialing    | melt          | !change    | ends now   | !change      | !change    | !change     | keeps     | !invalid   | !change   | !change      | asks
  active      | nothing       | ends later | ends now   | pauses later | pauses now | pauses till | !nothing  | !invalid   | switches  | waits        | asks
  active      | cancel        | !already   | ends now   | !change      | !change    | !change     | keeps     | !invalid   | !change   | !change      | asks
  active      | pause         | !change    | ends now   | !already     | !change    | !already    | keeps     | !invalid   | !change   | !change      | asks
  active      | pause, resume | !change    | ends now   | !already     | !change    | !already    | keeps     | !invalid   | !change   | !change      | asks
  active      | resume        | !change    | ends now   | !change      | !change    | !change     | !nothing  | !invalid   | !change   | !change      | asks
  active      | our switch    | ends later | ends now   | pauses later | pauses now | pauses till | withdraws | !invalid   | switches  | !already     | asks
  active      | melt          | !change    | ends now   | !change      | !change    | !change     | keeps     | !invalid   | !change   | !change      | asks
  past_due    | nothing       | ends now   | ends now   | !past due    | !past due  | !past due   | !nothing  | !invalid   | !past due | !past due    | asks
  past_due    | cancel        | ends now   | ends now   | !past due    | !past due  | !past due   | keeps     | !invalid   | !past due | !past due    | asks
  past_due    | pause         | ends now   | ends now   | !past due    | !past due  | !past due   | keeps     | !invalid   | !past due | !past due    | asks
  past_due    | pause, resume | ends now   | ends now   | !past due    | !past due  | !past due   | keeps     | !invalid   | !past due | !past due    | asks
  past_due    | resume        | ends now   | ends now   | !past due    | !past due  | !past due   | !nothing  | !invalid   | !past due | !past due    | asks
  past_due    | our switch    | ends now   | ends now   | !past due    | !past due  | !past due   | withdraws | !invalid   | !past due | !past due    | asks
  past_due    | melt          | ends now   | ends now   | !past due    | !past due  | !past due   | keeps     | !invalid   | !past due | !past due    | asks
  paused      | nothing       | ends now   | ends now   | !paused      | !paused    | !paused     | resumes   | resumes at | !paused   | !paused      | !paused
  paused      | cancel        | ends now   | ends now   | !paused      | !paused    | !paused     | resumes   | resumes at | !paused   | !paused      | !paused
  paused      | pause         | ends now   | ends now   | !paused      | !paused    | !paused     | resumes   | resumes at | !paused   | !paused      | !paused
  paused      | pause, resume | ends now   | ends now   | !paused      | !paused    | !paused     | resumes   | resumes at | !paused   | !paused      | !paused
  paused      | resume        | ends now   | ends now   | !paused      | !paused    | !paused     | resumes   | resumes at | !paused   | !paused      | !paused
  paused      | our switch    | ends now   | ends now   | !paused      | !paused    | !paused     | resumes   | resumes at | !paused   | !paused      | !paused
  paused      | melt          | ends now   | ends now   | !paused      | !paused    | !paused     | resumes   | resumes at | !paused   | !paused      | !paused
  canceled    | nothing       | !canceled  | !canceled  | !canceled    | !canceled  | !canceled   | !canceled | !canceled  | !canceled | !canceled    | !canceled
  canceled    | cancel        | !canceled  | !canceled  | !canceled    | !canceled  | !canceled   | !canceled | !canceled  | !canceled | !canceled    | !canceled
  canceled    | pause         | !canceled  | !canceled  | !canceled    | !canceled  | !canceled   | !canceled | !canceled  | !canceled | !canceled    | !canceled
  canceled    | pause, resume | !canceled  | !canceled  | !canceled    | !canceled  | !canceled   | !canceled | !canceled  | !canceled | !canceled    | !canceled
  canceled    | resume        | !canceled  | !canceled  | !canceled    | !canceled  | !canceled   | !canceled | !canceled  | !canceled | !canceled    | !canceled
  canceled    | our switch    | !canceled  | !canceled  | !canceled    | !canceled  | !canceled   | !canceled | !canceled  | !canceled | !canceled    | !canceled
  canceled    | melt          | !canceled  | !canceled  | !canceled    | !canceled  | !canceled   | !canceled | !canceled  | !canceled | !canceled    | !canceled
  hibernating | nothing       | ends later | ends now   | pauses later | pauses now | pauses till | !nothing  | !invalid   | switches  | waits        | asks
  hibernating | cancel        | !already   | ends now   | !change      | !change    | !change     | keeps     | !invalid   | !change   | !change      | asks
  hibernating | pause         | !change    | ends now   | !already     | !change    | !already    | keeps     | !invalid   | !change   | !change      | asks
  hibernating | pause, resume | !change    | ends now   | !already     | !change    | !already    | keeps     | !invalid   | !change   | !change      | asks
  hibernating | resume        | !change    | ends now   | !change      | !change    | !change     | !nothing  | !invalid   | !change   | !change      | asks
  hibernating | our switch    | ends later | ends now   | pauses later | pauses now | pauses till | withdraws | !invalid   | switches  | !already     | asks
  hibernating | melt          | !change    | ends now   | !change      | !change    | !change     | keeps     | !invalid   | !change   | !change      | asks
`;

const ROWS = rowsOf(TABLE);

function stateOf(status: string, pending: string, now = NOW): Decidable & { shown: Subscription } {
  const subscription = subscriptionWith({ status, scheduledChange: PENDING[pending]! });
  const command = pending === 'our switch' ? SWITCH : null;
  return {
    subscription,
    scheduled: scheduledSwitchOf(command, subscription),
    now,
    shown: withSwitch(subscription, command),
  };
}

it('covers every status, every pending change and every command', () => {
  const covered = ROWS.map(({ status, pending }) => `${status} ${pending}`);
  const all = STATUSES.flatMap((status) => Object.keys(PENDING).map((pending) => `${status} ${pending}`));
  expect(covered).toEqual(all);
  for (const row of ROWS) {
    expect(Object.keys(row)).toEqual(['status', 'pending', ...Object.keys(COMMANDS)]);
    for (const command of Object.keys(COMMANDS)) expect(Object.keys(WORDS)).toContain(row[command]);
  }
});

const CASES = ROWS.flatMap(({ status, pending, ...words }) =>
  Object.entries(words).map(([command, word]) => ({ status: status!, pending: pending!, command, word })),
);

it.each(CASES)('$status, going to $pending: $command → $word', ({ status, pending, command, word }) => {
  expect(outcomeOf(() => COMMANDS[command]!(stateOf(status, pending)))).toEqual(WORDS[word]!(pending));
});

describe('around a renewal', () => {
  const before = (seconds: number) => instantFromMs(Date.parse(RENEWAL) - seconds * 1_000);
  /** What the provider does not hear of, or does not mind. */
  const HARMLESS = new Set(['resumes', 'resumes at', 'withdraws', 'asks']);

  it.each([
    ['31 minutes before', 31 * 60, false],
    ['30 minutes before', 30 * 60, false],
    ['a second later', 30 * 60 - 1, true],
    ['29 minutes before', 29 * 60, true],
    ['1 minute before', 60, true],
    ['at the very moment', 0, true],
    ['a minute after, when the provider has not told of it yet', -60, false],
  ])('%s: everything is as ever, but that nothing changes within the half hour', (_, seconds, locked) => {
    const now = before(seconds);
    for (const { status, pending, command, word } of CASES) {
      const renews = status !== 'past_due' && status !== 'paused';
      // Of a second switch the lock is said first.
      const allowed = !word.startsWith('!') || (pending === 'our switch' && word === '!already');
      const changes = allowed && !HARMLESS.has(word);
      const free = !(renews && changes && (locked || (seconds < 0 && word === 'waits')));
      const found = outcomeOf(() => COMMANDS[command]!(stateOf(status, pending, now)));
      const expected = free ? WORDS[word]!(pending) : refused('subscription_renewing');
      expect({ status, pending, command, found }).toEqual({ status, pending, command, found: expected });
    }
  });

  it('is no concern where nothing is billed next', () => {
    const subscription = subscriptionWith({ nextBilledAt: null });
    given({ subscription, scheduled: null, now: NOW })
      .when((state) => decideCancellation(state, {}))
      .then(WORDS['ends later']!('') as ReturnType<typeof decideCancellation>);
  });

  it('tells a frontend at any moment exactly what would be accepted', () => {
    const DEFAULTS = { cancel: 'cancel', pause: 'pause', resume: 'resume', switch: 'switch', updatePaymentMethod: 'method' };
    for (const seconds of [16 * 86_400, 31 * 60, 30 * 60, 30 * 60 - 1, 60, 0, -60]) {
      for (const { status, pending } of ROWS) {
        const state = stateOf(status!, pending!, before(seconds));
        const accepted = Object.entries(DEFAULTS).map(([action, command]) => {
          const outcome = outcomeOf(() => COMMANDS[command]!(state));
          return [action, !('refused' in outcome)];
        });
        const row = { status, pending, seconds };
        expect({ ...row, ...actionsOf(state.shown, state.now) }).toEqual({ ...row, ...Object.fromEntries(accepted) });
      }
    }
  });
});

describe('details', () => {
  const state = { subscription: subscriptionWith(), scheduled: null, now: NOW };
  const paused = { ...state, subscription: subscriptionWith({ status: 'paused' }) };

  it('keeps the reason of a cancellation', () =>
    given(state)
      .when((found) => decideCancellation(found, { reason: 'too dear' }))
      .then({ type: WISHES.cancel, details: { effectiveFrom: 'next_billing_period', reason: 'too dear' } }));

  it('keeps how a pause ends', () =>
    given(paused)
      .when((found) => decideResumption(found, { onResume: 'continue_existing_billing_period' }))
      .then({
        type: WISHES.resume,
        details: { effectiveFrom: 'immediately', onResume: 'continue_existing_billing_period' },
      }));

  it.each([
    ['before the pause begins', {}, '2026-06-30T23:59:59Z'],
    ['as the pause begins', {}, RENEWAL],
    ['as the pause begins, in another time zone', {}, '2026-07-01T02:00:00+02:00'],
    ['now, for a pause that begins now', { effectiveFrom: 'immediately' as const }, NOW],
    ['on a day that does not exist', {}, '2026-09-31T00:00:00Z'],
  ])('refuses a pause that ends %s', (_, wanted, resumeAt) =>
    given(state)
      .when((found) => decidePause(found, { ...wanted, resumeAt }))
      .thenThrows('invalid_request', { errors: [{ pointer: '/resumeAt' }] }),
  );

  it('takes a pause that ends a microsecond after it begins', () => {
    const resumeAt = '2026-06-15T12:00:00.000001Z';
    given(state)
      .when((found) => decidePause(found, { effectiveFrom: 'immediately', resumeAt }))
      .then({ type: WISHES.pause, details: { effectiveFrom: 'immediately', resumeAt } });
  });

  it.each([
    ['now', NOW],
    ['in the past', '2026-06-15T11:59:59Z'],
    ['never', '2026-02-30T00:00:00Z'],
  ])('refuses to resume at a time that is %s', (_, effectiveFrom) =>
    given(paused)
      .when((found) => decideResumption(found, { effectiveFrom }))
      .thenThrows('invalid_request', { errors: [{ pointer: '/effectiveFrom' }] }),
  );

  it('takes back a switch of ours only while it means what it meant', () => {
    const changed = subscriptionWith({ items: [itemOf('team_monthly')] });
    given({ subscription: changed, scheduled: scheduledSwitchOf(SWITCH, changed), now: NOW })
      .when((found) => decideResumption(found, {}))
      .thenThrows('nothing_to_resume');
  });
});
