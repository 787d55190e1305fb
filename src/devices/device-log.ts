import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { eventRef, Ledger, LedgerReader, type FoldableEvent, type NewEvent, type StreamEnd } from '../ledger';
import { Clock } from '../platform/clock';
import { DomainError } from '../platform/domain-error';
import type { Environment } from '../platform/environment';
import { ReadModelPosition } from '../projections';
import { readDeviceFact } from './device-facts';
import { listAfter, NO_DEVICES, type DeviceEvent, type DeviceList } from './device-list';
import { streamOf } from './device-streams';
import { InTurn } from './in-turn';

/** Whose devices it is about, who decides, and the request they decide in. */
export interface DecidedBy {
  environment: Environment;
  userId: string;
  /** The owner, or an admin. */
  actor: string;
  requestId: string;
}

/** A list, and the last event that it was read from. */
interface KnownList {
  list: DeviceList;
  last: FoldableEvent | null;
}

type Decide = (list: DeviceList) => DeviceEvent[] | Promise<DeviceEvent[]>;

const NOTHING_KNOWN: KnownList = { list: NO_DEVICES, last: null };
const REMEMBERED_DEVICES = 100_000;
const STREAM_END = 32;
const WHOLE_STREAM = Number.MAX_SAFE_INTEGER;
/** Of two processes that decide for one user at once, one is done each time: enough for very many of them. */
const ATTEMPTS = 32;

/** Keeps on the ledger what is decided of a user's devices: each decision knows of all before it, in whatever process they were made. */
@Injectable()
export class DeviceLog {
  private readonly known = new LRUCache<string, KnownList>({
    maxSize: REMEMBERED_DEVICES,
    sizeCalculation: ({ list }) => 1 + list.devices.size,
  });
  private readonly turns = new InTurn();

  constructor(
    private readonly ledger: Ledger,
    private readonly reader: LedgerReader,
    private readonly position: ReadModelPosition,
    private readonly clock: Clock,
  ) {}

  /**
   * Appends what `decide` says of a user's devices, and waits until the read models show it.
   * @param decide called again, on what is there by then, when another process was faster
   * @returns what was decided
   */
  async decide(by: DecidedBy, decide: Decide): Promise<DeviceEvent[]> {
    const key = `${by.environment} ${by.userId}`;
    const { events, position } = await this.turns.do(key, () => this.decideInTurn(by, key, decide));
    if (position) await this.position.atLeast(by.environment, position);
    return events;
  }

  private async decideInTurn(by: DecidedBy, key: string, decide: Decide) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { list, last } = await this.read(by, key);
      const events = await decide(list);
      const position = events.length > 0 ? await this.append(by, list.version, events) : last && eventRef(last);
      if (events.length === 0 || position) return { events, position };
    }
    throw new DomainError('service_unavailable', 'Very many devices of yours are changing at once. Send it again.');
  }

  private async read({ environment, userId }: DecidedBy, key: string): Promise<KnownList> {
    const remembered = this.known.get(key) ?? NOTHING_KNOWN;
    const end = await this.reader.readStreamEnd(environment, streamOf(userId), STREAM_END);
    const next = eventsAfter(remembered, end);
    if (next) return this.remember(key, remembered, next, end.version);
    this.known.delete(key);
    const { events, version } = await this.reader.readStreamEnd(environment, streamOf(userId), WHOLE_STREAM);
    return this.remember(key, NOTHING_KNOWN, events, version);
  }

  private remember(key: string, known: KnownList, events: FoldableEvent[], version: number): KnownList {
    if (events.length === 0) return known;
    const facts = events.flatMap((event) => readDeviceFact(event) ?? []).filter((fact) => fact.kind === 'device_changed');
    const next = { list: listAfter(known.list, facts, version), last: events.at(-1)! };
    this.known.set(key, next);
    return next;
  }

  /** @returns the position of the last event; null when somebody else was faster */
  private async append(by: DecidedBy, version: number, decided: DeviceEvent[]): Promise<string | null> {
    const { environment, userId, actor, requestId } = by;
    const occurredAt = this.clock.now();
    const events = decided.map(({ type, uuid, data }, index): NewEvent => {
      const body = Buffer.from(JSON.stringify({ uuid, version: version + index + 1, ...data }));
      const metadata = { source: 'native' as const, actor, requestId };
      return { eventId: `device_${randomUUID()}`, type, schemaVersion: 1, occurredAt, customerId: null, userId, body, metadata };
    }) as [NewEvent, ...NewEvent[]];
    try {
      const appended = await this.ledger.append({ environment, streamId: streamOf(userId), expectedVersion: version, events });
      return eventRef({ ...appended, position: appended.position + events.length - 1 });
    } catch (error) {
      if (error instanceof DomainError && error.code === 'version_conflict') return null;
      throw error;
    }
  }
}

/** @returns null when the end of the stream does not go on from what is known: it is too short, or a restored database has another past */
function eventsAfter({ last }: KnownList, { events, version }: StreamEnd): FoldableEvent[] | null {
  if (last === null) return events.length === version ? events : null;
  const known = events.findLastIndex(({ eventId }) => eventId === last.eventId);
  return known === -1 ? null : events.slice(known + 1);
}
