import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { retireDevice } from '../decide-device';
import { DeviceLog, type DecidedBy } from '../device-log';

/** Takes a device's place away. */
export class RetireDevice extends Command<void> {
  /** @param note an admin's reason; null where it is the owner's own wish */
  constructor(
    readonly by: DecidedBy,
    readonly uuid: string,
    readonly note: string | null = null,
  ) {
    super();
  }
}

@CommandHandler(RetireDevice)
export class RetireDeviceHandler implements ICommandHandler<RetireDevice> {
  constructor(private readonly log: DeviceLog) {}

  async execute({ by, uuid, note }: RetireDevice): Promise<void> {
    const reason = note === null ? 'user' : 'admin';
    await this.log.decide(by, (list) => retireDevice(list, { uuid, reason, note, by: by.actor }));
  }
}
