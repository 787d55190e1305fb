import { anyProjection, type AnyProjection } from '../../src/projections';
import type { SubscriptionSnapshot } from '../../src/provider';
import { PROJECTIONS } from '../../src/read-models';
import { subscriptions } from '../../src/subscriptions';

/** Version 1 with a bug: it reads a pause as active. Version 2 is the app's own. */
export function plantedProjections(version: 1 | 2): AnyProjection[] {
  const evolve: typeof subscriptions.evolve = (row, fact, key) => {
    const after = subscriptions.evolve(row, fact, key);
    return after?.snapshot?.status === 'paused' ? { ...after, snapshot: active(after.snapshot) } : after;
  };
  const planted = version === 1 ? { ...subscriptions, version: 1, evolve } : { ...subscriptions, version: 2 };
  return withOne(anyProjection(planted));
}

/** The app's own projections, one of them in another version. */
export function withOne(projection: AnyProjection): AnyProjection[] {
  return PROJECTIONS.map((own) => (own.name === projection.name ? projection : own));
}

function active(snapshot: SubscriptionSnapshot): SubscriptionSnapshot {
  return { ...snapshot, status: 'active', pausedAt: null };
}
