import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideCancellation, type WantedCancellation } from '../decide-command';
import type { Subscription } from '../subscription';
import { SubscriptionCommands, type CommandTarget } from './subscription-commands';

/** Ends a subscription, now or with the period that is paid. */
export class CancelSubscription extends Command<Subscription> {
  constructor(
    readonly target: CommandTarget,
    readonly wanted: WantedCancellation,
  ) {
    super();
  }
}

@CommandHandler(CancelSubscription)
export class CancelSubscriptionHandler implements ICommandHandler<CancelSubscription> {
  constructor(private readonly commands: SubscriptionCommands) {}

  execute({ target, wanted }: CancelSubscription): Promise<Subscription> {
    return this.commands.run(target, (state) => decideCancellation(state, wanted));
  }
}
