import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsPlainText } from '../platform/is-plain-text';
import type { Metadata } from './device';
import { IsUuid } from './is-uuid';

export class RegisterDeviceDto {
  /**
   * Made up by the app at its first start, and kept. RFC 9562, any version, in any case.
   * @example "7f8b1f0e-3c52-4d0a-9c1e-5b6a7d8e9f01"
   */
  @IsUuid()
  uuid: string;

  /**
   * What its owner calls it. Left out: as it was; null: none. So for the next three.
   * @example "Ada's laptop"
   */
  @IsOptional()
  @IsPlainText(100)
  name?: string | null;

  /** @example "macos" */
  @IsOptional()
  @IsPlainText(64)
  platform?: string | null;

  /** @example "4.2.0" */
  @IsOptional()
  @IsPlainText(64)
  appVersion?: string | null;

  /** Whatever else the app wants to keep: an object of at most 4,096 bytes and three levels. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  metadata?: Metadata | null;

  /** The product that the device is for: its id, or its name in the configuration (`p_ref`). Its device limit counts. */
  @IsOptional()
  @IsPlainText(128)
  product?: string;

  /** At the limit, retires the device that was not seen for the longest, where the product's configuration allows that. */
  @IsOptional()
  @IsIn(['oldest'])
  reclaim?: 'oldest';
}

export class DeviceDto {
  /** @example "7f8b1f0e-3c52-4d0a-9c1e-5b6a7d8e9f01" */
  uuid: string;
  /** `retired`: it has no place among its owner's devices any more. `blocked`: an admin keeps it out. */
  status: 'active' | 'blocked' | 'retired';
  name: string | null;
  platform: string | null;
  appVersion: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: Metadata;
  firstSeenAt: string;
  /** To the minute. */
  lastSeenAt: string;
}

export class OfflineAnswerDto {
  /** A JWS in compact form, signed with EdDSA; `GET /.well-known/jwks.json` has the key. */
  token: string;
  expiresAt: string;
}

export class DeviceStatusDto extends DeviceDto {
  /** Only with `offline=true`. Null for a device that is not active, or whose owner may use nothing. */
  offline?: OfflineAnswerDto | null;
}

export class DevicePageDto {
  /** Newest first. */
  data: DeviceDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}

export class PublishedKeyDto {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  kid: string;
  use: 'sig';
  alg: 'EdDSA';
}

export class KeySetDto {
  /** All that may have signed an answer which is still good. Empty where none are signed. */
  keys: PublishedKeyDto[];
}
