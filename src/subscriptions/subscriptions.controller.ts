import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentActor, type Actor } from '../auth';
import { plainTextSchema } from '../platform/plain-text';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels } from '../projections';
import { ActiveProvider, ProductSettings } from '../settings';
import { GetSubscriptions } from './get-subscriptions';
import { ManagementLinks } from './management-links';
import { SubscriptionAnswers } from './subscription-answers';
import type { SubscriptionStatusDto } from './subscriptions.dto';

@ApiTags('subscriptions')
@ApiBearerAuth()
@Controller('subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly active: ActiveProvider,
    private readonly settings: ProductSettings,
    private readonly answers: SubscriptionAnswers,
    private readonly links: ManagementLinks,
  ) {}

  /** The caller's subscriptions, newest first, lapsed ones included. */
  @Get('status')
  @FromReadModels()
  @ValidQuery({
    product: { ...plainTextSchema(128), description: 'Only subscriptions that hold this product: its id, or a name of it.' },
    include: {
      type: 'string',
      enum: ['managementUrls'],
      description: 'Adds the links with which the provider lets the user manage each subscription. Short-lived: asked for now.',
    },
  })
  async getSubscriptionStatus(
    @CurrentActor() { userId }: Actor,
    @Query('product') product?: string,
    @Query('include') include?: 'managementUrls',
  ): Promise<SubscriptionStatusDto> {
    const { environment } = this.active;
    const productId = product && this.settings.of(environment).productIdOf(product);
    const found = await this.queries.execute(new GetSubscriptions({ environment, userId, ...(productId ? { productId } : {}) }));
    const subscriptions = found.map((subscription) => this.answers.of(subscription));
    if (!include) return { environment, subscriptions };
    const links = await this.links.of(
      environment,
      found.flatMap(({ id, status }) => (status === 'canceled' ? [] : id)),
    );
    return {
      environment,
      subscriptions: subscriptions.map((one) => ({ ...one, managementUrls: links.get(one.id) ?? null })),
    };
  }
}
