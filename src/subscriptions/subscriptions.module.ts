import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog';
import { CommandsModule } from '../commands';
import { CustomersModule } from '../customers';
import { CancelSubscriptionHandler } from './commands/cancel-subscription';
import { CarryOutSwitches } from './commands/carry-out-switches';
import { ChangePaymentMethodHandler } from './commands/change-payment-method';
import { PauseSubscriptionHandler } from './commands/pause-subscription';
import { PreviewSwitchHandler } from './commands/preview-switch';
import { ResumeSubscriptionHandler } from './commands/resume-subscription';
import { SubscriptionCommands } from './commands/subscription-commands';
import { SwitchSubscriptionHandler } from './commands/switch-subscription';
import { SwitchablePrices } from './commands/switchable-prices';
import { GetSubscriptionsHandler } from './get-subscriptions';
import { ManagementLinks } from './management-links';
import { SubscriptionAnswers } from './subscription-answers';
import { SubscriptionCommandsController } from './subscription-commands.controller';
import { SubscriptionHistory } from './subscription-history';
import { SubscriptionQueries } from './subscription-queries';
import { SubscriptionsController } from './subscriptions.controller';
import { SwitchEffects } from './switch-effects';

const HANDLERS = [
  GetSubscriptionsHandler,
  CancelSubscriptionHandler,
  PauseSubscriptionHandler,
  ResumeSubscriptionHandler,
  SwitchSubscriptionHandler,
  PreviewSwitchHandler,
  ChangePaymentMethodHandler,
];

@Module({
  imports: [CatalogModule, CommandsModule, CustomersModule],
  controllers: [SubscriptionsController, SubscriptionCommandsController],
  providers: [
    SubscriptionQueries,
    SubscriptionHistory,
    SubscriptionAnswers,
    SubscriptionCommands,
    ManagementLinks,
    SwitchablePrices,
    CarryOutSwitches,
    SwitchEffects,
    ...HANDLERS,
  ],
  exports: [SubscriptionQueries, SubscriptionHistory, SwitchEffects],
})
export class SubscriptionsModule {}
