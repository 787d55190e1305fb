import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandLog, OUTCOMES, ProviderCommands } from '../../commands';
import { decideResumption, type WantedResumption } from '../decide-command';
import type { Subscription } from '../subscription';
import { SubscriptionCommands, type CommandTarget } from './subscription-commands';

/** Ends a pause, or takes back what is scheduled. */
export class ResumeSubscription extends Command<Subscription> {
  constructor(
    readonly target: CommandTarget,
    readonly wanted: WantedResumption,
  ) {
    super();
  }
}

@CommandHandler(ResumeSubscription)
export class ResumeSubscriptionHandler implements ICommandHandler<ResumeSubscription> {
  constructor(
    private readonly commands: SubscriptionCommands,
    private readonly log: CommandLog,
    private readonly provider: ProviderCommands,
  ) {}

  async execute({ target, wanted }: ResumeSubscription): Promise<Subscription> {
    const prepared = await this.commands.prepare(target);
    if (this.commands.isRepeated(prepared)) return this.commands.current(target.subscriptionId);
    const decision = decideResumption(prepared.decidable, wanted);
    if ('type' in decision) await this.commands.carryOut(prepared, decision);
    else {
      // The provider knows nothing of a switch that we have scheduled.
      const { context } = prepared;
      const { commandId } = decision.withdraw;
      await this.provider.shown(context, [await this.log.outcome(context, OUTCOMES.withdrawn, { commandId, reason: 'resumed' })]);
    }
    return this.commands.current(target.subscriptionId);
  }
}
