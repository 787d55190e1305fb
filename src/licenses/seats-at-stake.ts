import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { DomainError } from '../platform/domain-error';
import type { Environment } from '../platform/environment';
import { ProductSettings, type ProductConfiguration } from '../settings';
import { SwitchEffects, type SeatKeeper, type SeatLost, type Subscription } from '../subscriptions';
import { decideReaction, policyOf } from './decide-reaction';
import { entitlementsOf } from './entitlement';
import { takesSeat } from './license';
import { evolvePool, type LicensePool } from './license-pool';
import { PoolLog } from './pool-log';

/** Tells beforehand what a switch of a subscription would do to its seats: what the reaction to it would be. */
@Injectable()
export class SeatsAtStake implements SeatKeeper, OnModuleInit {
  constructor(
    private readonly effects: SwitchEffects,
    private readonly settings: ProductSettings,
    private readonly log: PoolLog,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.effects.askAboutSeats(this);
  }

  async seatsLost(environment: Environment, then: Subscription): Promise<SeatLost[]> {
    const { pool } = await this.log.read({ environment, sourceId: then.id });
    return seatsLostBy(then, this.settings.of(environment), pool, this.clock);
  }

  async refuseLoss(environment: Environment, then: Subscription): Promise<void> {
    const lost = await this.seatsLost(environment, then);
    const configuration = this.settings.of(environment);
    const kept = lost.filter(({ productId }) => policyOf(configuration, productId).whenReduced === 'refuse');
    if (kept.length === 0) return;
    const detail = `${kept.length} more seats are used than would be left. Release them first, then repeat.`;
    throw new DomainError('seats_in_use', detail, { seats: kept });
  }
}

function seatsLostBy(then: Subscription, configuration: ProductConfiguration, before: LicensePool, clock: Clock): SeatLost[] {
  const now = clock.now();
  const [source] = entitlementsOf({ subscriptions: [then], purchases: [] }, configuration, now);
  const events = decideReaction(source!, configuration, before);
  const after = evolvePool(
    before,
    events.map((event) => ({ ...event, at: now, customerId: before.customerId })),
  );
  return [...before.seats.values()]
    .filter((seat) => takesSeat(seat) && !takesSeat(after.seats.get(seat.licenseId)!))
    .map(({ licenseId, entityId, productId }) => ({ licenseId, entityId, productId }));
}
