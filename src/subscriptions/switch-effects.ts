import { Injectable } from '@nestjs/common';
import type { Environment } from '../platform/environment';
import type { OrderedItem } from '../provider';
import type { SwitchablePrice } from './decide-switch';
import type { Subscription } from './subscription';

/** A seat that a switch would take from somebody. */
export interface SeatLost {
  licenseId: string;
  entityId: string;
  productId: string;
}

/** Looks after the seats that subscriptions grant. Known to a module above this one. */
export interface SeatKeeper {
  /** @param then the subscription as it would be */
  seatsLost(environment: Environment, then: Subscription): Promise<SeatLost[]>;
  /** @throws DomainError `seats_in_use` where the seats that would be lost are to be kept */
  refuseLoss(environment: Environment, then: Subscription): Promise<void>;
}

/** What a switch does to things that this module knows nothing of. */
@Injectable()
export class SwitchEffects {
  private keeper: SeatKeeper | null = null;

  askAboutSeats(keeper: SeatKeeper): void {
    this.keeper = keeper;
  }

  async seatsLost(environment: Environment, then: Subscription): Promise<SeatLost[]> {
    return (await this.keeper?.seatsLost(environment, then)) ?? [];
  }

  async refuseLoss(environment: Environment, then: Subscription): Promise<void> {
    await this.keeper?.refuseLoss(environment, then);
  }
}

/** The subscription as it would be with these items. Pure. */
export function withItems(
  subscription: Subscription,
  items: OrderedItem[],
  prices: ReadonlyMap<string, Pick<SwitchablePrice, 'productId'>>,
): Subscription {
  const wanted = items.flatMap(({ priceId, quantity }) => {
    const known = subscription.items.find((item) => item.priceId === priceId);
    if (known) return { ...known, quantity };
    const productId = prices.get(priceId)?.productId;
    const unnamed = { productName: null, priceName: null, unitAmount: null, trialEndsAt: null };
    return productId ? { status: 'active', productId, priceId, quantity, recurring: true, ...unnamed } : [];
  });
  return { ...subscription, items: wanted };
}
