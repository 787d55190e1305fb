import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Ledger, LedgerReader, ShardMap, type FoldableEvent } from '../ledger';
import { Clock } from '../platform/clock';
import { Database, type Queryable } from '../platform/database';
import { DomainError } from '../platform/domain-error';
import { applyReadings } from './apply-readings';
import { lockCheckpoint } from './checkpoints';
import { DISMISSED, dismissalStream, findDeadLetters, readHeldBack, unpark, type DeadLetter } from './dead-letters';
import { ProjectionRegistry } from './projection-registry';
import { ReadModelPosition } from './read-model-position';

/** A waiting stream, with what an admin needs to decide. */
export interface DeadLetterView extends DeadLetter {
  /** `<projection>.<build>.<shard>-<position>` */
  id: string;
  /** Of the event that stopped it. */
  eventId: string;
  eventType: string;
  /** Events of the stream that wait, this one included. */
  waiting: number;
}

const ID = /^(\w+)\.(\d{1,9})\.(\d{1,5})-(\d{1,15})$/;

/** What admins do with streams that could not be folded. */
@Injectable()
export class DeadLetterOffice {
  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
    private readonly reader: LedgerReader,
    private readonly registry: ProjectionRegistry,
    private readonly shards: ShardMap,
    private readonly position: ReadModelPosition,
    private readonly clock: Clock,
  ) {}

  async list(page: { after: string | null; limit: number }): Promise<DeadLetterView[]> {
    const after = page.after === null ? null : parseId(page.after);
    if (page.after !== null && !after) throw new DomainError('invalid_request', 'The parameter "after" is not a cursor of ours.');
    const cursor = after && ([after.shardId, after.position, after.projection, after.build] as [number, number, string, number]);
    const found = await findDeadLetters({ shardIds: this.shards.all() }, { after: cursor, limit: page.limit }, this.database);
    return Promise.all(found.map((letter) => this.view(letter)));
  }

  /**
   * Reads the stream again from where it stopped, in order, with the code as it is now.
   * @returns null when it is all folded, else where and why it waits
   * @throws DomainError `not_found`
   */
  async retry(id: string): Promise<DeadLetterView | null> {
    const letter = await this.find(id);
    const left = await this.database.transaction((client) => this.replay(letter, client));
    this.position.noticeProgress();
    return left && this.view(left);
  }

  /**
   * Leaves the event out of the projection for good, and goes on with the rest of its stream. Who did it, and why, is a fact
   * on the ledger, so a rebuild leaves it out too.
   */
  async dismiss(id: string, reason: string, by: { actor: string; requestId: string }): Promise<DeadLetterView | null> {
    const letter = await this.find(id);
    const event = await this.eventOf(letter);
    const { projection, build, streamId, position, shardId } = letter;
    const content = { projection, build, streamId, position, eventId: event.eventId, reason, error: letter.message };
    await this.ledger.append({
      environment: this.shards.environmentOf(shardId),
      streamId: dismissalStream(projection, position),
      events: [
        {
          eventId: `native_${randomUUID()}`,
          type: DISMISSED,
          schemaVersion: 1,
          occurredAt: this.clock.now(),
          customerId: event.customerId, // so that it lies on the shard of the event
          userId: null,
          body: Buffer.from(JSON.stringify(content)),
          metadata: { source: 'native', actor: by.actor, requestId: by.requestId, causationId: event.eventId },
        },
      ],
    });
    return this.retry(id);
  }

  private async replay(letter: DeadLetter, on: Queryable): Promise<DeadLetter | null> {
    const { shardId, streamId, position } = letter;
    const projection = this.registry.named(letter.projection)!;
    const checkpoint = await lockCheckpoint(letter, shardId, on, 'wait');
    if (!checkpoint) throw new DomainError('not_found', 'Its build is gone.');
    const held = await readHeldBack(shardId, on);
    const events = await this.reader.readStreamRange(shardId, streamId, position, checkpoint.position, on);
    const target = { projection, build: letter.build };
    const readings = events.map((event) => this.registry.read(event));
    const free = { ...held, parked: () => new Set<string>() };
    const stuck = await applyReadings(target, shardId, readings, free, on);
    if (stuck.length === 0) await unpark(letter, on);
    await on.query('UPDATE operations.projection_builds SET revision = revision + 1 WHERE projection = $1 AND build = $2', [
      letter.projection,
      letter.build,
    ]);
    const where = { shardIds: [shardId], projection: letter.projection, build: letter.build };
    const left = await findDeadLetters(where, { after: null, limit: 100_000 }, on);
    return left.find((one) => one.streamId === streamId) ?? null;
  }

  private async find(id: string): Promise<DeadLetter> {
    const wanted = parseId(id);
    const found =
      wanted && (await findDeadLetters({ ...wanted, shardIds: [wanted.shardId] }, { after: null, limit: 1 }, this.database))[0];
    if (!found || !this.registry.named(found.projection)) throw new DomainError('not_found', `There is no dead letter ${id}.`);
    return found;
  }

  private async view(letter: DeadLetter): Promise<DeadLetterView> {
    const { shardId, projection, build, streamId, position } = letter;
    const event = await this.eventOf(letter);
    const { rows } = await this.database.query<{ waiting: number }>(
      'SELECT count(*) AS waiting FROM ledger.events WHERE shard_id = $1 AND stream_id = $2 AND position >= $3',
      [shardId, streamId, position],
    );
    const id = `${projection}.${build}.${shardId}-${position}`;
    return { ...letter, id, eventId: event.eventId, eventType: event.type, waiting: rows[0]!.waiting };
  }

  private async eventOf({ shardId, streamId, position }: DeadLetter): Promise<FoldableEvent> {
    return (await this.reader.readStreamRange(shardId, streamId, position, position, this.database))[0]!;
  }
}

function parseId(id: string): { projection: string; build: number; shardId: number; position: number } | null {
  const parts = ID.exec(id);
  if (!parts) return null;
  return { projection: parts[1]!, build: Number(parts[2]), shardId: Number(parts[3]), position: Number(parts[4]) };
}
