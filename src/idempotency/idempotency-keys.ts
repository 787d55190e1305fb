import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Instances, isAliveSql } from '../instances';
import { Database } from '../platform/database';
import type { Answer } from './answer';
import type { Claim } from './claims';

/** A request with a key. */
export interface KeyedRequest {
  subject: string;
  key: string;
  /** Method and address. */
  route: string;
  bodyDigest: Buffer;
}

/** What is known of a key whose first request was another one. */
export type Held = { kind: 'in_use' } | { kind: 'reused' } | { kind: 'answered'; answer: Answer };

interface HeldRow extends Answer {
  same: boolean;
  finished: boolean;
}

const RETENTION = `interval '24 hours'`;

/** The keys and their answers, in the database that all processes share. */
@Injectable()
export class IdempotencyKeys {
  constructor(
    private readonly database: Database,
    private readonly instances: Instances,
  ) {}

  newClaim({ subject, key }: KeyedRequest): Claim {
    return { id: randomUUID(), subject, key };
  }

  /**
   * Takes a key that is free: new, a day old, or left behind by the same request in a process that died.
   * One statement, so that of any number of requests in any number of processes one gets it.
   */
  async take({ subject, key, route, bodyDigest }: KeyedRequest, { id }: Claim): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `INSERT INTO operations.idempotency_keys AS held (subject, key, route, body_digest, claim_id, instance_id)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (subject, key) DO UPDATE
          SET (route, body_digest, claim_id, instance_id, state, status, headers, body, created_at, finished_at)
            = (EXCLUDED.route, EXCLUDED.body_digest, EXCLUDED.claim_id, EXCLUDED.instance_id, 'in_flight', NULL, NULL, NULL, now(), NULL)
        WHERE held.created_at < now() - ${RETENTION}
           OR (held.state = 'in_flight' AND held.route = EXCLUDED.route AND held.body_digest = EXCLUDED.body_digest
               AND held.instance_id <> EXCLUDED.instance_id AND NOT ${isAliveSql('held.instance_id')})`,
      [subject, key, route, bodyDigest, id, this.instances.id],
    );
    return rowCount === 1;
  }

  /** @returns null when nobody has the key any more */
  async held({ subject, key, route, bodyDigest }: KeyedRequest): Promise<Held | null> {
    const { rows } = await this.database.query<HeldRow>(
      `SELECT route = $3 AND body_digest = $4 AS same, state = 'finished' AS finished, status, headers, body
         FROM operations.idempotency_keys WHERE subject = $1 AND key = $2`,
      [subject, key, route, bodyDigest],
    );
    const [row] = rows;
    if (!row) return null;
    const { same, finished, ...answer } = row;
    if (!same) return { kind: 'reused' };
    return finished ? { kind: 'answered', answer } : { kind: 'in_use' };
  }

  async finish({ subject, key, id }: Claim, { status, headers, body }: Answer): Promise<void> {
    await this.database.query(
      `UPDATE operations.idempotency_keys
          SET state = 'finished', status = $4, headers = $5, body = $6, finished_at = now()
        WHERE subject = $1 AND key = $2 AND claim_id = $3 AND state = 'in_flight'`,
      [subject, key, id, status, JSON.stringify(headers), body],
    );
  }

  /** Gives the key back, as if it had never been sent. */
  async release({ subject, key, id }: Claim): Promise<void> {
    await this.database.query(
      `DELETE FROM operations.idempotency_keys WHERE subject = $1 AND key = $2 AND claim_id = $3 AND state = 'in_flight'`,
      [subject, key, id],
    );
  }

  async deleteOld(): Promise<void> {
    await this.database.query(`DELETE FROM operations.idempotency_keys WHERE created_at < now() - ${RETENTION}`);
  }
}
