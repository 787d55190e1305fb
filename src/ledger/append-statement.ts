import { parseInstant } from '../platform/instant';
import type { AppendCommand, AppendResult } from './event';

const PARAMETERS = 19;

/** `ledger.append` as one autocommit statement; see the migration for what it promises. */
export const APPEND_STATEMENT = {
  name: 'ledger-append',
  text: `SELECT status, first_position AS "position", last_version AS "streamVersion"
           FROM ledger.append(${Array.from({ length: PARAMETERS }, (_, index) => `$${index + 1}`).join(', ')})`,
};

/** One row of the answer for each command, in their order. */
export interface AppendRow {
  status: AppendResult['status'] | 'conflict';
  position: number;
  streamVersion: number;
}

/** The parameters, column by column; the bodies go in one piece, which travels as bytes. All commands are of one environment. */
export function appendParameters(shardId: number, commands: AppendCommand[]): unknown[] {
  const events = commands.flatMap((command) => command.events);
  const bodies = events.map((event) => event.body);
  let end = 1;
  return [
    shardId,
    commands[0]!.environment,
    commands.map((command) => command.streamId),
    commands.map((command) => command.expectedVersion ?? null),
    commands.map((command) => command.events[0].eventId),
    commands.map((command) => command.events.length),
    commands.flatMap((command, index) => command.events.map(() => index + 1)),
    commands.flatMap((command) => command.events.map((_, index) => index + 1)),
    events.map((event) => event.eventId),
    events.map((event) => event.type),
    events.map((event) => event.schemaVersion),
    events.map((event) => parseInstant(event.occurredAt)),
    events.map((event) => event.occurredAt),
    events.map((event) => event.customerId),
    events.map((event) => event.userId),
    events.map((event) => JSON.stringify(event.metadata)),
    bodies.map((body) => (end += body.length) - body.length),
    bodies.map((body) => body.length),
    bodies.length === 1 ? bodies[0] : Buffer.concat(bodies),
  ];
}
