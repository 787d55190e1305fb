import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { createHash } from 'node:crypto';
import type { Environment } from '../../platform/environment';
import { DomainError } from '../../platform/domain-error';
import { ReadModelPosition } from '../../projections';
import type { HeldLicenses } from '../decide-check';
import { assignSeats, noEntitlement, seatOf, type WantedSeat } from '../decide-seats';
import { entitlementTo, type SourceEntitlement } from '../entitlement';
import { usageOf, type License } from '../license';
import type { LicensePool } from '../license-pool';
import { PoolLog } from '../pool-log';
import { UserLicenses } from '../user-licenses';

/** The user who asks, and the request they ask in. */
export interface AskedBy {
  environment: Environment;
  userId: string;
  requestId: string;
  idempotencyKey: string | null;
}

export interface WantedLicenses {
  /** Id or name (`p_ref`). */
  product: string;
  entities: WantedSeat[];
  /** The subscription or purchase whose seats are to be used; null: the one with the most free seats. */
  sourceId: string | null;
}

export interface SavedLicense {
  license: License;
  /** By this request. */
  created: boolean;
}

/** Gives each of these entities a seat, or none of them; one that has a seat keeps it. */
export class SaveLicenses extends Command<SavedLicense[]> {
  constructor(
    readonly by: AskedBy,
    readonly wanted: WantedLicenses,
  ) {
    super();
  }
}

interface Candidate {
  source: SourceEntitlement;
  pool: LicensePool;
}

@CommandHandler(SaveLicenses)
export class SaveLicensesHandler implements ICommandHandler<SaveLicenses> {
  constructor(
    private readonly licenses: UserLicenses,
    private readonly log: PoolLog,
    private readonly position: ReadModelPosition,
  ) {}

  async execute({ by, wanted }: SaveLicenses): Promise<SavedLicense[]> {
    const known = await this.licenses.of(by.environment, by.userId);
    const productId = known.configuration.productIdOf(wanted.product);
    const candidates = await this.candidates(by, concernedBy(known, productId, wanted.sourceId), productId);
    const commandId = commandIdOf(by);
    const held = (entityId: string) => candidates.find(({ pool }) => seatOf(pool, productId, entityId));
    const missing = wanted.entities.filter(({ entityId }) => !held(entityId));
    const filled = missing.length > 0 ? await this.assign(by, candidates, { productId, wanted: missing, commandId }) : null;
    return wanted.entities.map(({ entityId }) => {
      const { source, pool } = held(entityId) ?? filled!;
      const seat = seatOf(pool, productId, entityId)!;
      const created = filled?.created.has(seat.licenseId) === true || (commandId !== null && seat.commandId === commandId);
      return { license: { ...seat, source: source.source }, created };
    });
  }

  /** As the ledger has them now: what another process has just decided counts. */
  private candidates({ environment }: AskedBy, sources: SourceEntitlement[], productId: string): Promise<Candidate[]> {
    return Promise.all(
      sources.map(async (source) => {
        const { pool } = await this.log.read({ environment, sourceId: source.source.id });
        return { source, pool };
      }),
    ).then((all) => mostRoomFirst(all, productId));
  }

  /** All into the first pool that has room for them; somebody else may be faster, so the next one is tried. */
  private async assign(
    { environment, userId, requestId }: AskedBy,
    candidates: Candidate[],
    asked: { productId: string; wanted: WantedSeat[]; commandId: string | null },
  ): Promise<Candidate & { created: Set<string> }> {
    let refusal: unknown = null;
    for (const { source } of candidates) {
      const { id: sourceId } = source.source;
      if (entitlementTo(asked.productId, source)?.state !== 'granting') continue;
      const idOf = (number: number) => licenseIdOf(environment, sourceId, number);
      const place = { environment, sourceId, customerId: source.customerId };
      try {
        const decide = (pool: LicensePool) => assignSeats({ ...asked, source, idOf }, pool);
        const { pool, events, position } = await this.log.decide(place, { actor: userId, userId, requestId }, decide);
        if (position) await this.position.atLeast(environment, position);
        const assigned = events.flatMap(({ type, data }) => (type === 'license.seat_assigned' ? data.licenseId : []));
        return { source, pool, created: new Set(assigned) };
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'no_seats_available') throw error;
        refusal ??= error;
      }
    }
    const [first] = candidates.flatMap(({ source }) => entitlementTo(asked.productId, source) ?? []);
    throw refusal ?? noEntitlement(asked.productId, first?.reason ?? null);
  }
}

/**
 * The sources that grant seats of the product, or did.
 * @throws DomainError `not_found` for a source that is not the user's
 */
function concernedBy({ sources, licenses }: HeldLicenses, productId: string, sourceId: string | null): SourceEntitlement[] {
  const own = sources.filter(({ source }) => sourceId === null || source.id === sourceId);
  if (sourceId !== null && own.length === 0) throw new DomainError('not_found', 'You have no such subscription or purchase.');
  const holding = new Set(licenses.filter((one) => one.productId === productId).map(({ source }) => source.id));
  return own.filter((source) => entitlementTo(productId, source) || holding.has(source.source.id));
}

/** The same order for everybody who asks at once. */
function mostRoomFirst(candidates: Candidate[], productId: string): Candidate[] {
  const room = ({ source, pool }: Candidate) => {
    const granted = entitlementTo(productId, source);
    return granted?.state === 'granting' ? usageOf(pool.seats.values(), productId, granted.total).available : -1;
  };
  const byId = (a: Candidate, b: Candidate) => (a.source.source.id < b.source.source.id ? -1 : 1);
  return [...candidates].sort((a, b) => room(b) - room(a) || byId(a, b));
}

/** The so-manieth seat of a pool has one id, whoever decides about it how often. */
export function licenseIdOf(environment: Environment, sourceId: string, number: number): string {
  const digest = createHash('sha256').update(`${environment}\n${sourceId}\n${number}`).digest('hex');
  return `lic_${digest.slice(0, 26)}`;
}

/** Sent again after a process died with the answer, a request knows its own seats by it. */
function commandIdOf({ environment, userId, idempotencyKey }: AskedBy): string | null {
  if (idempotencyKey === null) return null;
  return createHash('sha256')
    .update(JSON.stringify([environment, userId, idempotencyKey]))
    .digest('hex')
    .slice(0, 32);
}
