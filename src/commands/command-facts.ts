import type { FoldableEvent } from '../ledger';
import type { Fact } from '../projections';

/**
 * What a command leaves on its stream (`command:…`): a wish before the provider hears of it, and an outcome when the
 * provider has answered. A wish without an outcome is open, and is closed by what the provider says (DESIGN 6).
 */
export const OUTCOMES = {
  /** The provider did it; what it showed then is on the ledger too. */
  carriedOut: 'command.carried_out',
  /** The provider said no. */
  refused: 'command.refused',
  /** It never happened: nobody was asked, or the provider's state shows no trace of it. */
  notDone: 'command.not_done',
  /** No answer came; the next who can closes it. */
  uncertain: 'command.outcome_uncertain',
  /** Something scheduled was given up before its time. */
  withdrawn: 'command.withdrawn',
} as const;

export type OutcomeType = (typeof OUTCOMES)[keyof typeof OUTCOMES];

/** What somebody asked for. `type` is the event type, a past fact: `subscription.cancellation_requested`. */
export interface Wish {
  type: string;
  commandId: string;
  /** What it is about: a subscription; null for something that does not exist yet. */
  subject: string | null;
  details: Record<string, unknown>;
}

/** The body of a wish's event. */
export interface WishBody extends Wish {
  /** Which process asks the provider: whether it lives tells whether it still does. */
  instanceId: string;
  /** Set when it is to be carried out later. */
  dueAt: string | null;
}

/** The body of an outcome's event. */
export interface OutcomeBody {
  commandId: string;
  /** Event that holds what the provider showed. */
  observedEventId?: string;
  /** The provider's id of what it showed. */
  entityId?: string;
  /** In our words, why. */
  reason?: string;
  provider?: { status?: number; code?: string; detail?: string; requestId?: string };
}

/** Somebody wished something. */
export interface CommandWished extends Fact {
  kind: 'command_wished';
  commandId: string;
  type: string;
  streamId: string;
  subject: string | null;
  details: Record<string, unknown>;
  instanceId: string;
  dueAt: string | null;
  customerId: string | null;
  userId: string | null;
  wishedAt: string;
  wishEventId: string;
}

/** Something became of a wish. */
export interface CommandEnded extends Fact {
  kind: 'command_ended';
  commandId: string;
  outcome: OutcomeType;
  outcomeEventId: string;
  reason: string | null;
  provider: OutcomeBody['provider'] | null;
  observedEventId: string | null;
  entityId: string | null;
}

export type CommandFact = CommandWished | CommandEnded;

const ENDINGS = new Set<string>(Object.values(OUTCOMES));

/** The event types that commands are read from, as patterns of SQL's LIKE. */
export const COMMAND_EVENT_TYPES: Record<CommandFact['kind'], string[]> = {
  command_wished: ['%requested', '%scheduled'],
  command_ended: ['command.%'],
};

/**
 * Reads an event of a command stream; null for any other, and for types that nobody knows yet.
 * @throws Error when the body does not say what an event of its type says: its stream has to wait until that is mended
 */
export function readCommandFact(event: FoldableEvent): CommandFact | null {
  if (event.source !== 'native' || !event.streamId.startsWith('command:')) return null;
  if (ENDINGS.has(event.type)) return ended(event);
  return /(requested|scheduled)$/.test(event.type) ? wished(event) : null;
}

function ended(event: FoldableEvent): CommandEnded {
  const { commandId, reason, provider, observedEventId, entityId } = bodyOf(event);
  return {
    kind: 'command_ended',
    commandId: idOf(commandId, 'commandId'),
    outcome: event.type as OutcomeType,
    outcomeEventId: event.eventId,
    reason: textOf(reason, 'reason'),
    provider: provider === undefined || provider === null ? null : objectOf(provider, 'provider'),
    observedEventId: textOf(observedEventId, 'observedEventId'),
    entityId: textOf(entityId, 'entityId'),
  };
}

function wished(event: FoldableEvent): CommandWished {
  const { commandId, subject, details, instanceId, dueAt } = bodyOf(event);
  const { streamId, type, customerId, userId, occurredAt: wishedAt, eventId: wishEventId } = event;
  const place = { streamId, type, customerId, userId, wishedAt, wishEventId };
  return {
    kind: 'command_wished',
    commandId: idOf(commandId, 'commandId'),
    subject: subject === null ? null : idOf(subject, 'subject'),
    details: objectOf(details, 'details'),
    instanceId: idOf(instanceId, 'instanceId'),
    dueAt: textOf(dueAt, 'dueAt'),
    ...place,
  };
}

function bodyOf(event: FoldableEvent): Partial<Record<string, unknown>> {
  return objectOf(event.content(), 'body');
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`the ${name} of a command's event is not an object`);
}

/** Rows are found by these, so the database must be able to index them. */
function idOf(value: unknown, name: string): string {
  if (typeof value === 'string' && /^[\w-]{1,128}$/.test(value)) return value;
  throw new Error(`the ${name} of a command's event is not an id`);
}

function textOf(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw new Error(`the ${name} of a command's event is not a text`);
}
