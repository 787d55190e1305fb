import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { blockDevice } from '../decide-device';
import { DeviceLog, type DecidedBy } from '../device-log';

/** Keeps a user's device out. */
export class BlockDevice extends Command<void> {
  constructor(
    readonly by: DecidedBy,
    readonly uuid: string,
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(BlockDevice)
export class BlockDeviceHandler implements ICommandHandler<BlockDevice> {
  constructor(private readonly log: DeviceLog) {}

  async execute({ by, uuid, reason }: BlockDevice): Promise<void> {
    await this.log.decide(by, (list) => blockDevice(list, { uuid, reason, by: by.actor }));
  }
}
