import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Instances } from '../instances';
import { Ledger, LedgerReader, type AppendResult, type EventMetadata, type NewEvent } from '../ledger';
import { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import type { EntityAnswer } from '../provider';
import { OUTCOMES, type OutcomeBody, type OutcomeType, type Wish } from './command-facts';
import { foldCommandStream, type CommandStream } from './command-stream';
import { observationOf } from './observation';

/** Who is behind a command, and whom it concerns. */
export interface CommandContext {
  environment: Environment;
  /** `command:<subscription>`, or `command:<id>` where nothing exists yet. */
  streamId: string;
  customerId: string | null;
  userId: string | null;
  /** A user id, or the name of a job. */
  actor: string;
  requestId?: string | undefined;
}

/** Nothing new is wished while a command is open, so one that is open is among the last few. */
const STREAM_END = 16;

/** Writes wishes and outcomes to the ledger, and reads them back. */
@Injectable()
export class CommandLog {
  constructor(
    private readonly ledger: Ledger,
    private readonly reader: LedgerReader,
    private readonly instances: Instances,
    private readonly clock: Clock,
  ) {}

  /** The end of a stream, and the position of its last event. */
  async read(environment: Environment, streamId: string): Promise<CommandStream & { position: string | null }> {
    const end = await this.reader.readStreamEnd(environment, streamId, STREAM_END);
    const last = end.events.at(-1);
    return { ...foldCommandStream(end), position: last ? `${last.shardId}-${last.position}` : null };
  }

  /**
   * Puts a wish on the ledger, before the provider hears of it.
   * @param expectedVersion of the stream that the decision was based on
   * @returns `duplicate` when this very wish is there already
   * @throws DomainError `version_conflict` when somebody else wished something meanwhile
   */
  wish(context: CommandContext, wish: Wish, expectedVersion: number, dueAt: string | null = null): Promise<AppendResult> {
    const body = { ...wish, instanceId: this.instances.id, dueAt };
    return this.append(context, expectedVersion, [this.event(context, `wish_${wish.commandId}`, wish.type, body)]);
  }

  /** What the provider showed goes to the stream of the entity, then the outcome to that of the command. */
  carriedOut(
    context: CommandContext,
    commandId: string,
    answer: EntityAnswer<{ id: string; customerId: string | null }>,
    observed: string,
  ): Promise<AppendResult[]> {
    const { eventId, occurredAt, body } = observationOf(answer, observed, commandId);
    const customerId = answer.value.customerId ?? context.customerId;
    const event = this.event({ ...context, customerId }, eventId, observed, {});
    const metadata: EventMetadata = { ...event.metadata, source: 'command', causationId: `wish_${commandId}` };
    const provider = { status: answer.status, ...(answer.requestId && { requestId: answer.requestId }) };
    // Asked for in one go they share a batch; were they parted, what was shown would still come first.
    return Promise.all([
      this.ledger.append({
        environment: context.environment,
        streamId: `paddle:${answer.value.id}`,
        events: [{ ...event, body, occurredAt, metadata }],
      }),
      this.outcome(context, OUTCOMES.carriedOut, { commandId, observedEventId: eventId, entityId: answer.value.id, provider }),
    ]);
  }

  outcome(context: CommandContext, type: OutcomeType, body: OutcomeBody): Promise<AppendResult> {
    const id = type === OUTCOMES.uncertain ? `uncertain_${randomUUID()}` : `outcome_${body.commandId}`;
    const event = this.event(context, id, type, body);
    const caused = { ...event, metadata: { ...event.metadata, causationId: `wish_${body.commandId}` } };
    return this.append(context, undefined, [caused]);
  }

  private append(
    { environment, streamId }: CommandContext,
    expectedVersion: number | undefined,
    events: [NewEvent],
  ): Promise<AppendResult> {
    return this.ledger.append({ environment, streamId, events, ...(expectedVersion !== undefined && { expectedVersion }) });
  }

  private event({ customerId, userId, actor, requestId }: CommandContext, eventId: string, type: string, body: object): NewEvent {
    const metadata: EventMetadata = { source: 'native', actor, ...(requestId && { requestId }) };
    const bytes = Buffer.from(JSON.stringify(body));
    return { eventId, type, schemaVersion: 1, occurredAt: this.clock.now(), customerId, userId, body: bytes, metadata };
  }
}
