import type { FoldableEvent } from '../../src/ledger';

/** An event of a command stream, as a fold meets it. */
export function commandEvent(type: string, body: unknown, change: Partial<FoldableEvent> = {}): FoldableEvent {
  return {
    shardId: 1,
    position: 1,
    streamId: 'command:sub_1',
    eventId: 'event_1',
    type,
    schemaVersion: 1,
    environment: 'sandbox',
    occurredAt: '2026-06-15T12:00:00.000000Z',
    customerId: 'ctm_1',
    userId: 'user_1',
    source: 'native',
    content: () => body,
    ...change,
  };
}

export function wishEvent(commandId: string, body: object = {}, type = 'subscription.pause_requested'): FoldableEvent {
  const whole = { type, commandId, subject: 'sub_1', details: { effectiveFrom: 'immediately' }, instanceId: 'i-1', dueAt: null };
  return commandEvent(type, { ...whole, ...body }, { eventId: `wish_${commandId}` });
}

export function outcomeEvent(
  type: string,
  commandId: string,
  body: object = {},
  eventId = `outcome_${commandId}`,
): FoldableEvent {
  return commandEvent(type, { commandId, ...body }, { eventId });
}
