import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { CommandLog, OpenCommands, openCommand, OUTCOMES, ProviderCommands, Recovery, type CommandRow } from '../../commands';
import { Clock } from '../../platform/clock';
import { DomainError } from '../../platform/domain-error';
import { describe } from '../../platform/database';
import type { Environment } from '../../platform/environment';
import { LOGGER } from '../../platform/logger';
import { ProviderError } from '../../provider';
import { WISHES } from '../decide-command';
import { switchAt } from '../scheduled-switch';
import { scheduledSwitchOf } from '../scheduled-switches';
import { SubscriptionQueries } from '../subscription-queries';

const ACTOR = 'job:scheduled-switches';

/** Makes scheduled switches when their time has come, and drops those that mean nothing any more. Survives restarts: it looks at the read models. */
@Injectable()
export class CarryOutSwitches implements OnModuleInit {
  constructor(
    private readonly recovery: Recovery,
    private readonly open: OpenCommands,
    private readonly log: CommandLog,
    private readonly commands: ProviderCommands,
    private readonly subscriptions: SubscriptionQueries,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.recovery.alsoDo((environment) => this.look(environment));
  }

  private async look(environment: Environment): Promise<void> {
    for (const command of await this.open.inState(environment, 'scheduled')) {
      try {
        await this.lookAt(environment, command);
      } catch (error) {
        this.logger.warn({ commandId: command.commandId, err: describe(error) }, 'a scheduled switch has to wait');
      }
    }
  }

  private async lookAt(environment: Environment, command: CommandRow): Promise<void> {
    const { commandId, wish } = command;
    if (wish?.type !== WISHES.switchLater) return;
    const known = await this.subscriptions.one(environment, wish.subject!);
    if (!known) return;
    const { customerId, userId, streamId } = wish;
    const context = { environment, streamId, customerId, userId, actor: ACTOR };
    const scheduled = scheduledSwitchOf(command, known.subscription);
    if (!scheduled) {
      await this.log.outcome(context, OUTCOMES.withdrawn, { commandId, reason: 'subscription_changed' });
      return;
    }
    const at = switchAt(known.subscription);
    // Once the renewal is due, what the subscription shows is old: the switch waits for the dates of the next period.
    const now = this.clock.now();
    if (at === null || at > now || known.subscription.nextBilledAt! <= now) return;
    const stream = await this.log.read(environment, streamId);
    if (openCommand(stream)) return;
    const details = { items: scheduled.items, prorationBillingMode: 'do_not_bill' };
    const due = { type: WISHES.switch, commandId: `${commandId}_due`, subject: wish.subject, details };
    try {
      await this.commands.carryOut({ context, wish: due, basedOn: stream.version, after: known.asOf });
      await this.log.outcome(context, OUTCOMES.carriedOut, { commandId });
    } catch (error) {
      await this.giveUpIfRefused(error, context, commandId);
      throw error;
    }
  }

  /** What the provider refuses now it refuses again; what it did not hear is tried again. */
  private async giveUpIfRefused(error: unknown, context: Parameters<CommandLog['outcome']>[0], commandId: string): Promise<void> {
    const cause = error instanceof DomainError && error.cause instanceof ProviderError ? error.cause : error;
    if (!(cause instanceof ProviderError) || cause.failure !== 'refused') return;
    await this.log.outcome(context, OUTCOMES.refused, { commandId, reason: cause.refusal ?? cause.failure });
  }
}
