import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsOptional, Matches, ValidateIf, ValidateNested } from 'class-validator';
import { IsPlainText } from '../platform/is-plain-text';
import { IsMetadata } from './is-metadata';
import type { Metadata } from './license';

/** May be left out, but not be null. */
const IfGiven = () => ValidateIf((_, value: unknown) => value !== undefined);

export class NamedEntityDto {
  /**
   * Whom your product knows by it: a user, a machine, a site. Up to 255 characters.
   * @example "ada@example.com"
   */
  @IsPlainText(255)
  entityId: string;

  /** @example "Ada Lovelace" */
  @IsOptional()
  @IsPlainText(255)
  name?: string | null;

  /** Yours: at most 16 KB of JSON, 64 keys, 4 levels. */
  @IfGiven()
  @IsMetadata()
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata?: Metadata;
}

export class SaveLicenseDto {
  /**
   * A product's id, or its name in the configuration (`p_ref`).
   * @example "team"
   */
  @IsPlainText(128)
  product: string;

  /**
   * Either this or `entities`. Up to 255 characters.
   * @example "ada@example.com"
   */
  @IfGiven()
  @IsPlainText(255)
  entityId?: string;

  /** @example "Ada Lovelace" */
  @IsOptional()
  @IsPlainText(255)
  name?: string | null;

  /** Yours: at most 16 KB of JSON, 64 keys, 4 levels. */
  @IfGiven()
  @IsMetadata()
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata?: Metadata;

  /** Up to 100 at once: all of them get a seat, or none does. */
  @IfGiven()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => NamedEntityDto)
  entities?: NamedEntityDto[];

  /**
   * Id of the subscription, or of the purchase's transaction, whose seats are to be used. Left out: the one with most seats free.
   * @example "sub_01hv8x29kz0t586xy6zn1a62ny"
   */
  @IfGiven()
  @Matches(/^[\w-]{1,64}$/, { message: 'source is not an id' })
  source?: string;
}

export class UpdateLicenseDto {
  /** @example "lic_5f0c1d9e8b7a64523100ffeedd" */
  @Matches(/^lic_\w{1,64}$/, { message: 'licenseId is not the id of a license' })
  licenseId: string;

  /** null takes it away. */
  @IsOptional()
  @IsPlainText(255)
  name?: string | null;

  /** In place of what is there. */
  @IfGiven()
  @IsMetadata()
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata?: Metadata;

  /** Hands the seat to another entity. */
  @IfGiven()
  @IsPlainText(255)
  entityId?: string;

  /** `true` frees the seat for another entity. What you pay stays the same. */
  @IfGiven()
  @IsBoolean()
  release?: boolean;
}

export class ReleaseLicenseDto {
  /** Why, in up to 500 characters; kept on the ledger with your name. */
  @IsPlainText(500)
  reason: string;
}

export class PoolSourceDto {
  type: 'subscription' | 'purchase';
  /**
   * Of the subscription, or of the purchase's transaction.
   * @example "sub_01hv8x29kz0t586xy6zn1a62ny"
   */
  id: string;
}

export class LicenseDto {
  /** @example "lic_5f0c1d9e8b7a64523100ffeedd" */
  id: string;
  entityId: string;
  name: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: Metadata;
  productId: string;
  /** The product's name in the configuration (`p_ref`). */
  ref: string | null;
  source: PoolSourceDto;
  status: 'active' | 'suspended' | 'released';
  /**
   * `released_by_user`, `released_by_admin`, `seats_reduced`, or what has ended: `subscription_lapsed`, `purchase_refunded`,
   * `purchase_charged_back`, `product_removed`, `entitlement_removed`.
   */
  releaseReason: string | null;
  /** `subscription_paused`, `subscription_past_due`, `subscription_status_unknown`; or `seats_reduced`: it waits for a seat. */
  suspendReason: string | null;
  createdAt: string;
  updatedAt: string;
}

export class SavedLicenseDto {
  /** By this request; false where the entity had a license already. */
  created: boolean;
  license: LicenseDto;
}

export class SavedLicensesDto {
  /** In the order of the request. */
  data: SavedLicenseDto[];
}

export class PoolDto {
  source: PoolSourceDto;
  productId: string;
  /** The product's name in the configuration (`p_ref`). */
  ref: string | null;
  total: number;
  /** Suspended ones included, but for those that wait for a seat. */
  used: number;
  available: number;
  /** More are used than there are: some will go, by the product's policy. */
  overAllocated: boolean;
  /** Seats can be given out and used, only be kept, or nothing of both. */
  state: 'granting' | 'suspended' | 'lapsed';
  /** Why not `granting`. */
  reason: string | null;
}

export class LicenseListDto {
  /** The oldest first. */
  data: LicenseDto[];
  pools: PoolDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}

export class LicensePageDto {
  /** The oldest first. */
  data: LicenseDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}

export class LicenseCheckDto {
  /** Whether the entity may use the product now. */
  valid: boolean;
  /**
   * The first of these that holds: `not_found`: the entity never had a license of the product. `released`: it had one.
   * `no_entitlement`: it has one, and what granted it has ended. `suspended`: the license, or what grants it. `over_limit`: it
   * goes because fewer seats are left than are used. `valid`. Where an entity has several licenses, the best of them counts.
   */
  code: 'valid' | 'not_found' | 'released' | 'no_entitlement' | 'suspended' | 'over_limit';
  license: LicenseDto | null;
  pool: PoolDto | null;
}
