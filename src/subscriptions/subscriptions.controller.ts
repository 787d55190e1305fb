import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentActor, type Actor } from '../auth';
import { Clock } from '../platform/clock';
import { plainTextSchema } from '../platform/plain-text';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels } from '../projections';
import { ActiveProvider } from '../settings';
import { GetSubscriptions } from './get-subscriptions';
import { toSubscriptionDto } from './subscription-dto';
import type { SubscriptionStatusDto } from './subscriptions.dto';

@ApiTags('subscriptions')
@ApiBearerAuth()
@Controller('subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly active: ActiveProvider,
    private readonly clock: Clock,
  ) {}

  /** The caller's subscriptions, newest first, lapsed ones included. */
  @Get('status')
  @FromReadModels()
  @ValidQuery({ product: { ...plainTextSchema(128), description: 'Only subscriptions that hold this product.' } })
  async getSubscriptionStatus(
    @CurrentActor() { userId }: Actor,
    @Query('product') productId?: string,
  ): Promise<SubscriptionStatusDto> {
    const { environment } = this.active;
    const found = await this.queries.execute(new GetSubscriptions({ environment, userId, ...(productId ? { productId } : {}) }));
    const now = this.clock.now();
    return { environment, subscriptions: found.map((subscription) => toSubscriptionDto(subscription, now)) };
  }
}
