import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CustomerLinks } from '../customers';
import type { Environment } from '../platform/environment';
import { BillingHistory, type HistoryPage } from './billing-history';
import type { HistoryPlace } from './history-cursor';

export interface HistoryFilter {
  environment: Environment;
  userId: string;
  /** Only what was charged for this subscription. */
  subscriptionId?: string | undefined;
}

/** A page of what a user was charged, newest first, whatever email they bought with. */
export class GetBillingHistory extends Query<HistoryPage> {
  constructor(
    readonly filter: HistoryFilter,
    readonly after: HistoryPlace | null,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(GetBillingHistory)
export class GetBillingHistoryHandler implements IQueryHandler<GetBillingHistory> {
  constructor(
    private readonly links: CustomerLinks,
    private readonly history: BillingHistory,
  ) {}

  async execute({ filter, after, limit }: GetBillingHistory): Promise<HistoryPage> {
    const { environment, userId, subscriptionId } = filter;
    const links = await this.links.ofUser(environment, userId);
    const customerIds = links.map(({ customerId }) => customerId);
    return this.history.page({ environment, customerIds, subscriptionId }, after, limit);
  }
}
