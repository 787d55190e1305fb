import { Injectable } from '@nestjs/common';
import { Catalog } from '../../catalog';
import type { Environment } from '../../platform/environment';
import type { SwitchablePrice } from '../decide-switch';

const ANY_QUANTITY = { min: 1, max: 100 };

/** The prices that a subscription can be switched to: all that are on sale, as the catalog has them. */
@Injectable()
export class SwitchablePrices {
  constructor(private readonly catalog: Catalog) {}

  async of(environment: Environment): Promise<ReadonlyMap<string, SwitchablePrice>> {
    const prices = (await this.catalog.prices(environment)).map(
      ({ id, productId, billingCycle, quantity, onSale }): SwitchablePrice => ({
        id,
        productId,
        billingCycle,
        recurring: billingCycle !== null,
        offered: onSale,
        quantity: quantity ?? ANY_QUANTITY,
      }),
    );
    return new Map(prices.map((price) => [price.id, price]));
  }
}
