import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CustomerLinks } from '../customers';
import { DomainError } from '../platform/domain-error';
import { Providers, type PortalSession } from '../provider';
import { ActiveProvider } from '../settings';
import { SubscriptionQueries } from '../subscriptions';

/** Links into the provider's portal, signed in as the user. Short-lived, so they are asked for each time and kept nowhere. */
export class GetPortalSession extends Query<PortalSession> {
  constructor(
    readonly userId: string,
    readonly subscriptionIds: string[],
  ) {
    super();
  }
}

@QueryHandler(GetPortalSession)
export class GetPortalSessionHandler implements IQueryHandler<GetPortalSession> {
  constructor(
    private readonly active: ActiveProvider,
    private readonly links: CustomerLinks,
    private readonly subscriptions: SubscriptionQueries,
    private readonly providers: Providers,
  ) {}

  async execute({ userId, subscriptionIds }: GetPortalSession): Promise<PortalSession> {
    const { environment } = this.active;
    const own = (await this.links.ofUser(environment, userId)).map(({ customerId }) => customerId);
    const customers = new Set<string>();
    for (const id of subscriptionIds) {
      const customerId = (await this.subscriptions.one(environment, id))?.subscription.customerId;
      if (!customerId || !own.includes(customerId)) throw new DomainError('not_found', `You have no subscription ${id}.`);
      customers.add(customerId);
    }
    if (customers.size > 1) {
      throw new DomainError('invalid_request', 'The subscriptions belong to different customers: ask for them one by one.', {
        errors: [{ pointer: '/subscriptionIds', detail: 'must belong to one customer' }],
      });
    }
    const customerId = [...customers][0] ?? own.at(-1);
    if (!customerId) throw new DomainError('no_billing_account', 'There is nothing to manage yet: nothing was bought.');
    return (await this.providers.of(environment).portalSession(customerId, subscriptionIds, { priority: 'user' })).value;
  }
}
