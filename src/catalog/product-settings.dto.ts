import { ApiProperty } from '@nestjs/swagger';

export class AccessSettingDto {
  /** What a paused subscription gives. */
  paused: 'none' | 'read_only';
  /** Days for which a subscription gives access after a payment failed; null: as long as it is past due. */
  pastDueGraceDays: number | null;
}

export class DeviceChurnDto {
  devices: number;
  days: number;
}

export class DeviceSettingDto {
  /** What an app may ask for at the limit: `oldest` retires the device that was not seen for the longest. */
  reclaim: 'none' | 'oldest';
  /** So many new devices in so many days; null: any number. */
  churn: DeviceChurnDto | null;
}

export class LicenseSettingDto {
  /** Which seats go when fewer are paid than are used. */
  whenReduced: 'release_newest' | 'release_oldest' | 'suspend_newest' | 'refuse';
  /** Days after a lapse within which the same entities get their seats back, when there are seats again. */
  restoreDays: number;
}

export class PriceConfigurationDto {
  /** Whether subscribers may switch to it. */
  switchable: boolean;
  /** Named seats that each unit grants; null: none. */
  entities: number | null;
}

export class PriceSettingDto extends PriceConfigurationDto {
  priceId: string;
}

export class ProductConfigurationDto {
  /** Whether it is in `GET /products/list`. */
  visible: boolean;
  /** Place in that list; those without one come after, by name. */
  order: number | null;
  access: AccessSettingDto;
  /** Devices of one user; null: any number. */
  deviceLimit: number | null;
  devices: DeviceSettingDto;
  licenses: LicenseSettingDto;
}

export class ProductSettingDto extends ProductConfigurationDto {
  productId: string;
  prices: PriceSettingDto[];
}

export class ConfigurationVersionDto {
  /** Send it back with a change. 0: nothing was ever configured. */
  version: number;
  changedAt: string | null;
  /** A user id. */
  changedBy: string | null;
}

export class ProductSettingsDto extends ConfigurationVersionDto {
  products: ProductSettingDto[];
}

export class ProductRefsDto extends ConfigurationVersionDto {
  /**
   * Product ids by name.
   * @example { "solo": "pro_01gsz4t5hdjse780zja8vvr7jg" }
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  refs: Record<string, string>;
}

export class ConfigurationWarningDto {
  /**
   * Into the request's body (RFC 6901).
   * @example "/products/0/productId"
   */
  pointer: string;
  detail: string;
}

export class ProductSettingsChangedDto extends ProductSettingsDto {
  /** What was taken as it is, and may be a mistake. */
  warnings: ConfigurationWarningDto[];
}

export class ProductRefsChangedDto extends ProductRefsDto {
  /** What was taken as it is, and may be a mistake. */
  warnings: ConfigurationWarningDto[];
}
