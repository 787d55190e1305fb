export { subscriptions } from './read-models/subscriptions';
export { accessOf } from './subscription';
export type { AccessLevel, Subscription, SubscriptionAccess, SubscriptionAccessReason } from './subscription';
export { SubscriptionQueries } from './subscription-queries';
export { SubscriptionsModule } from './subscriptions.module';
