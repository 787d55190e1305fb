import { Injectable } from '@nestjs/common';
import type { Environment } from '../platform/environment';
import { ProductSettings } from '../settings';
import type { LicenseCheck, PoolUsage } from './decide-check';
import type { License } from './license';
import type { LicenseCheckDto, LicenseDto, PoolDto } from './licenses.dto';

/** Licenses as the API shows them, with the names that their products have in the configuration. */
@Injectable()
export class LicenseAnswers {
  constructor(private readonly settings: ProductSettings) {}

  license(environment: Environment, license: License): LicenseDto {
    const { licenseId: id, entityId, name, metadata, productId, source, status, reason, createdAt, updatedAt } = license;
    const ref = this.refOf(environment, productId);
    const releaseReason = status === 'released' ? reason : null;
    const suspendReason = status === 'suspended' ? reason : null;
    const whose = { id, entityId, name, metadata, productId, ref, source };
    return { ...whose, status, releaseReason, suspendReason, createdAt, updatedAt };
  }

  pool(
    environment: Environment,
    { source, productId, total, used, available, overAllocated, state, reason }: PoolUsage,
  ): PoolDto {
    const ref = this.refOf(environment, productId);
    return { source, productId, ref, total, used, available, overAllocated, state, reason };
  }

  check(environment: Environment, { valid, code, license, pool }: LicenseCheck): LicenseCheckDto {
    return {
      valid,
      code,
      license: license && this.license(environment, license),
      pool: pool && this.pool(environment, pool),
    };
  }

  private refOf(environment: Environment, productId: string): string | null {
    return this.settings.of(environment).refOf(productId);
  }
}
