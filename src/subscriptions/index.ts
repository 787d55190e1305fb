export { subscriptions } from './read-models/subscriptions';
export { accessOf, changesOf } from './subscription';
export type { AccessLevel, AccessPolicy, Subscription, SubscriptionAccess, SubscriptionAccessReason } from './subscription';
export { SubscriptionHistory } from './subscription-history';
export { SubscriptionQueries } from './subscription-queries';
export { SubscriptionsModule } from './subscriptions.module';
export { SwitchEffects, type SeatKeeper, type SeatLost } from './switch-effects';
