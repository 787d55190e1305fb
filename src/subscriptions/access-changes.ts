import type { OrderedItem } from '../provider';
import type { SwitchablePrice } from './decide-switch';
import type { Subscription } from './subscription';

/** What a switch gives and takes. */
export interface AccessChanges {
  /** Products that the subscription would give access to, and does not now; and the reverse. */
  access: { gained: string[]; lost: string[] };
  /** Units of products that stay, where they change. */
  seats: { productId: string; before: number; after: number }[];
}

export function accessChanges(
  { items }: Pick<Subscription, 'items'>,
  after: OrderedItem[],
  prices: ReadonlyMap<string, Pick<SwitchablePrice, 'productId'>>,
): AccessChanges {
  const productOf = new Map(items.map(({ priceId, productId }) => [priceId, productId]));
  const now = unitsByProduct(items);
  const then = unitsByProduct(
    after.flatMap(({ priceId, quantity }) => {
      const productId = prices.get(priceId)?.productId ?? productOf.get(priceId);
      return productId ? [{ productId, quantity }] : [];
    }),
  );
  const products = [...new Set([...now.keys(), ...then.keys()])].sort();
  const changed = products.flatMap((productId) => {
    const [before, units] = [now.get(productId) ?? 0, then.get(productId) ?? 0];
    return before > 0 && units > 0 && before !== units ? [{ productId, before, after: units }] : [];
  });
  return {
    access: {
      gained: products.filter((productId) => !now.has(productId)),
      lost: products.filter((productId) => !then.has(productId)),
    },
    seats: changed,
  };
}

function unitsByProduct(items: { productId: string; quantity: number }[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { productId, quantity } of items) units.set(productId, (units.get(productId) ?? 0) + quantity);
  return units;
}
