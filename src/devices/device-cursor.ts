import { parseInstant } from '../platform/instant';
import { isPlainText } from '../platform/plain-text';
import { deviceKeyOf } from './read-models/devices';

/** The last device of a page. */
export interface DeviceCursor {
  firstSeenAt: string;
  deviceKey: string;
}

const MAX_KEY_LENGTH = 300;

/** Opaque to clients. */
export function formatDeviceCursor({ firstSeenAt, userId, uuid }: { firstSeenAt: string; userId: string; uuid: string }): string {
  return Buffer.from(`${firstSeenAt} ${deviceKeyOf(userId, uuid)}`).toString('base64url');
}

/** @returns null for what {@link formatDeviceCursor} never made */
export function parseDeviceCursor(text: string): DeviceCursor | null {
  const whole = Buffer.from(text, 'base64url').toString();
  const firstSeenAt = whole.slice(0, whole.indexOf(' '));
  const deviceKey = whole.slice(firstSeenAt.length + 1);
  return parseInstant(firstSeenAt) === firstSeenAt && isPlainText(deviceKey, MAX_KEY_LENGTH) ? { firstSeenAt, deviceKey } : null;
}
