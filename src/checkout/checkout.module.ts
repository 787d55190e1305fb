import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog';
import { CommandsModule } from '../commands';
import { CustomersModule } from '../customers';
import { SubscriptionsModule } from '../subscriptions';
import { CheckoutController } from './checkout.controller';
import { OpenCheckoutHandler } from './commands/open-checkout';
import { GetPortalSessionHandler } from './get-portal-session';

@Module({
  imports: [CatalogModule, CommandsModule, CustomersModule, SubscriptionsModule],
  controllers: [CheckoutController],
  providers: [OpenCheckoutHandler, GetPortalSessionHandler],
})
export class CheckoutModule {}
