import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers';
import { GetSubscriptionsHandler } from './get-subscriptions';
import { SubscriptionQueries } from './subscription-queries';
import { SubscriptionsController } from './subscriptions.controller';

@Module({
  imports: [CustomersModule],
  controllers: [SubscriptionsController],
  providers: [GetSubscriptionsHandler, SubscriptionQueries],
  exports: [SubscriptionQueries],
})
export class SubscriptionsModule {}
