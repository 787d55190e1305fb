import { Inject, Injectable } from '@nestjs/common';
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { CONFIG, type Config } from '../../platform/config';
import { DomainError } from '../../platform/domain-error';

/** A public key, for whoever checks an answer. */
export interface PublishedKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  kid: string;
  use: 'sig';
  alg: 'EdDSA';
}

/** Says what kind of token it is, so that it is never taken for another that the same app may have to do with. */
export const OFFLINE_TYPE = 'oarlock-offline+jwt';

/** Signs what devices may rely on offline. The first key signs; all are published, so that a new one is known before it signs. */
@Injectable()
export class OfflineKeys {
  readonly published: PublishedKey[];
  private readonly signing: KeyObject | null;

  constructor(@Inject(CONFIG) { offline }: Config) {
    this.published = offline.signingKeys.map(publishedKey);
    this.signing = offline.signingKeys[0] ?? null;
  }

  /** @throws DomainError `not_configured` where there is no key to sign with */
  require(): KeyObject {
    if (this.signing) return this.signing;
    throw new DomainError('not_configured', 'Answers for offline use are not signed here: OFFLINE_SIGNING_KEY is not set.');
  }

  sign(claims: JWTPayload): Promise<string> {
    const key = this.require();
    return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: this.published[0]!.kid, typ: OFFLINE_TYPE }).sign(key);
  }
}

/** Its id is its thumbprint (RFC 7638), so it is the same in every process, and another for another key. */
function publishedKey(key: KeyObject): PublishedKey {
  const { x } = createPublicKey(key).export({ format: 'jwk' }) as { x: string };
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' };
}
