import { Injectable } from '@nestjs/common';
import type { Environment } from '../../platform/environment';

/** A named seat that the user holds, as an app reads it without a network. */
export interface SeatClaim {
  licenseId: string;
  productId: string;
  entityId: string;
}

/** What else than access a signed answer states. Nobody has a named seat so far. */
@Injectable()
export class OfflineClaims {
  seatsOf(_environment: Environment, _userId: string): Promise<SeatClaim[]> {
    return Promise.resolve([]);
  }
}
