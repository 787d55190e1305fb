import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock } from '../../platform/clock';
import { describe } from '../../platform/database';
import { DomainError } from '../../platform/domain-error';
import type { Environment } from '../../platform/environment';
import { instantFromMs } from '../../platform/instant';
import { LOGGER } from '../../platform/logger';
import { licenseIdOf } from '../commands/save-licenses';
import { decideReaction } from '../decide-reaction';
import { decideRestorations, restoreSeats, type HeldPool, type Restoration } from '../decide-restorations';
import { assignSeats } from '../decide-seats';
import type { SourceEntitlement } from '../entitlement';
import { EMPTY_POOL, type LicensePool, type PoolEvent } from '../license-pool';
import { PoolLog } from '../pool-log';
import type { Concerned } from './concerned';
import type { Account } from './bare-sources';
import { ConcernedAccounts } from './concerned-accounts';
import type { Watch } from './reactor-state';

const ACTOR = 'job:licenses';
const AGAIN_AFTER_MS = 30_000;

/** Brings pools in line with their sources. May be repeated at will. */
@Injectable()
export class LicenseReactions {
  constructor(
    private readonly accounts: ConcernedAccounts,
    private readonly log: PoolLog,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns when to look at the pools that were looked at again, one that failed included: it must not hold up the others */
  async look(environment: Environment, concerned: Concerned): Promise<Watch[]> {
    const watches: Watch[] = [];
    for (const account of await this.accounts.find(environment, concerned)) {
      const pooled = account.sources.filter(({ source }) => account.pooled.has(source.id));
      try {
        await this.react(environment, account, concerned);
        watches.push(...pooled.map(({ source, changesAt }) => ({ sourceId: source.id, dueAt: changesAt })));
      } catch (error) {
        const sourceIds = pooled.map(({ source }) => source.id);
        this.logger.error(
          { sourceIds, err: describe(error) },
          'the licenses of a pool could not be looked after, and will be later',
        );
        const dueAt = instantFromMs(this.clock.nowMs() + AGAIN_AFTER_MS);
        watches.push(...sourceIds.map((sourceId) => ({ sourceId, dueAt })));
      }
    }
    return watches;
  }

  private async react(environment: Environment, account: Account, concerned: Concerned): Promise<void> {
    const { configuration, sources } = account;
    const decide = async (source: SourceEntitlement, toDo: (pool: LicensePool) => PoolEvent[]) => {
      const { id: sourceId } = source.source;
      const { pool } = await this.log.read({ environment, sourceId });
      if (toDo(pool).length === 0) return { pool };
      const causationId = await concerned.causeOf(sourceId, source.customerId);
      const by = { actor: ACTOR, userId: account.userId, ...(causationId && { causationId }) };
      return this.log.decide({ environment, sourceId, customerId: source.customerId }, by, toDo);
    };
    const held: HeldPool[] = [];
    for (const source of sources) {
      if (!account.pooled.has(source.source.id)) held.push({ source, pool: EMPTY_POOL });
      else held.push({ source, pool: (await decide(source, (pool) => decideReaction(source, configuration, pool))).pool });
    }
    const restorations = decideRestorations(held, configuration, this.clock.now());
    for (const source of sources) {
      const own = restorations.filter(({ to }) => to === source.source.id);
      for (const toDo of ordersOf(environment, source, own)) await decide(source, toDo).catch(ignoreFull);
    }
  }
}

/** What brings seats back into one pool: its own, and in its stead those of pools that ended, product by product. */
function ordersOf(environment: Environment, source: SourceEntitlement, restorations: Restoration[]) {
  const { id } = source.source;
  const own = restorations.filter(({ from }) => from === id).map(({ seat }) => seat);
  const others = restorations.filter(({ from }) => from !== id).map(({ seat }) => seat);
  const productIds = [...new Set(others.map(({ productId }) => productId))];
  const idOf = (number: number) => licenseIdOf(environment, id, number);
  return [
    ...(own.length > 0 ? [(pool: LicensePool) => restoreSeats(own, source, pool)] : []),
    ...productIds.map((productId) => {
      const seats = others.filter((seat) => seat.productId === productId);
      const wanted = seats.map(({ entityId, name, metadata, licenseId: restoredFrom }) => ({
        entityId,
        name,
        metadata,
        restoredFrom,
      }));
      return (pool: LicensePool) => assignSeats({ productId, source, wanted, idOf, commandId: null }, pool);
    }),
  ];
}

/** Somebody was faster with the free seats: that is news, and the next look has it. */
function ignoreFull(error: unknown): void {
  if (!(error instanceof DomainError) || !['no_seats_available', 'no_entitlement'].includes(error.code)) throw error;
}
