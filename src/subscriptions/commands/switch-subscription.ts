import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandLog, ProviderCommands } from '../../commands';
import { decideSwitch, type WantedSwitch } from '../decide-switch';
import type { OrderedItem } from '../../provider';
import type { Subscription } from '../subscription';
import { SwitchEffects, withItems } from '../switch-effects';
import { SubscriptionCommands, type CommandTarget } from './subscription-commands';
import { SwitchablePrices } from './switchable-prices';

/** Changes plan, seats or addons, now or when the next period begins. */
export class SwitchSubscription extends Command<Subscription> {
  constructor(
    readonly target: CommandTarget,
    readonly wanted: WantedSwitch,
  ) {
    super();
  }
}

@CommandHandler(SwitchSubscription)
export class SwitchSubscriptionHandler implements ICommandHandler<SwitchSubscription> {
  constructor(
    private readonly commands: SubscriptionCommands,
    private readonly prices: SwitchablePrices,
    private readonly log: CommandLog,
    private readonly provider: ProviderCommands,
    private readonly effects: SwitchEffects,
  ) {}

  async execute({ target, wanted }: SwitchSubscription): Promise<Subscription> {
    const prepared = await this.commands.prepare(target);
    if (this.commands.isRepeated(prepared)) return this.commands.current(target.subscriptionId);
    const { context, commandId, stream, decidable } = prepared;
    const prices = await this.prices.of(context.environment);
    const { dueAt, ...decision } = decideSwitch(decidable, wanted, prices);
    const then = withItems(decidable.subscription, decision.details.items as OrderedItem[], prices);
    await this.effects.refuseLoss(context.environment, then);
    if (dueAt === null) await this.commands.carryOut(prepared, decision);
    else {
      const wish = { ...decision, commandId, subject: target.subscriptionId };
      await this.provider.shown(context, [await this.log.wish(context, wish, stream.version, dueAt)]);
    }
    return this.commands.current(target.subscriptionId);
  }
}
