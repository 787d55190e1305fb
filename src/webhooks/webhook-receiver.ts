import { Inject, Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Ledger, type AppendResult } from '../ledger';
import { Clock } from '../platform/clock';
import { CONFIG, type Config } from '../platform/config';
import { DomainError } from '../platform/domain-error';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { Metrics } from '../platform/metrics';
import type { BillingFact } from '../provider';
import { readEnvelope, translate, verifySignature, type PaddleEnvelope } from '../provider/paddle';
import { Quarantine } from './quarantine';

interface SigningSecret {
  environment: Environment;
  key: string;
}

export interface ReceivedWebhook {
  /** The environment that the path names; without one, the secret that verifies says which it is. */
  environment?: Environment;
  body: Buffer;
  signature: string | undefined;
  requestId: string;
}

/** Verify, append, done: nothing else stands between a webhook and the ledger. */
@Injectable()
export class WebhookReceiver {
  private readonly secrets: SigningSecret[];
  private readonly outcomes: Counter;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly quarantine: Quarantine,
    { registry }: Metrics,
  ) {
    const { webhookSecrets } = config.paddle;
    this.secrets = ENVIRONMENTS.flatMap((environment) => webhookSecrets[environment].map((key) => ({ environment, key })));
    this.outcomes = new Counter({
      name: 'oarlock_webhooks_total',
      help: 'Webhooks by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  /**
   * @returns where the event is in the ledger, durably
   * @throws DomainError `invalid_signature`, `malformed_webhook` (kept for inspection), `service_unavailable`
   */
  async receive(webhook: ReceivedWebhook): Promise<AppendResult & { eventId: string }> {
    const { environment } = this.verify(webhook);
    const envelope = readEnvelope(webhook.body, this.config.paddle.userIdKey);
    const headers = { 'paddle-signature': webhook.signature! };
    if ('malformed' in envelope) return this.refuseMalformed(webhook.body, environment, headers, envelope.malformed);
    const { eventId, eventType: type, occurredAt, customerId, claimedUserId: userId, streamId } = envelope;
    const metadata = { source: 'webhook', requestId: webhook.requestId, headers } as const;
    const fact = this.factOf(envelope);
    const event = { eventId, type, schemaVersion: 1, occurredAt, customerId, userId, body: webhook.body, metadata, fact };
    const result = await this.ledger.append({ environment, streamId, events: [event] });
    this.outcomes.inc({ outcome: result.status });
    return { ...result, eventId };
  }

  /** The body is parsed here anyway. What goes wrong with reading it is no reason not to keep it: the fold will meet it again. */
  private factOf({ eventId, eventType: type, occurredAt, content }: PaddleEnvelope): BillingFact | null | undefined {
    try {
      return translate({ eventId, type, occurredAt, content: () => content }, this.config.paddle.userIdKey);
    } catch {
      return undefined;
    }
  }

  private verify({ body, signature, environment }: ReceivedWebhook): SigningSecret {
    const { webhookToleranceSeconds: toleranceSeconds } = this.config.paddle;
    const result = verifySignature({
      body,
      header: signature ?? '',
      secrets: environment ? this.secrets.filter((secret) => secret.environment === environment) : this.secrets,
      keyOf: ({ key }) => key,
      now: this.clock.nowSeconds(),
      toleranceSeconds,
    });
    if ('secret' in result) return result.secret;
    this.outcomes.inc({ outcome: 'invalid_signature' });
    throw new DomainError(
      'invalid_signature',
      signature ? `Refused: ${result.refused}.` : 'The header Paddle-Signature is missing.',
    );
  }

  private async refuseMalformed(
    body: Buffer,
    environment: Environment,
    headers: Record<string, string>,
    reason: string,
  ): Promise<never> {
    await this.quarantine.keep({ environment, reason, headers, body });
    this.outcomes.inc({ outcome: 'malformed' });
    throw new DomainError('malformed_webhook', `The signature is good, but ${reason}. It is kept for inspection.`);
  }
}
