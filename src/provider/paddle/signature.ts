import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignatureCheck<Secret> {
  /** Raw bytes as received: JSON parsed and printed again will not match. */
  body: Buffer;
  /** `ts=<unix seconds>;h1=<hex>`, with several `h1` while a secret is being rotated. */
  header: string;
  /** Every secret that is valid now. */
  secrets: Secret[];
  keyOf(secret: Secret): string;
  /** Seconds since the epoch. */
  now: number;
  /** How far `ts` may be from `now`, either way. Replays are harmless (the event id decides), clocks that drift are not. */
  toleranceSeconds: number;
}

export type SignatureResult<Secret> = { secret: Secret } | { refused: string };

const UNIX_SECONDS = /^\d{1,12}$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;

/**
 * Checks a Paddle webhook signature: HMAC-SHA256 of `<ts>:<body>`, every `h1` against every secret, in constant time.
 * Parts of the header that nobody knows yet (`h2`) are ignored.
 * @returns the secret that matched, or which check refused, in words that give no secret away
 * Source: Paddle, "Verify webhook signatures".
 */
export function verifySignature<Secret>(check: SignatureCheck<Secret>): SignatureResult<Secret> {
  const { timestamp, signatures } = parseHeader(check.header);
  if (timestamp === null || signatures.length === 0) return { refused: 'the header has no ts or no h1' };
  const secret = check.secrets.find((candidate) => signedWith(check.keyOf(candidate), timestamp, check.body, signatures));
  if (secret === undefined) return { refused: 'no h1 matches a secret of this environment' };
  if (Math.abs(check.now - Number(timestamp)) > check.toleranceSeconds) {
    return { refused: `ts is more than ${check.toleranceSeconds} seconds away from our clock` };
  }
  return { secret };
}

/** Signs a body as Paddle does; for tests, tools and the simulator. */
export function signatureHeader(body: Buffer, key: string, timestamp: number): string {
  return `ts=${timestamp};h1=${hmac(key, String(timestamp), body).toString('hex')}`;
}

function parseHeader(header: string): { timestamp: string | null; signatures: Buffer[] } {
  let timestamp: string | null = null;
  const signatures: Buffer[] = [];
  for (const part of header.split(';')) {
    const pair = part.trim();
    const value = pair.slice(3);
    if (pair.startsWith('ts=') && UNIX_SECONDS.test(value)) timestamp = value;
    if (pair.startsWith('h1=') && HEX_SHA256.test(value)) signatures.push(Buffer.from(value, 'hex'));
  }
  return { timestamp, signatures };
}

function signedWith(key: string, timestamp: string, body: Buffer, signatures: Buffer[]): boolean {
  const expected = hmac(key, timestamp, body);
  // All are compared, also after a match: how long it takes tells nothing.
  return signatures.reduce((matched, signature) => timingSafeEqual(expected, signature) || matched, false);
}

function hmac(key: string, timestamp: string, body: Buffer): Buffer {
  return createHmac('sha256', key).update(`${timestamp}:`).update(body).digest();
}
