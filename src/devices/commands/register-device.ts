import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UserAccess } from '../../access';
import { Clock } from '../../platform/clock';
import type { Instant } from '../../platform/instant';
import { ProductSettings } from '../../settings';
import { decideRegistration, isFullFor, type WantedDevice } from '../decide-registration';
import type { Device } from '../device';
import { DeviceLog, type DecidedBy } from '../device-log';
import { rulesFor } from '../device-rules';
import { SeenDevices } from '../seen-devices';

/** Registers a device of the caller's. Answers whether it is new, or back. */
export class RegisterDevice extends Command<{ isNew: boolean }> {
  /** @param product id or name of the one whose rules count */
  constructor(
    readonly by: DecidedBy,
    readonly wanted: Omit<WantedDevice, 'userId'>,
    readonly product?: string,
  ) {
    super();
  }
}

@CommandHandler(RegisterDevice)
export class RegisterDeviceHandler implements ICommandHandler<RegisterDevice> {
  constructor(
    private readonly log: DeviceLog,
    private readonly access: UserAccess,
    private readonly settings: ProductSettings,
    private readonly devices: SeenDevices,
    private readonly clock: Clock,
  ) {}

  async execute({ by, wanted, product }: RegisterDevice): Promise<{ isNew: boolean }> {
    const { environment, userId } = by;
    const { products } = await this.access.of(environment, userId);
    const rules = rulesFor(product, products, this.settings.of(environment));
    const events = await this.log.decide(by, async (list) => {
      const matters = isFullFor(wanted.uuid, list, rules);
      const lastSeen = matters ? await this.devices.lastSeenOfPlaces(environment, userId) : nobodyAsks;
      return decideRegistration(list, { ...wanted, userId }, rules, this.clock.now(), lastSeen);
    });
    return { isNew: events.some(({ type }) => type === 'device.registered') };
  }
}

function nobodyAsks({ seenAt }: Device): Instant {
  return seenAt;
}
