import type { StreamEnd } from '../ledger';
import { readCommandFact } from './command-facts';
import { commands, type CommandRow } from './read-models/commands';

/** The newest commands of one stream, and the version that a new wish is based on. */
export interface CommandStream {
  version: number;
  /** Oldest first. */
  commands: CommandRow[];
}

/**
 * Folds the end of a command stream, as the read model does. Pure.
 * @throws Error when an event of it cannot be read: who does not know what is under way must not ask the provider for more
 */
export function foldCommandStream({ events, version }: StreamEnd): CommandStream {
  const rows = new Map<string, CommandRow>();
  for (const event of events) {
    const fact = readCommandFact(event);
    if (fact) rows.set(fact.commandId, commands.evolve(rows.get(fact.commandId) ?? null, fact, fact.commandId)!);
  }
  return { version, commands: [...rows.values()] };
}

/** One that the provider may be working on. */
export function openCommand({ commands: all }: CommandStream): CommandRow | null {
  return all.find(({ state }) => state === 'open' || state === 'uncertain') ?? null;
}
