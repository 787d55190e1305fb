import { Client } from 'pg';
import type { AppendCommand } from '../../../src/ledger';
import { APPEND_STATEMENT, appendParameters, type AppendRow } from '../../../src/ledger/append-statement';
import { readEnvelope, signatureHeader } from '../../../src/provider/paddle';
import { paddleBodies } from '../bodies';
import { WEBHOOK_SECRET } from '../oarlock-server';

/** Where the events are: the sandbox's first. */
export const SHARD = 1;
const BUYERS_AT_A_TIME = 256;
const EVENTS_OF_A_BUYER = 9;

/** Events of many buyers at once, as the app would have appended their webhooks. */
export async function seedLedger(databaseUrl: string, events: number): Promise<void> {
  await connected(databaseUrl, async (client) => {
    await client.query('SET synchronous_commit = off');
    for (let seeded = 0, chunk = 0; seeded < events; chunk++) {
      const buyers = byBuyer(paddleBodies(Math.min(EVENTS_OF_A_BUYER * BUYERS_AT_A_TIME, events - seeded), `chunk ${chunk}`));
      for (let step = 0; step < buyers[0]!.length; step++) {
        const commands = buyers.flatMap((bodies) => bodies.slice(step, step + 1)).map(appendOf);
        const { rows } = await client.query<AppendRow>({ ...APPEND_STATEMENT, values: appendParameters(SHARD, commands) });
        if (rows.some(({ status }) => status !== 'appended')) throw new Error('An event of the seed is there already');
        seeded += commands.length;
      }
    }
    await client.query('VACUUM ANALYZE ledger.events'); // as the server would do by itself some time later
  });
}

/** What a buyer does begins with a transaction. */
function byBuyer(bodies: Buffer[]): Buffer[][] {
  const buyers: Buffer[][] = [];
  for (const body of bodies) {
    if (body.includes('"event_type": "transaction.created"')) buyers.push([]);
    buyers.at(-1)!.push(body);
  }
  return buyers;
}

function appendOf(body: Buffer): AppendCommand {
  const envelope = readEnvelope(body, 'user_id');
  if ('malformed' in envelope) throw new Error(envelope.malformed);
  const { eventId, eventType: type, occurredAt, customerId, claimedUserId: userId, streamId } = envelope;
  const headers = { 'paddle-signature': signatureHeader(body, WEBHOOK_SECRET, Math.floor(Date.now() / 1000)) };
  const metadata = { source: 'webhook', requestId: eventId, headers } as const;
  const event = { eventId, type, schemaVersion: 1, occurredAt, customerId, userId, body, metadata };
  return { environment: 'sandbox', streamId, events: [event] };
}

export async function connected<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
