import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { createHash, randomUUID } from 'node:crypto';
import { Clock } from '../../platform/clock';
import { ProductSettings } from '../../settings';
import { giveGrant, type Grant } from '../grant';
import { GrantLog, type DecidedBy } from '../grant-log';

/** Access as an admin asks for it. */
export interface AskedGrant {
  userId: string;
  /** Id or name (`p_ref`). */
  product: string;
  until: string | null;
  quantity?: number;
  reason: string;
}

/** Gives a user access to a product without billing. */
export class GiveGrant extends Command<Grant> {
  constructor(
    readonly by: DecidedBy & { idempotencyKey: string | null },
    readonly asked: AskedGrant,
  ) {
    super();
  }
}

@CommandHandler(GiveGrant)
export class GiveGrantHandler implements ICommandHandler<GiveGrant> {
  constructor(
    private readonly log: GrantLog,
    private readonly settings: ProductSettings,
    private readonly clock: Clock,
  ) {}

  execute({ by, asked }: GiveGrant): Promise<Grant> {
    const { product, quantity = 1, userId, until, reason } = asked;
    const grantId = newGrantId(by, asked);
    const productId = this.settings.of(by.environment).productIdOf(product);
    const wanted = { grantId, userId, productId, until, quantity, reason, givenBy: by.admin };
    return this.log.decide(by, grantId, (grant) => giveGrant(wanted, grant, this.clock.now()));
  }
}

/**
 * The same for the same request with the same key: sent again after a process died with the answer, it finds its own grant.
 * The request is part of it, since a key is free for another one after a day.
 */
function newGrantId({ environment, admin, idempotencyKey }: GiveGrant['by'], asked: AskedGrant): string {
  if (idempotencyKey === null) return `grant_${randomUUID().replaceAll('-', '')}`;
  const { userId, product, until, quantity = 1, reason } = asked;
  const request = JSON.stringify([environment, admin, idempotencyKey, userId, product, until, quantity, reason]);
  return `grant_${createHash('sha256').update(request).digest('hex').slice(0, 32)}`;
}
