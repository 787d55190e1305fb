import { parseInstant } from '../platform/instant';
import type { AppendCommand, AppendResult } from './event';

/** `ledger.append` as one autocommit statement; see the migration for what it promises. */
export const APPEND_STATEMENT = {
  name: 'ledger-append',
  text: 'SELECT command, status, first_position AS "position", last_version AS "streamVersion" FROM ledger.append($1, $2, $3)',
};

/** One row of the answer: what became of command number `command` (from 1). */
export interface AppendRow {
  command: number;
  status: AppendResult['status'] | 'conflict';
  position: number;
  streamVersion: number;
}

/** The parameters: shard, everything but the bodies as JSON, and all bodies in one piece, which travels as bytes. */
export function appendParameters(shardId: number, commands: AppendCommand[]): [number, string, Buffer] {
  const rows: Record<string, unknown>[] = [];
  const bodies: Buffer[] = [];
  let bodyStart = 1;
  commands.forEach((command, index) => {
    for (const event of command.events) {
      rows.push({
        ordinal: rows.length + 1,
        command: index + 1,
        first_event_id: command.events[0].eventId,
        expected_version: command.expectedVersion ?? null,
        stream_id: command.streamId,
        event_id: event.eventId,
        type: event.type,
        schema_version: event.schemaVersion,
        environment: command.environment,
        occurred_at: parseInstant(event.occurredAt),
        occurred_at_text: event.occurredAt,
        customer_id: event.customerId,
        user_id: event.userId,
        metadata: event.metadata,
        body_start: bodyStart,
        body_length: event.body.length,
      });
      bodies.push(event.body);
      bodyStart += event.body.length;
    }
  });
  return [shardId, JSON.stringify(rows), bodies.length === 1 ? bodies[0]! : Buffer.concat(bodies)];
}
