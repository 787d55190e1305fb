import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { UserAccess } from '../../access';
import { Clock } from '../../platform/clock';
import { CONFIG, type Config } from '../../platform/config';
import type { Environment } from '../../platform/environment';
import { instantFromMs } from '../../platform/instant';
import { statusOf, type Device } from '../device';
import { OfflineClaims } from './offline-claims';
import { OfflineKeys } from './offline-keys';
import { offlineStatement } from './offline-statement';

/** What an app shows itself while it cannot ask. */
export interface OfflineAnswer {
  /** A JWS in compact form. */
  token: string;
  expiresAt: string;
}

/** Signed answers for devices that will be without a network. */
@Injectable()
export class OfflineAnswers {
  constructor(
    private readonly keys: OfflineKeys,
    private readonly access: UserAccess,
    private readonly claims: OfflineClaims,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @returns null for a device that is not active, and where its owner may use nothing: neither is to be relied on
   * @throws DomainError `not_configured` where no key is set
   */
  async of(environment: Environment, device: Device): Promise<OfflineAnswer | null> {
    this.keys.require();
    if (statusOf(device) !== 'active') return null;
    const { userId: sub, uuid } = device;
    const { products, changesAt } = await this.access.of(environment, sub);
    const iat = this.clock.nowSeconds();
    const stated = offlineStatement(products, changesAt, iat, this.config.offline.tokenTtlSeconds);
    if (!stated) return null;
    const { access, expiresAt: exp } = stated;
    const seats = await this.claims.seatsOf(environment, sub);
    const token = await this.keys.sign({ sub, device: uuid, environment, access, seats, iat, exp, jti: randomUUID() });
    return { token, expiresAt: instantFromMs(exp * 1000) };
  }
}
