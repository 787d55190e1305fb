import type { Projection } from '../../projections';
import { OUTCOMES, type CommandEnded, type CommandFact, type CommandWished } from '../command-facts';

/** `uncertain` is open as well: the process that asked has given up waiting. */
export type CommandState = 'open' | 'uncertain' | 'scheduled' | 'ended';

export interface CommandRow {
  commandId: string;
  /** Null while only the outcome is known. */
  wish: Omit<CommandWished, 'kind' | 'commandId'> | null;
  subject: string | null;
  outcome: Omit<CommandEnded, 'kind' | 'commandId'> | null;
  state: CommandState;
  streamId: string | null;
}

/** What was asked of the provider, and what became of it. */
export const commands: Projection<CommandRow, CommandFact> = {
  name: 'commands',
  version: 1,
  table: {
    key: 'commandId',
    columns: { commandId: 'text', wish: 'jsonb', subject: 'text', outcome: 'jsonb', state: 'text', streamId: 'text' },
    indexes: [['state'], ['subject']],
  },
  handles: ['command_wished', 'command_ended'],
  keysOf: ({ commandId }) => [commandId],
  evolve(row, fact, commandId) {
    const known = row ?? { commandId, wish: null, subject: null, outcome: null, state: 'open', streamId: null };
    const next = fact.kind === 'command_wished' ? withWish(known, fact) : withOutcome(known, fact);
    return { ...next, state: stateOf(next) };
  },
};

function withWish(row: CommandRow, fact: CommandWished): CommandRow {
  const { type, streamId, subject, details, instanceId, dueAt, customerId, userId, wishedAt, wishEventId } = fact;
  const wish = { type, streamId, subject, details, instanceId, dueAt, customerId, userId, wishedAt, wishEventId };
  return { ...row, wish, subject, streamId };
}

/** "Uncertain" gives way to any end; two ends never happen on one stream, and if they did the first by id would stay. */
function withOutcome(row: CommandRow, fact: CommandEnded): CommandRow {
  const known = row.outcome;
  if (known && !replaces(fact, known)) return row;
  const { outcome, outcomeEventId, reason, provider, observedEventId, entityId } = fact;
  return { ...row, outcome: { outcome, outcomeEventId, reason, provider, observedEventId, entityId } };
}

function replaces(fact: CommandEnded, known: NonNullable<CommandRow['outcome']>): boolean {
  const difference = rank(fact) - rank(known);
  return difference > 0 || (difference === 0 && fact.outcomeEventId < known.outcomeEventId);
}

function rank({ outcome }: Pick<CommandEnded, 'outcome'>): number {
  return outcome === OUTCOMES.uncertain ? 0 : 1;
}

function stateOf({ wish, outcome }: CommandRow): CommandState {
  if (outcome && outcome.outcome !== OUTCOMES.uncertain) return 'ended';
  if (outcome) return 'uncertain';
  return wish?.dueAt ? 'scheduled' : 'open';
}
