import { DomainError } from '../platform/domain-error';
import type { OrderedItem } from '../provider';

/** What of the catalog a checkout is decided with. */
export interface BuyablePrice {
  id: string;
  offered: boolean;
  billingCycle: { interval: string; frequency: number } | null;
  quantity: { min: number; max: number };
}

/** Checks what somebody wants to buy against the catalog, before a transaction is made. Pure. */
export function decideCheckout(
  wanted: { priceId: string; quantity?: number }[],
  prices: ReadonlyMap<string, BuyablePrice>,
): OrderedItem[] {
  const items = wanted.map(({ priceId, quantity = 1 }) => ({ priceId, quantity }));
  items.forEach(({ priceId, quantity }, index) => {
    if (items.findIndex((item) => item.priceId === priceId) < index)
      throw invalid(`/items/${index}/priceId`, 'is on the list twice');
    const price = prices.get(priceId);
    if (!price?.offered) {
      const why = price ? 'is not sold any more' : 'is not known here';
      throw new DomainError('price_not_available', `One cannot buy ${priceId}: it ${why}.`, { priceId });
    }
    const { min, max } = price.quantity;
    if (quantity < min || quantity > max) throw invalid(`/items/${index}/quantity`, `must be from ${min} to ${max}`);
  });
  const cycles = new Set(items.flatMap(({ priceId }) => cycleOf(prices.get(priceId)!) ?? []));
  if (cycles.size > 1) throw invalid('/items', 'must not mix billing cycles: buy them one after the other');
  return items;
}

function cycleOf({ billingCycle }: BuyablePrice): string | null {
  return billingCycle && `${billingCycle.frequency} ${billingCycle.interval}`;
}

function invalid(pointer: string, detail: string): DomainError {
  return new DomainError('invalid_request', `The input is not valid: "${pointer.slice(1)}" ${detail}.`, {
    errors: [{ pointer, detail }],
  });
}
