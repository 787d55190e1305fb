import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { revokeGrant, type Grant } from '../grant';
import { GrantLog, type DecidedBy } from '../grant-log';

/** Takes back what was given. */
export class RevokeGrant extends Command<Grant> {
  constructor(
    readonly by: DecidedBy,
    readonly grantId: string,
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(RevokeGrant)
export class RevokeGrantHandler implements ICommandHandler<RevokeGrant> {
  constructor(private readonly log: GrantLog) {}

  execute({ by, grantId, reason }: RevokeGrant): Promise<Grant> {
    return this.log.decide(by, grantId, (grant) => revokeGrant({ grantId, reason, revokedBy: by.admin }, grant));
  }
}
