import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decidePause, type WantedPause } from '../decide-command';
import type { Subscription } from '../subscription';
import { SubscriptionCommands, type CommandTarget } from './subscription-commands';

/** Stops billing and access for a while. */
export class PauseSubscription extends Command<Subscription> {
  constructor(
    readonly target: CommandTarget,
    readonly wanted: WantedPause,
  ) {
    super();
  }
}

@CommandHandler(PauseSubscription)
export class PauseSubscriptionHandler implements ICommandHandler<PauseSubscription> {
  constructor(private readonly commands: SubscriptionCommands) {}

  execute({ target, wanted }: PauseSubscription): Promise<Subscription> {
    return this.commands.run(target, (state) => decidePause(state, wanted));
  }
}
