import { createSecretKey } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyOptions, type JWTVerifyResult } from 'jose';
import { LRUCache } from 'lru-cache';
import { Clock } from '../platform/clock';
import { CONFIG, type AuthConfig, type Config } from '../platform/config';
import { DomainError } from '../platform/domain-error';
import { actorFromClaims, type Actor } from './actor';

interface VerifiedToken {
  actor: Actor;
  notBefore: number;
  expiresAt: number;
}

/** Signatures that one key can make for everybody, as identity providers do. */
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const REMEMBERED_TOKENS = 100_000;
/** A key that is withdrawn from the JWKS stops working within this time. */
const REMEMBER_JWKS_MS = 60_000;

/** Verifies access tokens. A token is verified once and remembered until it expires: a frontend sends the same one all day. */
@Injectable()
export class TokenVerifier {
  private readonly verify: (token: string, options: JWTVerifyOptions) => Promise<JWTVerifyResult>;
  private readonly known: LRUCache<string, VerifiedToken>;
  private readonly auth: AuthConfig;

  constructor(
    @Inject(CONFIG) { auth }: Config,
    private readonly clock: Clock,
  ) {
    this.auth = auth;
    this.verify = verifierFor(auth);
    this.known = new LRUCache({ max: REMEMBERED_TOKENS, ...(auth.key.kind === 'jwks' ? { ttl: REMEMBER_JWKS_MS } : {}) });
  }

  /** @returns null when the token is not good: signature, time, issuer, audience or subject */
  actorOf(token: string): Actor | null | Promise<Actor | null> {
    const known = this.known.get(token);
    if (!known) return this.verifyNew(token);
    const now = this.clock.nowSeconds();
    return known.notBefore <= now && now < known.expiresAt ? known.actor : null;
  }

  private async verifyNew(token: string): Promise<Actor | null> {
    const { issuer, audience } = this.auth;
    const payload = await this.verify(token, {
      ...(issuer ? { issuer } : {}),
      ...(audience ? { audience } : {}),
      currentDate: new Date(this.clock.nowMs()),
      requiredClaims: ['exp'],
    }).then(
      (verified): JWTPayload | null => verified.payload,
      (error: Error) => this.refuse(error),
    );
    const actor = payload && actorFromClaims(payload, this.auth);
    if (actor) this.known.set(token, { actor, notBefore: payload.nbf ?? 0, expiresAt: payload.exp! });
    return actor;
  }

  /** A token is not bad because the keys could not be fetched. */
  private refuse(error: Error & { code?: string }): null {
    const aboutToken =
      error.code?.startsWith('ERR_') && !['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID'].includes(error.code);
    if (this.auth.key.kind === 'secret' || aboutToken) return null;
    throw new DomainError(
      'service_unavailable',
      'The keys that verify access tokens cannot be fetched right now.',
      {},
      { cause: error },
    );
  }
}

function verifierFor({ key }: AuthConfig) {
  if (key.kind === 'jwks') {
    const keys = createRemoteJWKSet(new URL(key.url));
    return (token: string, options: JWTVerifyOptions) => jwtVerify(token, keys, { ...options, algorithms: ASYMMETRIC });
  }
  const secret = createSecretKey(key.secret, 'utf8');
  return (token: string, options: JWTVerifyOptions) => jwtVerify(token, secret, { ...options, algorithms: ['HS256'] });
}
