import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../auth';
import {
  CommandLog,
  openCommand,
  OpenCommands,
  ProviderCommands,
  type CommandContext,
  type CommandRow,
  type CommandStream,
  type Observed,
} from '../../commands';
import { CustomerLinks } from '../../customers';
import { DomainError } from '../../platform/domain-error';
import { Clock } from '../../platform/clock';
import { ReadModelPosition } from '../../projections';
import type { EntityAnswer } from '../../provider';
import { ActiveProvider } from '../../settings';
import type { Decidable, Decision } from '../decide-command';
import { scheduledSwitchOf, withSwitch } from '../scheduled-switches';
import type { Subscription } from '../subscription';
import { SubscriptionQueries, type KnownSubscription } from '../subscription-queries';
import { SUBSCRIPTION_KINDS } from './subscription-kinds';

/** Who asks for what to be changed. */
export interface CommandTarget {
  subscriptionId: string;
  actor: Actor;
  requestId: string;
  idempotencyKey: string | null;
}

/** A subscription of the caller's, and what is known of its commands: the ground of a decision. */
export interface Prepared {
  known: KnownSubscription;
  stream: CommandStream;
  context: CommandContext;
  commandId: string;
  /** What became of the same request, where its process died before it could answer. */
  before: CommandRow | null;
  decidable: Decidable;
}

/** What all commands about a subscription have in common: whose it is, one at a time, wish and outcome. */
@Injectable()
export class SubscriptionCommands implements OnModuleInit {
  constructor(
    private readonly active: ActiveProvider,
    private readonly subscriptions: SubscriptionQueries,
    private readonly links: CustomerLinks,
    private readonly log: CommandLog,
    private readonly open: OpenCommands,
    private readonly commands: ProviderCommands,
    private readonly position: ReadModelPosition,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.commands.register(SUBSCRIPTION_KINDS);
  }

  /** Decides, carries out, and answers with the subscription as it then is. */
  async run(target: CommandTarget, decide: (state: Decidable) => Decision): Promise<Subscription> {
    const prepared = await this.prepare(target);
    if (!this.isRepeated(prepared)) await this.carryOut(prepared, decide(prepared.decidable));
    return this.current(target.subscriptionId);
  }

  /**
   * Finds the subscription as new as its last command left it.
   * @throws DomainError `not_found`, also for another user's; `command_in_progress` while another command is open
   */
  async prepare({ subscriptionId, actor, requestId, idempotencyKey }: CommandTarget): Promise<Prepared> {
    const { environment } = this.active;
    const streamId = `command:${subscriptionId}`;
    const stream = await this.log.read(environment, streamId);
    if (stream.position) await this.position.atLeast(environment, stream.position);
    const commandId = this.commands.commandId(actor.userId, idempotencyKey);
    const [known, waiting, before] = await Promise.all([
      this.owned(subscriptionId, actor),
      this.open.scheduledFor(environment, [subscriptionId]),
      idempotencyKey === null ? null : this.open.one(environment, commandId),
    ]);
    const { subscription } = known;
    const { customerId } = subscription;
    const context = { environment, streamId, customerId, userId: actor.userId, actor: actor.userId, requestId };
    if (openCommand(stream)) throw inProgress();
    const scheduled = scheduledSwitchOf(waiting.get(subscriptionId) ?? null, subscription);
    return { known, stream, context, commandId, before, decidable: { subscription, scheduled, now: this.clock.now() } };
  }

  /** Whether a request with this key has been carried out already: the process died before it could answer. */
  isRepeated({ before }: Prepared): boolean {
    if (before?.outcome && before.outcome.outcome !== 'command.carried_out') throw endedBefore(before);
    return before !== null;
  }

  async carryOut({ known, stream, context, commandId }: Prepared, { type, details }: Decision): Promise<EntityAnswer<Observed>> {
    const wish = { type, commandId, subject: known.subscription.id, details };
    try {
      return await this.commands.carryOut({ context, wish, basedOn: stream.version, after: known.asOf });
    } catch (error) {
      throw error instanceof DomainError && error.extensions.currentVersion !== undefined ? inProgress() : error;
    }
  }

  /** As the read models show it now, whoever's it is. */
  async current(subscriptionId: string): Promise<Subscription> {
    const { environment } = this.active;
    const [known, scheduled] = await Promise.all([
      this.subscriptions.one(environment, subscriptionId),
      this.open.scheduledFor(environment, [subscriptionId]),
    ]);
    if (!known) throw notFound(subscriptionId);
    return withSwitch(known.subscription, scheduled.get(subscriptionId) ?? null);
  }

  private async owned(subscriptionId: string, { userId }: Actor): Promise<KnownSubscription> {
    const { environment } = this.active;
    const known = await this.subscriptions.one(environment, subscriptionId);
    const customerId = known?.subscription.customerId;
    const users = customerId ? await this.links.usersOf(environment, [customerId]) : [];
    if (!known || !users.includes(userId)) throw notFound(subscriptionId);
    return known;
  }
}

function notFound(subscriptionId: string): DomainError {
  return new DomainError('not_found', `You have no subscription ${subscriptionId}.`);
}

function inProgress(): DomainError {
  return new DomainError(
    'command_in_progress',
    'Another change of this subscription is under way. Look at it again in a moment.',
  );
}

function endedBefore({ outcome }: CommandRow): DomainError {
  const provider = outcome!.provider ?? undefined;
  return new DomainError('provider_error', `This request was made before, and came to nothing: ${outcome!.reason}.`, {
    ...(provider && { provider }),
  });
}
