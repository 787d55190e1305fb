import { Injectable } from '@nestjs/common';
import { UserLicenses, validLicenses } from '../../licenses';
import type { Environment } from '../../platform/environment';

/** A named seat that may be used, as an app reads it without a network. */
export interface SeatClaim {
  licenseId: string;
  productId: string;
  entityId: string;
}

/** What else than access a signed answer states: the user's named seats. */
@Injectable()
export class OfflineClaims {
  constructor(private readonly licenses: UserLicenses) {}

  async seatsOf(environment: Environment, userId: string): Promise<SeatClaim[]> {
    const held = await this.licenses.of(environment, userId);
    return validLicenses(held, held.configuration).map(({ licenseId, productId, entityId }) => ({
      licenseId,
      productId,
      entityId,
    }));
  }
}
