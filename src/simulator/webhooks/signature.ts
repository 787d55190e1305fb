import { createHash, createHmac } from 'node:crypto';

/** Paddle sends one good hash, and two while a secret is being rotated. */
const KINDS = {
  good: ['good'],
  wrong: ['wrong'],
  'two-good-first': ['good', 'wrong'],
  'two-good-last': ['wrong', 'good'],
} as const;

export type SignatureKind = keyof typeof KINDS;

/**
 * The header `Paddle-Signature`. Written apart from the verifier of the app, so that one mistake cannot hide in both.
 * @param ts real seconds since the epoch: the consumer's clock is real, although the world's is not
 * Source: Paddle, "Verify webhook signatures": HMAC-SHA256 of `<ts>:<body>`, keyed with the destination's whole secret.
 */
export function paddleSignature(body: Buffer, secret: string, ts: number, kind: SignatureKind): string {
  const hashes = {
    good: () => createHmac('sha256', secret).update(`${ts}:`).update(body).digest('hex'),
    wrong: () => createHash('sha256').update(`not ${secret}`).update(body).digest('hex'),
  };
  return [`ts=${ts}`, ...KINDS[kind].map((which) => `h1=${hashes[which]()}`)].join(';');
}
