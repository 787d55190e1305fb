import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { unblockDevice } from '../decide-device';
import { DeviceLog, type DecidedBy } from '../device-log';

/** Lets a user's device in again. */
export class UnblockDevice extends Command<void> {
  constructor(
    readonly by: DecidedBy,
    readonly uuid: string,
  ) {
    super();
  }
}

@CommandHandler(UnblockDevice)
export class UnblockDeviceHandler implements ICommandHandler<UnblockDevice> {
  constructor(private readonly log: DeviceLog) {}

  async execute({ by, uuid }: UnblockDevice): Promise<void> {
    await this.log.decide(by, (list) => unblockDevice(list, { uuid, by: by.actor }));
  }
}
