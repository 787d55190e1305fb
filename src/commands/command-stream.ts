import type { FoldableEvent } from '../ledger';
import { readCommandFact } from './command-facts';
import { commands, type CommandRow } from './read-models/commands';

/** The commands of one stream, and the version that a new wish is based on. */
export interface CommandStream {
  version: number;
  /** Oldest first. */
  commands: CommandRow[];
}

/**
 * Folds a command stream, as the read model does. Pure.
 * @throws Error when an event of it cannot be read: who does not know what is under way must not ask the provider for more
 */
export function foldCommandStream(events: FoldableEvent[]): CommandStream {
  const rows = new Map<string, CommandRow>();
  for (const event of events) {
    const fact = readCommandFact(event);
    if (fact) rows.set(fact.commandId, commands.evolve(rows.get(fact.commandId) ?? null, fact, fact.commandId)!);
  }
  return { version: events.length, commands: [...rows.values()] };
}

/** One that the provider may be working on. */
export function openCommand({ commands: all }: CommandStream): CommandRow | null {
  return all.find(({ state }) => state === 'open' || state === 'uncertain') ?? null;
}

/** The one that waits for its time: the newest, since it was only accepted when no older one counted any more. */
export function scheduledCommand({ commands: all }: CommandStream): CommandRow | null {
  return all.findLast(({ state }) => state === 'scheduled') ?? null;
}
