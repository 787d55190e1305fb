import { commandEvent, outcomeEvent, wishEvent } from '../../test/support/command-events';
import { anyProjection, ProjectionRegistry } from '../projections';
import { COMMAND_EVENT_TYPES, OUTCOMES, readCommandFact } from './command-facts';
import { commands } from './read-models/commands';

it('reads a wish, and where it stands', () => {
  expect(readCommandFact(wishEvent('c1'))).toEqual({
    kind: 'command_wished',
    commandId: 'c1',
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
  });
});

it('reads an outcome with what the provider said', () => {
  const provider = { status: 400, code: 'subscription_locked', requestId: 'r1' };
  expect(readCommandFact(outcomeEvent(OUTCOMES.refused, 'c1', { reason: 'renewal_under_way', provider }))).toEqual({
    kind: 'command_ended',
    commandId: 'c1',
    outcome: 'command.refused',
    outcomeEventId: 'outcome_c1',
    reason: 'renewal_under_way',
    provider,
    observedEventId: null,
    entityId: null,
  });
});

it.each(Object.values(OUTCOMES))('reads %s, of which nothing but the command is known', (outcome) => {
  expect(readCommandFact(outcomeEvent(outcome, 'c1'))).toMatchObject({ outcome, reason: null, provider: null });
});

it.each([
  'subscription.cancellation_requested',
  'subscription.scheduled_change_removal_requested',
  'subscription.switch_scheduled',
  'checkout.requested',
])('reads %s as a wish', (type) => {
  expect(readCommandFact(wishEvent('c1', {}, type))).toMatchObject({ kind: 'command_wished', type });
});

it.each([
  ['an outcome of a later version', commandEvent('command.noted', { commandId: 'c1' })],
  ['a type that nobody knows', commandEvent('subscription.melted', { commandId: 'c1' })],
  ['another stream', { ...wishEvent('c1'), streamId: 'license-pool:1' }],
  ["the provider's own word", { ...wishEvent('c1'), source: 'webhook' as const }],
])('leaves alone: %s', (_, event) => expect(readCommandFact(event)).toBeNull());

/** Neither our code nor a restore should ever write these; where one stands, only its stream may wait. */
const MALFORMED: [string, unknown][] = [
  ['nothing', null],
  ['a list', []],
  ['a text', 'subscription'],
  ['a number', 7],
  ['no command', {}],
  ['an empty command id', { commandId: '' }],
  ['a command id that is no id', { commandId: { $ne: 1 } }],
  ['a command id with a NUL', { commandId: 'a\u0000b' }],
  ['a command id too long to be found by', { commandId: 'a'.repeat(129) }],
];

describe.each(MALFORMED)('a body of %s', (_, body) => {
  it.each(['subscription.pause_requested', 'command.refused'])(
    'as %s parks its stream for the commands, and nothing else',
    (type) => {
      const registry = new ProjectionRegistry([anyProjection(commands)], {
        read: readCommandFact,
        typesOf: (kind) => COMMAND_EVENT_TYPES[kind as keyof typeof COMMAND_EVENT_TYPES],
      });
      const reading = registry.read(commandEvent(type, body));
      expect(reading).toMatchObject({ streamId: 'command:sub_1', fact: null, failure: expect.any(Error) });
      expect(registry.concerns(anyProjection(commands), type)).toBe(true);
    },
  );
});

it.each([
  ['details of null', wishEvent('c1', { details: null })],
  ['details in a list', wishEvent('c1', { details: [] })],
  ['a subject that is no id', wishEvent('c1', { subject: 'sub 1' })],
  ['no subject, not even null', wishEvent('c1', { subject: undefined })],
  ['no instance', wishEvent('c1', { instanceId: undefined })],
  ['a time that is a number', wishEvent('c1', { dueAt: 5 })],
  ['a reason that is a number', outcomeEvent('command.refused', 'c1', { reason: 5 })],
  ['a provider that is a text', outcomeEvent('command.refused', 'c1', { provider: 'Paddle' })],
])('cannot read %s', (_, event) => expect(() => readCommandFact(event)).toThrow(/of a command's event is not/));

it('names every type that it reads as SQL finds it, so that a rebuild leaves nothing out', () => {
  const like = (pattern: string) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('%', '.*')}$`);
  const found = (kind: keyof typeof COMMAND_EVENT_TYPES, type: string) =>
    COMMAND_EVENT_TYPES[kind].some((pattern) => like(pattern).test(type));
  for (const type of ['checkout.requested', 'subscription.pause_requested', 'subscription.switch_scheduled'])
    expect([type, found('command_wished', type)]).toEqual([type, true]);
  for (const type of Object.values(OUTCOMES)) expect([type, found('command_ended', type)]).toEqual([type, true]);
});
