import { Inject, Injectable } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { AppendResult } from '../ledger';
import { Clock } from '../platform/clock';
import { describe } from '../platform/database';
import { DomainError } from '../platform/domain-error';
import { LOGGER } from '../platform/logger';
import type { Instant } from '../platform/instant';
import { ReadModelPosition } from '../projections';
import { ProviderError, Providers, type CallOptions, type EntityAnswer } from '../provider';
import { OUTCOMES, type Wish } from './command-facts';
import type { CommandKind, CommandKinds, KnownWish, Observed } from './command-kind';
import { CommandLog, type CommandContext } from './command-log';
import { refusalOf } from './refusals';

/** A wish that has been decided on. */
export interface DecidedWish {
  context: CommandContext;
  wish: Wish;
  /** Version of the command stream that was decided on. */
  basedOn: number;
  /** Of the snapshot that was decided on: whatever the provider answers is newer. */
  after: Instant | null;
}

/** Wish, call, outcome: the one way in which the provider is asked to change something. */
@Injectable()
export class ProviderCommands {
  private readonly kinds: CommandKinds = {};
  private readonly inFlight = new Set<string>();

  constructor(
    private readonly providers: Providers,
    private readonly log: CommandLog,
    private readonly position: ReadModelPosition,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Tells how wishes of these types are carried out; each feature knows its own. */
  register(kinds: CommandKinds): void {
    Object.assign(this.kinds, kinds);
  }

  kindOf(type: string): CommandKind {
    const kind = this.kinds[type];
    if (!kind) throw new Error(`nobody knows how to carry out ${type}`);
    return kind;
  }

  /** The same for one key of one user, so that a repeated request finds its own wish. */
  commandId(userId: string, idempotencyKey: string | null): string {
    if (idempotencyKey === null) return randomUUID();
    return createHash('sha256').update(`${userId}\n${idempotencyKey}`).digest('hex').slice(0, 32);
  }

  /**
   * Puts the wish on the ledger, asks the provider, keeps its answer, and waits until the read models show it.
   * @throws DomainError in our words when the provider refused; `ProviderError` when it could not be asked
   */
  async carryOut(decided: DecidedWish): Promise<EntityAnswer<Observed>> {
    this.inFlight.add(decided.wish.commandId);
    try {
      return await this.wishCallOutcome(decided);
    } finally {
      this.inFlight.delete(decided.wish.commandId);
    }
  }

  /** Whether this process is at it right now. */
  isInFlight(commandId: string): boolean {
    return this.inFlight.has(commandId);
  }

  private async wishCallOutcome({ context, wish, basedOn, after }: DecidedWish): Promise<EntityAnswer<Observed>> {
    const provider = this.providers.of(context.environment);
    const wishedAt = this.clock.now();
    const recorded = await this.log.wish(context, wish, basedOn);
    if (recorded.status === 'duplicate') throw new DomainError('command_in_progress', 'This very request is being carried out.');
    const kind = this.kindOf(wish.type);
    const known: KnownWish = { subject: wish.subject, details: wish.details, customerId: context.customerId, wishedAt };
    const options: CallOptions = { priority: 'user', correlationId: wish.commandId, ...(after && { newerThan: after }) };
    let answer: EntityAnswer<Observed>;
    try {
      answer = await kind.call(provider, known, wish.commandId, options);
    } catch (error) {
      answer = await this.afterFailure(error, { context, wish, basedOn, after }, () =>
        kind.find(provider, known, wish.commandId, options),
      );
    }
    await this.finish(context, wish.commandId, answer, kind.observed);
    return answer;
  }

  /** Keeps the answer and shows it at once. */
  async finish(context: CommandContext, commandId: string, answer: EntityAnswer<Observed>, observed: string): Promise<void> {
    const appended = await this.log.carriedOut(context, commandId, answer, observed);
    await this.shown(context, appended);
  }

  /** Waits until the read models show these events. */
  async shown({ environment }: CommandContext, appended: AppendResult[]): Promise<void> {
    await Promise.all(appended.map(({ shardId, position }) => this.position.atLeast(environment, `${shardId}-${position}`)));
  }

  /** A refusal is an outcome. After a failure whose outcome nobody knows, the provider's own state tells. */
  private async afterFailure(
    error: unknown,
    { context, wish }: DecidedWish,
    find: () => Promise<EntityAnswer<Observed> | null>,
  ): Promise<EntityAnswer<Observed>> {
    if (!(error instanceof ProviderError)) throw error;
    if (error.outcome === 'not_done') {
      const type = error.failure === 'refused' ? OUTCOMES.refused : OUTCOMES.notDone;
      await this.log.outcome(context, type, { commandId: wish.commandId, ...reasonOf(error) });
      throw refusalOf(error);
    }
    let found: EntityAnswer<Observed> | null;
    try {
      found = await find();
    } catch (failure) {
      return this.giveUpForNow(failure, error, context, wish);
    }
    if (found) return found;
    await this.log.outcome(context, OUTCOMES.notDone, { commandId: wish.commandId, ...reasonOf(error) });
    throw new DomainError(
      'provider_unavailable',
      'The billing provider did not answer in time. Nothing was changed; try again.',
      {},
      { cause: error },
    );
  }

  /** The provider cannot even be read: the wish stays open, and recovery closes it by what the provider says then. */
  private async giveUpForNow(failure: unknown, error: ProviderError, context: CommandContext, wish: Wish): Promise<never> {
    this.logger.warn({ commandId: wish.commandId, err: describe(failure) }, 'the outcome of a command is not known yet');
    await this.log.outcome(context, OUTCOMES.uncertain, { commandId: wish.commandId, ...reasonOf(error) });
    throw error;
  }
}

function reasonOf({ failure, refusal, status, providerCode, providerDetail, requestId }: ProviderError) {
  const provider = {
    ...(status !== null && { status }),
    ...(providerCode && { code: providerCode }),
    ...(providerDetail && { detail: providerDetail }),
    ...(requestId && { requestId }),
  };
  return { reason: refusal ?? failure, provider };
}
