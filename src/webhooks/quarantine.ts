import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database';
import type { Environment } from '../platform/environment';

export interface QuarantinedWebhook {
  /** SHA-256 of the body. */
  digest: string;
  environment: Environment;
  reason: string;
  headers: Record<string, string>;
  /** Base64: it may be anything. */
  bodyBase64: string;
  firstReceivedAt: string;
  lastReceivedAt: string;
  deliveries: number;
}

export interface RejectedWebhook {
  environment: Environment;
  reason: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Webhooks that Paddle did sign, but that are no events. Kept for a person to look at; the ledger never sees them. */
@Injectable()
export class Quarantine {
  constructor(private readonly database: Database) {}

  async keep({ environment, reason, headers, body }: RejectedWebhook): Promise<void> {
    await this.database.query(
      `INSERT INTO operations.quarantine AS q (digest, environment, reason, headers, body) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (digest, environment) DO UPDATE SET last_received_at = now(), deliveries = q.deliveries + 1`,
      [createHash('sha256').update(body).digest(), environment, reason, JSON.stringify(headers), body],
    );
  }

  /** The newest first, at most `limit`. */
  async list(limit: number): Promise<QuarantinedWebhook[]> {
    const { rows } = await this.database.query<QuarantinedWebhook>(
      `SELECT encode(digest, 'hex') AS digest, environment, reason, headers, encode(body, 'base64') AS "bodyBase64",
              first_received_at AS "firstReceivedAt", last_received_at AS "lastReceivedAt", deliveries
         FROM operations.quarantine ORDER BY last_received_at DESC LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({ ...row, bodyBase64: row.bodyBase64.replaceAll('\n', '') }));
  }
}
