import { Module } from '@nestjs/common';
import { AccessModule } from '../access';
import { LicensesModule } from '../licenses';
import { BlockDeviceHandler } from './commands/block-device';
import { RegisterDeviceHandler } from './commands/register-device';
import { RetireDeviceHandler } from './commands/retire-device';
import { UnblockDeviceHandler } from './commands/unblock-device';
import { DeviceLog } from './device-log';
import { DeviceQueries } from './device-queries';
import { DevicesAdminController } from './devices-admin.controller';
import { DevicesController } from './devices.controller';
import { KeysController } from './offline/keys.controller';
import { OfflineAnswers } from './offline/offline-answers';
import { OfflineClaims } from './offline/offline-claims';
import { OfflineKeys } from './offline/offline-keys';
import { SeenDevices } from './seen-devices';
import { Sightings } from './sightings';

@Module({
  imports: [AccessModule, LicensesModule],
  controllers: [DevicesController, DevicesAdminController, KeysController],
  providers: [
    DeviceLog,
    DeviceQueries,
    Sightings,
    SeenDevices,
    OfflineKeys,
    OfflineClaims,
    OfflineAnswers,
    RegisterDeviceHandler,
    RetireDeviceHandler,
    BlockDeviceHandler,
    UnblockDeviceHandler,
  ],
})
export class DevicesModule {}
