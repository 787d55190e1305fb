import { Injectable } from '@nestjs/common';
import { Catalog } from '../../catalog';
import type { Environment } from '../../platform/environment';
import { ProductSettings } from '../../settings';
import type { SwitchablePrice } from '../decide-switch';

const ANY_QUANTITY = { min: 1, max: 100 };

/** The prices that a subscription can be switched to: all that are on sale, unless the configuration says otherwise. */
@Injectable()
export class SwitchablePrices {
  constructor(
    private readonly catalog: Catalog,
    private readonly settings: ProductSettings,
  ) {}

  async of(environment: Environment): Promise<ReadonlyMap<string, SwitchablePrice>> {
    const configuration = this.settings.of(environment);
    const prices = (await this.catalog.prices(environment)).map(
      ({ id, productId, billingCycle, quantity, onSale }): SwitchablePrice => ({
        id,
        productId,
        billingCycle,
        recurring: billingCycle !== null,
        offered: onSale,
        switchable: configuration.ofPrice(id).switchable,
        quantity: quantity ?? ANY_QUANTITY,
      }),
    );
    return new Map(prices.map((price) => [price.id, price]));
  }
}
