import { commandEvent, outcomeEvent, wishEvent } from '../../test/support/command-events';
import type { FoldableEvent } from '../ledger';
import { foldCommandStream, openCommand } from './command-stream';

const later = { dueAt: '2026-07-01T00:00:00.000000Z' };
const fold = (...events: FoldableEvent[]) => foldCommandStream({ events, version: events.length });
const open = (...events: FoldableEvent[]) => openCommand(fold(...events))?.commandId ?? null;

it('is empty at first, and its version is 0', () => expect(fold()).toEqual({ version: 0, commands: [] }));

it('has the version that the ledger says, and leaves out what nobody knows', () => {
  const events = [wishEvent('c1'), commandEvent('command.noted', null), outcomeEvent('command.refused', 'c1')];
  const stream = foldCommandStream({ events, version: 40 });
  expect(stream.version).toBe(40);
  expect(stream.commands).toMatchObject([{ commandId: 'c1', state: 'ended', outcome: { outcome: 'command.refused' } }]);
});

it('keeps the commands in the order in which they were wished', () => {
  const { commands } = fold(wishEvent('z'), outcomeEvent('command.carried_out', 'z'), wishEvent('a'));
  expect(commands.map(({ commandId, state }) => [commandId, state])).toEqual([
    ['z', 'ended'],
    ['a', 'open'],
  ]);
});

it('is open from the wish to its end, and an uncertain outcome is no end', () => {
  expect(open(wishEvent('c1'))).toBe('c1');
  expect(open(wishEvent('c1'), outcomeEvent('command.outcome_uncertain', 'c1', {}, 'uncertain_1'))).toBe('c1');
  const events = [wishEvent('c1'), outcomeEvent('command.outcome_uncertain', 'c1', {}, 'uncertain_1')];
  expect(open(...events, outcomeEvent('command.not_done', 'c1'))).toBeNull();
});

it('is not open while a command only waits for its time', () => {
  expect(open(wishEvent('c1', later))).toBeNull();
});

it('shows an outcome whose wish lies further back', () => {
  expect(open(outcomeEvent('command.refused', 'old'), wishEvent('new'))).toBe('new');
});

it('is not read past an event that cannot be read: the provider might be at it', () => {
  expect(() => fold(wishEvent('c1'), commandEvent('command.refused', {}))).toThrow('commandId');
});
