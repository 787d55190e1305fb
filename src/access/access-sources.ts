import type { CustomerLink, CustomerLinks } from '../customers';
import type { Environment } from '../platform/environment';
import type { SubscriptionQueries } from '../subscriptions';
import type { AccessSources } from './decide-access';

/** Everything that decides about one user's access. */
export interface UserSources {
  links: CustomerLink[];
  sources: AccessSources;
}

export interface SourceReaders {
  links: CustomerLinks;
  subscriptions: SubscriptionQueries;
}

/** The sources of each of these users, in a query or two for all of them. */
export async function readSources(
  { links, subscriptions }: SourceReaders,
  environment: Environment,
  userIds: string[],
): Promise<Map<string, UserSources>> {
  const linksByUser = await links.ofUsers(environment, userIds);
  const customerIds = [...linksByUser.values()].flat().map(({ customerId }) => customerId);
  const found = await subscriptions.ofCustomers(environment, customerIds);
  return new Map(
    userIds.map((userId) => {
      const own = linksByUser.get(userId) ?? [];
      const isOwn = new Set<string | null>(own.map(({ customerId }) => customerId));
      return [userId, { links: own, sources: { subscriptions: found.filter(({ customerId }) => isOwn.has(customerId)) } }];
    }),
  );
}
