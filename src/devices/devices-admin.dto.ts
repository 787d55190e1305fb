import { IsPlainText } from '../platform/is-plain-text';
import { DeviceDto } from './devices.dto';

export class DeviceReasonDto {
  /** Why, in up to 500 characters; kept on the ledger with your name. */
  @IsPlainText(500)
  reason: string;
}

export class RetirementDto {
  /** `user`: its owner removed it. `reclaimed`: a new one took its place. `admin`: an admin removed it. */
  reason: 'user' | 'reclaimed' | 'admin';
  /** The admin's reason. */
  note: string | null;
  at: string;
  /** A user id. */
  by: string;
}

export class DeviceBlockDto {
  reason: string;
  at: string;
  /** The admin's user id. */
  by: string;
}

export class AdminDeviceDto extends DeviceDto {
  userId: string;
  /** Null while it has its place. */
  retired: RetirementDto | null;
  /** A blocked device keeps its place, unless it is retired. */
  blocked: DeviceBlockDto | null;
}

export class AdminDevicePageDto {
  /** Newest first. */
  data: AdminDeviceDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}
