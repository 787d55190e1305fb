import { MoneyDto } from '../platform/money.dto';
import { PriceConfigurationDto, ProductConfigurationDto } from './product-settings.dto';

export class DurationDto {
  /**
   * `day`, `week`, `month` or `year`.
   * @example "month"
   */
  interval: string;
  /** @example 1 */
  frequency: number;
}

export class QuantityDto {
  /** @example 1 */
  min: number;
  /** @example 100 */
  max: number;
}

export class OfferedPriceDto {
  /** @example "pri_01gsz8x8sawmvhz1pv30nge1ke" */
  id: string;
  /** The product's name where the price has none. */
  name: string;
  unitPrice: MoneyDto;
  /** Null for what is bought once. */
  billingCycle: DurationDto | null;
  trialPeriod: DurationDto | null;
  /** How many can be bought at once. */
  quantity: QuantityDto;
  /** How many named seats one of it gives. */
  entities: number | null;
}

export class OfferedProductDto {
  /** @example "pro_01gsz4t5hdjse780zja8vvr7jg" */
  id: string;
  /** The product's name in the configuration (`p_ref`). */
  ref: string | null;
  name: string;
  description: string;
  imageUrl: string | null;
  /** By name. */
  prices: OfferedPriceDto[];
}

export class ProductListDto {
  /** In the configured order, then by name. */
  products: OfferedProductDto[];
}

export class UnitPriceOverrideDto {
  /** @example ["DE", "FR"] */
  countryCodes: string[];
  unitPrice: MoneyDto;
}

export class CatalogPriceDto {
  id: string;
  productId: string;
  name: string | null;
  /** For the seller; buyers do not see it. */
  description: string | null;
  unitPrice: MoneyDto | null;
  unitPriceOverrides: UnitPriceOverrideDto[];
  billingCycle: DurationDto | null;
  trialPeriod: DurationDto | null;
  quantity: QuantityDto | null;
  /** `active` or `archived`; a status that Paddle adds later is passed through. */
  status: string | null;
  /** `standard` or `custom`. */
  type: string | null;
  /**
   * Where it was seen. `itself`: in an event or an answer of its own, so this is how Paddle has it. `sale`: as it was when somebody
   * bought it. `subscription`: as it was when it was added to a subscription; such a price is not offered to others.
   */
  knownFrom: 'itself' | 'sale' | 'subscription';
  /** Whether everybody may buy it: it is in `GET /products/list`, unless its product is hidden there. */
  onSale: boolean;
  /** Null where nothing is configured of it. */
  configuration: PriceConfigurationDto | null;
}

export class CatalogProductDto {
  id: string;
  /** The product's name in the configuration (`p_ref`); the first in the alphabet, where it has several. */
  ref: string | null;
  name: string | null;
  description: string | null;
  imageUrl: string | null;
  status: string | null;
  type: string | null;
  /** As for a price; `price`: nothing but a price of it was seen. */
  knownFrom: 'itself' | 'sale' | 'subscription' | 'price';
  onSale: boolean;
  /** Null where nothing is configured of it. */
  configuration: ProductConfigurationDto | null;
  /** By name. */
  prices: CatalogPriceDto[];
}

export class CatalogDto {
  environment: 'sandbox' | 'live';
  /** By name; archived ones and those made for one sale too. */
  products: CatalogProductDto[];
}
