import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../platform/domain-error';
import { ReadModelPosition } from '../../projections';
import { changeSeat, type ChangeSeat } from '../decide-seats';
import type { License } from '../license';
import { LicenseQueries } from '../license-queries';
import { PoolLog } from '../pool-log';
import { UserLicenses } from '../user-licenses';
import type { AskedBy } from './save-licenses';

/** Renames, describes, hands over or releases a license of the user's. */
export class UpdateLicense extends Command<License> {
  constructor(
    readonly by: Omit<AskedBy, 'idempotencyKey'>,
    readonly wanted: ChangeSeat,
  ) {
    super();
  }
}

@CommandHandler(UpdateLicense)
export class UpdateLicenseHandler implements ICommandHandler<UpdateLicense> {
  constructor(
    private readonly licenses: UserLicenses,
    private readonly queries: LicenseQueries,
    private readonly log: PoolLog,
    private readonly position: ReadModelPosition,
  ) {}

  async execute({ by: { environment, userId, requestId }, wanted }: UpdateLicense): Promise<License> {
    const license = await this.queries.one(environment, wanted.licenseId);
    const { sources } = await this.licenses.of(environment, userId);
    const own = sources.find(({ source }) => source.id === license?.source.id);
    if (!license || !own) throw new DomainError('not_found', 'You have no such license.');
    const place = { environment, sourceId: own.source.id, customerId: own.customerId };
    const by = { actor: userId, userId, requestId };
    const { pool, position } = await this.log.decide(place, by, (known) => changeSeat(wanted, known));
    if (position) await this.position.atLeast(environment, position);
    return { ...pool.seats.get(wanted.licenseId)!, source: own.source };
  }
}
