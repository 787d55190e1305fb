import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Providers, type UpdatePreview } from '../../provider';
import { decideSwitch, type WantedSwitch } from '../decide-switch';
import { accessChanges, type AccessChanges } from '../access-changes';
import type { OrderedItem, ProrationBillingMode } from '../../provider';
import { SwitchEffects, withItems, type SeatLost } from '../switch-effects';
import { SubscriptionCommands, type CommandTarget } from './subscription-commands';
import { SwitchablePrices } from './switchable-prices';

export interface SwitchPreview extends UpdatePreview, AccessChanges {
  seatsLost: SeatLost[];
}

/** What a switch would cost, and what it would give and take. Changes nothing. */
export class PreviewSwitch extends Query<SwitchPreview> {
  constructor(
    readonly target: CommandTarget,
    readonly wanted: WantedSwitch,
  ) {
    super();
  }
}

@QueryHandler(PreviewSwitch)
export class PreviewSwitchHandler implements IQueryHandler<PreviewSwitch> {
  constructor(
    private readonly commands: SubscriptionCommands,
    private readonly prices: SwitchablePrices,
    private readonly providers: Providers,
    private readonly effects: SwitchEffects,
  ) {}

  async execute({ target, wanted }: PreviewSwitch): Promise<SwitchPreview> {
    const { decidable, context } = await this.commands.prepare(target);
    const prices = await this.prices.of(context.environment);
    const { details, dueAt } = decideSwitch(decidable, wanted, prices);
    const items = details.items as OrderedItem[];
    // Carried out at the end of the period, it bills nothing by itself.
    const mode = dueAt === null ? (details.prorationBillingMode as ProrationBillingMode) : 'do_not_bill';
    const provider = this.providers.of(context.environment);
    const { value } = await provider.previewItems(
      target.subscriptionId,
      { items, prorationBillingMode: mode },
      { priority: 'user' },
    );
    const { subscription } = decidable;
    const seatsLost = await this.effects.seatsLost(context.environment, withItems(subscription, items, prices));
    return { ...value, ...accessChanges(subscription, items, prices), seatsLost };
  }
}
