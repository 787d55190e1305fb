import fc from 'fast-check';
import { outcomeEvent, wishEvent } from '../../../test/support/command-events';
import { foldFacts } from '../../../test/support/folding';
import type { FoldableEvent } from '../../ledger';
import { anyProjection } from '../../projections';
import { OUTCOMES, readCommandFact } from '../command-facts';
import { commands } from './commands';

const DUE = { dueAt: '2026-07-01T00:00:00.000000Z' };

function fold(...events: FoldableEvent[]): Record<string, unknown> {
  const facts = events.flatMap((event) => readCommandFact(event) ?? []);
  const rows = [...foldFacts(anyProjection(commands), new Map(), facts)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(rows);
}

const row = (...events: FoldableEvent[]) => fold(...events).c1;
const uncertain = (id = '1') => outcomeEvent(OUTCOMES.uncertain, 'c1', {}, `uncertain_${id}`);

it.each<[string, FoldableEvent[], string]>([
  ['a wish', [wishEvent('c1')], 'open'],
  ['a wish for later', [wishEvent('c1', DUE)], 'scheduled'],
  ['a wish of which nobody knows what became', [wishEvent('c1'), uncertain()], 'uncertain'],
  ['a wish of which it turned out', [wishEvent('c1'), uncertain(), outcomeEvent(OUTCOMES.carriedOut, 'c1')], 'ended'],
  ['an end that is heard of before the doubt', [wishEvent('c1'), outcomeEvent(OUTCOMES.notDone, 'c1'), uncertain()], 'ended'],
  ['a wish for later that was carried out', [wishEvent('c1', DUE), outcomeEvent(OUTCOMES.carriedOut, 'c1')], 'ended'],
  ['a wish for later that was given up', [wishEvent('c1', DUE), outcomeEvent(OUTCOMES.withdrawn, 'c1')], 'ended'],
  ['an end that is heard of before its wish', [outcomeEvent(OUTCOMES.refused, 'c1'), wishEvent('c1')], 'ended'],
  ['an end alone', [outcomeEvent(OUTCOMES.refused, 'c1')], 'ended'],
])('%s', (_, events, state) => expect(row(...events)).toMatchObject({ state }));

it('keeps wish and outcome whole, for whoever asks later who wished what and what became of it', () => {
  const provider = { status: 200, requestId: 'r1' };
  const ended = outcomeEvent(OUTCOMES.carriedOut, 'c1', { observedEventId: 'observed_c1', entityId: 'sub_1', provider });
  expect(row(wishEvent('c1'), ended)).toEqual({
    commandId: 'c1',
    wish: {
      type: 'subscription.pause_requested',
      streamId: 'command:sub_1',
      subject: 'sub_1',
      details: { effectiveFrom: 'immediately' },
      instanceId: 'i-1',
      dueAt: null,
      customerId: 'ctm_1',
      userId: 'user_1',
      wishedAt: '2026-06-15T12:00:00.000000Z',
      wishEventId: 'wish_c1',
    },
    subject: 'sub_1',
    outcome: {
      outcome: 'command.carried_out',
      outcomeEventId: 'outcome_c1',
      reason: null,
      provider,
      observedEventId: 'observed_c1',
      entityId: 'sub_1',
    },
    state: 'ended',
    streamId: 'command:sub_1',
  });
});

const event = fc.constantFrom('c1', 'c2').chain((commandId) =>
  fc.oneof(
    fc.constant(wishEvent(commandId, commandId === 'c2' ? DUE : {})),
    fc
      .constantFrom(...Object.values(OUTCOMES))
      .chain((type) =>
        fc.nat({ max: 3 }).map((n) => outcomeEvent(type, commandId, { reason: `${type} ${n}` }, `${type} ${n} ${commandId}`)),
      ),
  ),
);

it('gives the same rows for any order and repetition', () => {
  const delivered = fc
    .array(event, { maxLength: 12 })
    .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length })));
  fc.assert(
    fc.property(delivered, ([events, again]) => {
      expect(fold(...again, ...events)).toEqual(fold(...events));
    }),
    { numRuns: 1_000 },
  );
});

it('changes nothing when told the same again', () => {
  const ended = readCommandFact(outcomeEvent(OUTCOMES.refused, 'c1'))!;
  const before = commands.evolve(commands.evolve(null, readCommandFact(wishEvent('c1'))!, 'c1'), ended, 'c1');
  expect(commands.evolve(before, ended, 'c1')).toEqual(before);
});
