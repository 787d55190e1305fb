import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { AuthenticatedRequest } from '../auth';
import { DomainError } from '../platform/domain-error';
import { bodyBytesOf } from '../platform/http-adapter';
import { rememberClaim } from './claims';
import { IdempotencyKeys, type Held, type KeyedRequest } from './idempotency-keys';
import { Replay } from './replay.filter';
import { Settlements } from './settlements';

const KEY = /^[\x21-\x7e]{1,255}$/;
/** Between two statements a key may be given back, and be taken by somebody else. */
const ATTEMPTS = 3;

/**
 * Lets a request through that is the first with its key; the others end here. A guard and not an interceptor, which would
 * put an observable around every request of every route.
 */
@Injectable()
export class IdempotencyGuard implements CanActivate {
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly settlements: Settlements,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.method !== 'POST' || !request.actor) return true;
    return this.admit(request, keyedRequest(request, request.actor.userId, key));
  }

  private async admit(request: AuthenticatedRequest, keyed: KeyedRequest): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (await this.claim(request, keyed)) return true;
      const held = await this.keys.held(keyed);
      if (held) throw refusal(held);
    }
    throw refusal({ kind: 'in_use' });
  }

  private async claim(request: AuthenticatedRequest, keyed: KeyedRequest): Promise<boolean> {
    const claim = this.keys.newClaim(keyed);
    try {
      const first = await this.keys.take(keyed, claim);
      if (first) rememberClaim(request, claim);
      return first;
    } catch (error) {
      // It may have been taken, and the news of it lost.
      void this.settlements.settle(claim, null);
      throw error;
    }
  }
}

function keyedRequest(request: AuthenticatedRequest, subject: string, key: string | string[]): KeyedRequest {
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new DomainError('invalid_request', 'The header Idempotency-Key has to be 1 to 255 visible ASCII characters.');
  }
  const bodyDigest = createHash('sha256').update(bodyBytesOf(request)).digest();
  return { subject, key, route: `${request.method} ${request.url}`, bodyDigest };
}

function refusal(held: Held): Error {
  if (held.kind === 'answered') return new Replay(held.answer);
  if (held.kind === 'in_use') {
    return new DomainError('idempotency_key_in_use', 'The first request with this Idempotency-Key has not been answered yet.');
  }
  return new DomainError(
    'idempotency_key_reused',
    'This Idempotency-Key was sent before, with another body or to another route.',
  );
}
