import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { OpenCommands } from '../commands';
import { CustomerLinks } from '../customers';
import type { Environment } from '../platform/environment';
import { withSwitch } from './scheduled-switches';
import type { Subscription } from './subscription';
import { SubscriptionQueries } from './subscription-queries';

export interface SubscriptionFilter {
  environment: Environment;
  userId: string;
  /** Only subscriptions that hold this product. */
  productId?: string;
}

/** The subscriptions of a user, newest first, lapsed ones included, with the switches that we have scheduled. */
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
    private readonly commands: OpenCommands,
  ) {}

  async execute({ filter }: GetSubscriptions): Promise<Subscription[]> {
    const { environment, productId } = filter;
    const links = await this.links.ofUser(environment, filter.userId);
    const customerIds = links.map(({ customerId }) => customerId);
    const found = await this.subscriptions.ofCustomers(environment, customerIds);
    const wanted = productId ? found.filter(({ items }) => items.some((item) => item.productId === productId)) : found;
    const scheduled = await this.commands.scheduledFor(
      environment,
      wanted.map(({ id }) => id),
    );
    return wanted.map((subscription) => withSwitch(subscription, scheduled.get(subscription.id) ?? null));
  }
}
