import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import type { Device, DeviceStatus } from './device';
import type { DeviceCursor } from './device-cursor';
import { deviceKeyOf, devices, toDevice } from './read-models/devices';

/** Which devices of an environment, and how many of them at once. */
export interface DevicesWanted {
  /** Null: of everybody. */
  userId: string | null;
  status: DeviceStatus | null;
  /** Where the page before has ended. */
  after: DeviceCursor | null;
  limit: number;
}

/** Reads devices. They belong to users, not to customers, so all of an environment lie on one shard. */
@Injectable()
export class DeviceQueries {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  async one(environment: Environment, userId: string, uuid: string): Promise<Device | null> {
    const shardId = this.shards.shardFor(environment, null);
    return toDevice(await this.readModels.of(devices).findOneBy({ shardId, deviceKey: deviceKeyOf(userId, uuid) }));
  }

  /** Those that count against the limit, blocked ones too; some that do not may be among them. */
  async placesOf(environment: Environment, userId: string): Promise<Device[]> {
    const shardId = this.shards.shardFor(environment, null);
    const rows = await this.readModels.of(devices).findBy({ shardId, userId, status: Not('retired') });
    return rows.flatMap((row) => toDevice(row) ?? []);
  }

  /** A page of them, newest first, and whether there are more. What comes later stands before it, so pages leave nothing out. */
  async page(
    environment: Environment,
    { userId, status, after, limit }: DevicesWanted,
  ): Promise<{ devices: Device[]; more: boolean }> {
    const query = this.readModels
      .of(devices)
      .createQueryBuilder('one')
      .where({ shardId: this.shards.shardFor(environment, null) })
      .andWhere('one.firstSeenAt IS NOT NULL');
    if (userId !== null) query.andWhere({ userId });
    if (status !== null) query.andWhere({ status });
    if (after) query.andWhere('(one.firstSeenAt, one.deviceKey) < (:firstSeenAt, :deviceKey)', after);
    const rows = await query
      .orderBy({ 'one.firstSeenAt': 'DESC', 'one.deviceKey': 'DESC' })
      .limit(limit + 1)
      .getMany();
    return { devices: rows.slice(0, limit).flatMap((row) => toDevice(row) ?? []), more: rows.length > limit };
  }
}
