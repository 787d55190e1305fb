import type { FastifyRequest } from 'fastify';

/** A request that is the first with its key, and owes it an answer. */
export interface Claim {
  /** Of this run of the request. */
  id: string;
  subject: string;
  key: string;
}

const CLAIMS = new WeakMap<FastifyRequest, Claim>();

export function rememberClaim(request: FastifyRequest, claim: Claim): void {
  CLAIMS.set(request, claim);
}

export function claimOf(request: FastifyRequest): Claim | null {
  return CLAIMS.get(request) ?? null;
}

/**
 * The `Idempotency-Key` that a handler runs for. It is its user's own: two users may send the same.
 * After a process has died, a handler runs a second time for the same key, so whoever records a wish keeps the key with it,
 * and does not do twice what is recorded.
 * @returns null where the caller sent none
 */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  return claimOf(request)?.key ?? null;
}
