import { Injectable } from '@nestjs/common';
import { eventRef, Ledger, LedgerReader, type NewEvent } from '../ledger';
import { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { ReadModelPosition } from '../projections';
import { isGrantId, type Grant, type GrantEvent } from './grant';
import { readGrantFact, streamOfGrant } from './grant-facts';
import { grants, toGrant, type GrantRow } from './read-models/grants';

/** The admin who decides, and the request they decide in. */
export interface DecidedBy {
  environment: Environment;
  admin: string;
  requestId: string;
}

interface KnownGrant {
  grant: Grant | null;
  /** Of its stream. */
  version: number;
  /** Of its last event. */
  position: string | null;
}

/** Far more than is ever decided of one grant. */
const STREAM_END = 16;

/** Keeps on the ledger what is decided of grants. */
@Injectable()
export class GrantLog {
  constructor(
    private readonly ledger: Ledger,
    private readonly reader: LedgerReader,
    private readonly position: ReadModelPosition,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads a grant, appends what `decide` says of it, and waits until the read models show it.
   * @returns the grant as the ledger then has it: of two who decide the same at once, both get what the first has decided
   */
  async decide(by: DecidedBy, grantId: string, decide: (grant: Grant | null) => GrantEvent[]): Promise<Grant> {
    const before = await this.read(by.environment, grantId);
    const [event] = decide(before.grant);
    if (event) await this.append(by, event, before.version);
    const { grant, position } = event ? await this.read(by.environment, grantId) : before;
    if (!grant || position === null) throw new Error('nothing was decided of a grant that does not exist');
    await this.position.atLeast(by.environment, position);
    return grant;
  }

  private async read(environment: Environment, grantId: string): Promise<KnownGrant> {
    if (!isGrantId(grantId)) return { grant: null, version: 0, position: null };
    const { events, version } = await this.reader.readStreamEnd(environment, streamOfGrant(grantId), STREAM_END);
    const facts = events.flatMap((event) => readGrantFact(event) ?? []);
    const row = facts.reduce<GrantRow | null>((known, fact) => grants.evolve(known, fact, grantId), null);
    const last = events.at(-1);
    return { grant: toGrant(row), version, position: last ? eventRef(last) : null };
  }

  /** Each of a grant's events has an id that follows from the grant, so that it is recorded once, whoever asks how often. */
  private async append(by: DecidedBy, { type, userId, data }: GrantEvent, expectedVersion: number): Promise<void> {
    const { environment, admin: actor, requestId } = by;
    const event: NewEvent = {
      eventId: `${type.slice('grant.'.length)}_${data.grantId}`,
      type,
      schemaVersion: 1,
      occurredAt: this.clock.now(),
      customerId: null,
      userId,
      body: Buffer.from(JSON.stringify(data)),
      metadata: { source: 'native', actor, requestId },
    };
    await this.ledger.append({ environment, streamId: streamOfGrant(data.grantId), expectedVersion, events: [event] });
  }
}
