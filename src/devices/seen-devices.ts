import { Injectable } from '@nestjs/common';
import { invalidParameter } from '../platform/domain-error';
import type { Environment } from '../platform/environment';
import type { Instant } from '../platform/instant';
import { noSuchDevice } from './decide-device';
import type { LastSeen } from './decide-registration';
import { statusOf, type Device, type DeviceStatus } from './device';
import { formatDeviceCursor, parseDeviceCursor } from './device-cursor';
import { DeviceQueries } from './device-queries';
import { Sightings } from './sightings';

/** A device, and when it was last seen. */
export interface SeenDevice {
  device: Device;
  lastSeenAt: Instant;
}

export interface DevicePage {
  devices: SeenDevice[];
  nextCursor: string | null;
}

/** Query parameters of a list, as they come. */
export interface DeviceListQuery {
  status?: DeviceStatus;
  after?: string;
  limit?: string;
}

const DEFAULT_LIMIT = 50;

/** Devices as the read model has them, with when they were last seen. */
@Injectable()
export class SeenDevices {
  constructor(
    private readonly devices: DeviceQueries,
    private readonly sightings: Sightings,
  ) {}

  /** @throws DomainError `not_found` */
  async one(environment: Environment, userId: string, uuid: string): Promise<SeenDevice> {
    const device = await this.known(environment, userId, uuid);
    return { device, lastSeenAt: (await this.sightings.lastSeen(environment, [device]))(device) };
  }

  /**
   * A device that asks for itself, and so is in use; but one that is retired is not, whoever looks at it.
   * @throws DomainError `not_found`
   */
  async see(environment: Environment, userId: string, uuid: string): Promise<SeenDevice> {
    const device = await this.known(environment, userId, uuid);
    if (statusOf(device) === 'retired') return this.one(environment, userId, uuid);
    return { device, lastSeenAt: await this.sightings.see(environment, device) };
  }

  /** @param userId null: of everybody */
  async page(environment: Environment, userId: string | null, { status, after, limit }: DeviceListQuery): Promise<DevicePage> {
    const cursor = after === undefined ? null : parseDeviceCursor(after);
    if (after !== undefined && !cursor) throw invalidParameter('after', 'is not a cursor that an answer of ours carried');
    const wanted = { userId, status: status ?? null, after: cursor, limit: limit ? Number(limit) : DEFAULT_LIMIT };
    const { devices, more } = await this.devices.page(environment, wanted);
    const lastSeen = await this.sightings.lastSeen(environment, devices);
    const seen = devices.map((device) => ({ device, lastSeenAt: lastSeen(device) }));
    return { devices: seen, nextCursor: more ? formatDeviceCursor(devices.at(-1)!) : null };
  }

  /** When the devices that count against a user's limit were last seen: what decides which of them may go. */
  async lastSeenOfPlaces(environment: Environment, userId: string): Promise<LastSeen> {
    return this.sightings.lastSeen(environment, await this.devices.placesOf(environment, userId));
  }

  private async known(environment: Environment, userId: string, uuid: string): Promise<Device> {
    const device = await this.devices.one(environment, userId, uuid);
    if (!device) throw noSuchDevice();
    return device;
  }
}
