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
  command_wished: ['%\\_requested', '%\\_scheduled'],
  command_ended: ['command.%'],
};

/** Reads an event of a command stream; null for any other. */
export function readCommandFact(event: FoldableEvent): CommandFact | null {
  if (event.source !== 'native' || !event.streamId.startsWith('command:')) return null;
  if (ENDINGS.has(event.type)) {
    const { commandId, reason = null, provider = null, observedEventId = null, entityId = null } = event.content() as OutcomeBody;
    const outcome = event.type as OutcomeType;
    const observed = { observedEventId, entityId };
    return { kind: 'command_ended', commandId, outcome, outcomeEventId: event.eventId, reason, provider, ...observed };
  }
  const { commandId, subject, details, instanceId, dueAt } = event.content() as WishBody;
  const { streamId, type, customerId, userId, occurredAt: wishedAt, eventId: wishEventId } = event;
  const place = { streamId, type, customerId, userId, wishedAt, wishEventId };
  return { kind: 'command_wished', commandId, subject, details, instanceId, dueAt, ...place };
}
