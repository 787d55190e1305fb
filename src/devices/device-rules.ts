import type { ProductAccess } from '../access';
import type { DeviceSetting, ProductConfiguration, ProductSetting } from '../settings';

/** How many devices a user may have, and how they come and go. */
export interface DeviceRules extends DeviceSetting {
  /** Null: any number. */
  limit: number | null;
}

export const NO_RULES: DeviceRules = { limit: null, reclaim: 'none', churn: null };

/**
 * The rules that count for a user's next device. Pure.
 * Those of the product it is for, where the user may use that; without a product, the most generous of all that they may use. A
 * product that they may not use narrows the rules, and never widens them: else its name would be a way around the limit. Who may
 * use nothing (yet, or any more) has the most generous rules that there are, since no limit would let them fill up beforehand.
 * @param access what the user may use
 */
export function rulesFor(product: string | undefined, access: ProductAccess[], configuration: ProductConfiguration): DeviceRules {
  const usable = new Set(access.filter((one) => one.access !== 'none').map(({ productId }) => productId));
  const counting = configuration.all().filter(({ productId }) => usable.size === 0 || usable.has(productId));
  const general = mostGenerous(counting);
  if (product === undefined) return general;
  const productId = configuration.productIdOf(product);
  const own = rulesOf(configuration.of(productId));
  return usable.has(productId) || !isMore(own, general) ? own : general;
}

/** The first of those with the largest limit; products without one have no say as long as there is one with. */
function mostGenerous(products: ProductSetting[]): DeviceRules {
  const rules = products.map(rulesOf).filter(({ limit, churn }) => limit !== null || churn !== null);
  const limited = rules.filter(({ limit }) => limit !== null);
  return (
    (limited.length > 0 ? limited : rules).reduce<DeviceRules | null>(
      (best, one) => (best && !isMore(one, best) ? best : one),
      null,
    ) ?? NO_RULES
  );
}

function rulesOf({ deviceLimit: limit, devices }: ProductSetting): DeviceRules {
  return { limit, ...devices };
}

function isMore(a: DeviceRules, b: DeviceRules): boolean {
  const [limitA, limitB] = [a.limit ?? Infinity, b.limit ?? Infinity];
  return limitA === limitB ? a.churn === null && b.churn !== null : limitA > limitB;
}
