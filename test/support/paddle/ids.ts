import { createHash } from 'node:crypto';

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';

/** An id of Paddle's form: prefix, ten characters of time, sixteen that depend on the label alone. */
export function paddleId(prefix: string, label: string, timeMs = Date.UTC(2026, 0, 1)): string {
  let time = '';
  for (let rest = timeMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = BASE32[rest % 32]! + time;
  const tail = [...createHash('sha256').update(`${prefix} ${label}`).digest().subarray(0, 16)].map((byte) => BASE32[byte % 32]);
  return `${prefix}_${time}${tail.join('')}`;
}
