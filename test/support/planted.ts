import { customers } from '../../src/customers';
import { anyProjection, type AnyProjection } from '../../src/projections';
import type { SubscriptionSnapshot } from '../../src/provider';
import { settings } from '../../src/settings';
import { subscriptions } from '../../src/subscriptions';

/** Version 1 with a bug: it reads a pause as active. Version 2 is the app's own. */
export function plantedProjections(version: 1 | 2): AnyProjection[] {
  const evolve: typeof subscriptions.evolve = (row, fact, key) => {
    const after = subscriptions.evolve(row, fact, key);
    return after?.snapshot?.status === 'paused' ? { ...after, snapshot: active(after.snapshot) } : after;
  };
  const planted = version === 1 ? { ...subscriptions, version: 1, evolve } : { ...subscriptions, version: 2 };
  return [anyProjection(customers), anyProjection(planted), anyProjection(settings)];
}

function active(snapshot: SubscriptionSnapshot): SubscriptionSnapshot {
  return { ...snapshot, status: 'active', pausedAt: null };
}
