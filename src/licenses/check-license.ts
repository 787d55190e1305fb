import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Environment } from '../platform/environment';
import { decideCheck, type LicenseCheck } from './decide-check';
import { UserLicenses } from './user-licenses';

/** May this entity use this product by a license of the user's? */
export class CheckLicense extends Query<LicenseCheck> {
  /** @param product its id, or its name in the configuration */
  constructor(
    readonly environment: Environment,
    readonly userId: string,
    readonly product: string,
    readonly entityId: string,
  ) {
    super();
  }
}

@QueryHandler(CheckLicense)
export class CheckLicenseHandler implements IQueryHandler<CheckLicense> {
  constructor(private readonly licenses: UserLicenses) {}

  async execute({ environment, userId, product, entityId }: CheckLicense): Promise<LicenseCheck> {
    const held = await this.licenses.of(environment, userId);
    return decideCheck(held, held.configuration, held.configuration.productIdOf(product), entityId);
  }
}
