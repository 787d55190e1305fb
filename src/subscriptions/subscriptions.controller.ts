import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentActor, type Actor } from '../auth';
import { Clock } from '../platform/clock';
import type { Instant } from '../platform/instant';
import { plainTextSchema } from '../platform/plain-text';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels } from '../projections';
import { ActiveProvider } from '../settings';
import { GetSubscriptions } from './get-subscriptions';
import { accessOf, actionsOf, planTypeOf, type Subscription } from './subscription';
import type { SubscriptionDto, SubscriptionProductDto, SubscriptionStatusDto } from './subscriptions.dto';

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
    return { environment, subscriptions: found.map((subscription) => toDto(subscription, now)) };
  }
}

function toDto(subscription: Subscription, now: Instant): SubscriptionDto {
  const { id, status, collectionMode, currency, startedAt, currentPeriod, nextBilledAt, pausedAt, canceledAt } = subscription;
  return {
    id,
    status,
    access: accessOf(subscription, now).access,
    planType: planTypeOf(subscription),
    products: subscription.items.map(toProduct),
    collectionMode,
    currency,
    startedAt,
    trialEndsAt: subscription.items.find((item) => item.trialEndsAt)?.trialEndsAt ?? null,
    currentPeriod,
    nextBilledAt,
    pausedAt,
    canceledAt,
    scheduledChange: subscription.scheduledChange,
    actions: actionsOf(subscription),
    lastPayment: subscription.lastPayment,
  };
}

function toProduct(item: Subscription['items'][number]): SubscriptionProductDto {
  const { productId, productName, priceId, priceName, quantity, recurring } = item;
  return { id: productId, ref: null, name: productName, priceId, priceName, quantity, recurring };
}
