import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CustomerLinks } from '../customers';
import type { Environment } from '../platform/environment';
import type { Subscription } from './subscription';
import { SubscriptionQueries } from './subscription-queries';

export interface SubscriptionFilter {
  environment: Environment;
  userId: string;
  /** Only subscriptions that hold this product. */
  productId?: string;
}

/** The subscriptions of a user, newest first, lapsed ones included. */
export class GetSubscriptions extends Query<Subscription[]> {
  constructor(readonly filter: SubscriptionFilter) {
    super();
  }
}

@QueryHandler(GetSubscriptions)
export class GetSubscriptionsHandler implements IQueryHandler<GetSubscriptions> {
  constructor(
    private readonly links: CustomerLinks,
    private readonly subscriptions: SubscriptionQueries,
  ) {}

  async execute({ filter }: GetSubscriptions): Promise<Subscription[]> {
    const links = await this.links.ofUser(filter.environment, filter.userId);
    const customerIds = links.map(({ customerId }) => customerId);
    const found = await this.subscriptions.ofCustomers(filter.environment, customerIds);
    const { productId } = filter;
    return productId ? found.filter(({ items }) => items.some((item) => item.productId === productId)) : found;
  }
}
