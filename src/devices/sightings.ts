import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Ledger, ShardMap, type NewEvent } from '../ledger';
import { Clock } from '../platform/clock';
import { Database, describe } from '../platform/database';
import type { Environment } from '../platform/environment';
import { msOf, type Instant } from '../platform/instant';
import { LOGGER } from '../platform/logger';
import type { Device } from './device';
import { SIGHTED } from './device-facts';
import { sightingId, sightingsOf } from './device-streams';
import { deviceKeyOf } from './read-models/devices';

interface Sighting {
  environment: Environment;
  device: Device;
  at: Instant;
}

interface SightingRow {
  userId: string;
  uuid: string;
  lastSeenAt: Instant;
}

/** A sighting so soon after the last one is no news. */
const INTERVAL_MS = 60_000;

/**
 * When devices were last seen. Beside the ledger, at most once a minute of each device; on it once a day, so that it is never
 * forgotten. Written after the answer, together with what else waits: nobody waits for it, and one that is lost is made up for by the next.
 */
@Injectable()
export class Sightings implements OnApplicationShutdown {
  private readonly waiting = new Map<string, Sighting>();
  private writing: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
    private readonly shards: ShardMap,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** When each of these was last seen, by what the ledger and the table know. */
  async lastSeen(environment: Environment, devices: Device[]): Promise<(device: Device) => Instant> {
    const { rows } = await this.database.query<SightingRow>({
      name: 'device-sightings',
      text: `SELECT user_id AS "userId", uuid, last_seen_at AS "lastSeenAt" FROM operations.device_sightings
              WHERE shard_id = $1 AND (user_id, uuid) IN (SELECT * FROM unnest($2::text[], $3::uuid[]))`,
      values: [this.shardOf(environment), devices.map(({ userId }) => userId), devices.map(({ uuid }) => uuid)],
    });
    const times = new Map(rows.map(({ userId, uuid, lastSeenAt }) => [deviceKeyOf(userId, uuid), lastSeenAt]));
    for (const { seenAt, userId, uuid } of devices) {
      const key = deviceKeyOf(userId, uuid);
      times.set(key, laterOf(seenAt, laterOf(times.get(key), this.waiting.get(`${environment} ${key}`)?.at)));
    }
    return ({ userId, uuid, seenAt }) => times.get(deviceKeyOf(userId, uuid)) ?? seenAt;
  }

  /** It is in use now. @returns when it was last seen, this time included where it is news */
  async see(environment: Environment, device: Device): Promise<Instant> {
    const before = (await this.lastSeen(environment, [device]))(device);
    const at = this.clock.now();
    if (msOf(at) - msOf(before) < INTERVAL_MS) return before;
    this.waiting.set(`${environment} ${deviceKeyOf(device.userId, device.uuid)}`, { environment, device, at });
    this.writing ??= this.write().finally(() => (this.writing = null));
    return at;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.waiting.size > 0) {
      // In one order, so that two processes never wait for each other's rows.
      const batch = [...this.waiting].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sighting]) => sighting);
      const written = Promise.all([this.writeTimes(batch), ...batch.filter(isNewDay).map((sighting) => this.append(sighting))]);
      await written.catch((error) => this.logger.warn({ err: describe(error) }, 'sightings of devices were lost'));
      for (const { environment, device, at } of batch)
        this.forget(`${environment} ${deviceKeyOf(device.userId, device.uuid)}`, at);
    }
  }

  private async writeTimes(batch: Sighting[]): Promise<void> {
    await this.database.query(
      `INSERT INTO operations.device_sightings AS held (shard_id, user_id, uuid, last_seen_at)
       SELECT * FROM unnest($1::smallint[], $2::text[], $3::uuid[], $4::timestamptz[])
       ON CONFLICT (shard_id, user_id, uuid) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at
        WHERE held.last_seen_at < EXCLUDED.last_seen_at`,
      [
        batch.map(({ environment }) => this.shardOf(environment)),
        batch.map(({ device }) => device.userId),
        batch.map(({ device }) => device.uuid),
        batch.map(({ at }) => at),
      ],
    );
  }

  private async append({ environment, device: { userId, uuid }, at }: Sighting): Promise<void> {
    const event: NewEvent = {
      eventId: sightingId(userId, uuid, dayOf(at)),
      type: SIGHTED,
      schemaVersion: 1,
      occurredAt: at,
      customerId: null,
      userId,
      body: Buffer.from(JSON.stringify({ uuid })),
      metadata: { source: 'native', actor: userId },
    };
    await this.ledger.append({ environment, streamId: sightingsOf(userId), events: [event] });
  }

  private forget(key: string, at: Instant): void {
    if (this.waiting.get(key)?.at === at) this.waiting.delete(key);
  }

  private shardOf(environment: Environment): number {
    return this.shards.shardFor(environment, null);
  }
}

function isNewDay({ device, at }: Sighting): boolean {
  return dayOf(at) > dayOf(device.seenAt);
}

function dayOf(instant: Instant): string {
  return instant.slice(0, 10);
}

function laterOf(a: Instant, b: Instant | undefined): Instant;
function laterOf(a: Instant | undefined, b: Instant | undefined): Instant | undefined;
function laterOf(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
