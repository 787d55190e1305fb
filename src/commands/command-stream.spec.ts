import { commandEvent, outcomeEvent, wishEvent } from '../../test/support/command-events';
import { foldCommandStream, openCommand, scheduledCommand } from './command-stream';

const later = { dueAt: '2026-07-01T00:00:00.000000Z' };
const open = (...events: Parameters<typeof foldCommandStream>[0]) => openCommand(foldCommandStream(events))?.commandId ?? null;
const scheduled = (...events: Parameters<typeof foldCommandStream>[0]) =>
  scheduledCommand(foldCommandStream(events))?.commandId ?? null;

it('is empty at first, and its version is 0', () => expect(foldCommandStream([])).toEqual({ version: 0, commands: [] }));

it('counts every event for the version, also those that nobody knows', () => {
  const events = [wishEvent('c1'), commandEvent('command.noted', null), outcomeEvent('command.refused', 'c1')];
  const stream = foldCommandStream(events);
  expect(stream.version).toBe(3);
  expect(stream.commands).toMatchObject([{ commandId: 'c1', state: 'ended', outcome: { outcome: 'command.refused' } }]);
});

it('keeps the commands in the order in which they were wished', () => {
  const { commands } = foldCommandStream([wishEvent('z'), outcomeEvent('command.carried_out', 'z'), wishEvent('a')]);
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
  expect(scheduled(wishEvent('c1', later))).toBe('c1');
  expect(scheduled(wishEvent('c1', later), outcomeEvent('command.withdrawn', 'c1'))).toBeNull();
  expect(scheduled(wishEvent('c1'))).toBeNull();
});

it('means the newest of those that wait: the older ones are only not withdrawn yet', () => {
  expect(scheduled(wishEvent('old', later), wishEvent('new', later))).toBe('new');
});

it('is not read past an event that cannot be read: the provider might be at it', () => {
  expect(() => foldCommandStream([wishEvent('c1'), commandEvent('command.refused', {})])).toThrow('commandId');
});
