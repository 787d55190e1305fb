import { createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * Reads a private Ed25519 key: PEM, its line breaks written as they are or as `\n`, or the base64 of its PKCS#8 bytes.
 * @returns null for anything else
 */
export function parseSigningKey(text: string): KeyObject | null {
  try {
    const key = text.includes('-----BEGIN')
      ? createPrivateKey(text.replaceAll('\\n', '\n'))
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}
