import { statusOf } from './device';
import type { AdminDeviceDto } from './devices-admin.dto';
import type { DeviceDto } from './devices.dto';
import type { SeenDevice } from './seen-devices';

/** As its owner sees it. */
export function toDeviceDto({ device, lastSeenAt }: SeenDevice): DeviceDto {
  const { uuid, name, platform, appVersion, metadata, firstSeenAt } = device;
  return { uuid, status: statusOf(device), name, platform, appVersion, metadata, firstSeenAt, lastSeenAt };
}

/** As an admin sees it: with who did what to it, and why. */
export function toAdminDeviceDto(seen: SeenDevice): AdminDeviceDto {
  const { userId, retired, blocked } = seen.device;
  return { userId, ...toDeviceDto(seen), retired, blocked };
}
