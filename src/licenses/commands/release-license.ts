import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CustomerLinks } from '../../customers';
import { DomainError } from '../../platform/domain-error';
import type { Environment } from '../../platform/environment';
import { ReadModelPosition } from '../../projections';
import { forceRelease } from '../decide-seats';
import type { License } from '../license';
import { LicenseQueries } from '../license-queries';
import { PoolLog } from '../pool-log';

/** An admin takes a seat from its entity. */
export class ReleaseLicense extends Command<License> {
  constructor(
    readonly by: { environment: Environment; admin: string; requestId: string },
    readonly licenseId: string,
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(ReleaseLicense)
export class ReleaseLicenseHandler implements ICommandHandler<ReleaseLicense> {
  constructor(
    private readonly queries: LicenseQueries,
    private readonly links: CustomerLinks,
    private readonly log: PoolLog,
    private readonly position: ReadModelPosition,
  ) {}

  async execute({ by: { environment, admin, requestId }, licenseId, reason }: ReleaseLicense): Promise<License> {
    const license = await this.queries.one(environment, licenseId);
    if (!license) throw new DomainError('not_found', 'There is no such license.');
    const { source, customerId } = license;
    const [userId = null] = customerId === null ? [] : await this.links.usersOf(environment, [customerId]);
    const place = { environment, sourceId: source.id, customerId };
    const by = { actor: admin, userId, requestId };
    const { pool, position } = await this.log.decide(place, by, (known) => forceRelease({ licenseId, note: reason }, known));
    if (position) await this.position.atLeast(environment, position);
    return { ...pool.seats.get(licenseId)!, source };
  }
}
