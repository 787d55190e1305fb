import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { ENTRIES_LIMIT } from '../settings';

const ID = /^[\w-]{1,64}$/;
const MOST = 1_000_000;

/** May be left out, but not be null. */
const IfGiven = () => ValidateIf((_, value: unknown) => value !== undefined);

export class GivenAccessSettingDto {
  /** What a paused subscription gives: `none` by default. */
  @IfGiven()
  @IsIn(['none', 'read_only'])
  paused?: 'none' | 'read_only';

  /** Days for which a subscription gives access after a payment failed; null, or left out: as long as it is past due. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(365)
  pastDueGraceDays?: number | null;
}

export class GivenDeviceChurnDto {
  @IsInt()
  @Min(1)
  @Max(MOST)
  devices: number;

  @IsInt()
  @Min(1)
  @Max(365)
  days: number;
}

export class GivenDeviceSettingDto {
  /** What an app may ask for at the limit: `oldest` retires the device that was not seen for the longest. `none` by default. */
  @IfGiven()
  @IsIn(['none', 'oldest'])
  reclaim?: 'none' | 'oldest';

  /** So many new devices in so many days; null, or left out: any number. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => GivenDeviceChurnDto)
  churn?: GivenDeviceChurnDto | null;
}

export class GivenPriceSettingDto {
  /** @example "pri_01gsz8x8sawmvhz1pv30nge1ke" */
  @Matches(ID, { message: 'priceId is not an id' })
  priceId: string;

  /** Whether subscribers may switch to it: true by default. */
  @IfGiven()
  @IsBoolean()
  switchable?: boolean;

  /** Named seats that each unit grants; null, or left out: none. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST)
  entities?: number | null;
}

export class GivenLicenseSettingDto {
  /**
   * Which seats go when fewer are paid than are used: `release_newest` by default. `refuse` holds up `POST /subscriptions/update`; for
   * what the provider did by itself it is `release_newest`.
   */
  @IfGiven()
  @IsIn(['release_newest', 'release_oldest', 'suspend_newest', 'refuse'])
  whenReduced?: 'release_newest' | 'release_oldest' | 'suspend_newest' | 'refuse';

  /** Days after a lapse within which the same entities get their seats back, when there are seats again: 30 by default. */
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(3650)
  restoreDays?: number;
}

export class GivenProductSettingDto {
  /** @example "pro_01gsz4t5hdjse780zja8vvr7jg" */
  @Matches(ID, { message: 'productId is not an id' })
  productId: string;

  /** Whether it is in `GET /products/list`: true by default. */
  @IfGiven()
  @IsBoolean()
  visible?: boolean;

  /** Place in that list; those without one come after, by name. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  order?: number | null;

  @IfGiven()
  @IsObject()
  @ValidateNested()
  @Type(() => GivenAccessSettingDto)
  access?: GivenAccessSettingDto;

  /** Devices of one user; null, or left out: any number. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST)
  deviceLimit?: number | null;

  /** Of the named seats that its prices grant. */
  @IfGiven()
  @IsObject()
  @ValidateNested()
  @Type(() => GivenLicenseSettingDto)
  licenses?: GivenLicenseSettingDto;

  @IfGiven()
  @IsObject()
  @ValidateNested()
  @Type(() => GivenDeviceSettingDto)
  devices?: GivenDeviceSettingDto;

  @IfGiven()
  @IsArray()
  @ArrayMaxSize(ENTRIES_LIMIT)
  @ValidateNested({ each: true })
  @Type(() => GivenPriceSettingDto)
  prices?: GivenPriceSettingDto[];
}

export class ConfigureProductsDto {
  /** The version that this is based on, as `GET` answered it. */
  @IsInt()
  @Min(0)
  version: number;

  /** All of them: what is not on the list goes back to the defaults. */
  @IsArray()
  @ArrayMaxSize(ENTRIES_LIMIT)
  @ValidateNested({ each: true })
  @Type(() => GivenProductSettingDto)
  products: GivenProductSettingDto[];
}

export class ConfigureProductRefsDto {
  /** The version that this is based on, as `GET` answered it. */
  version: number;

  /**
   * All names, each with the id of its product.
   * @example { "solo": "pro_01gsz4t5hdjse780zja8vvr7jg" }
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  refs: Record<string, string>;
}
