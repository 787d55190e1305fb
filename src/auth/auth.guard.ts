import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../platform/domain-error';
import { RULE, type AccessRule, type AuthenticatedRequest } from './access-rules';
import type { Actor } from './actor';
import { TokenVerifier } from './token-verifier';

const BEARER = /^Bearer ([\w.~+/=-]+)$/i;

/** Stands before every route: who is calling, and may they. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly rules = new WeakMap<object, AccessRule | 'user'>();

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = this.ruleOf(context);
    if (rule === 'public') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new DomainError('unauthenticated', 'Send an access token: "Authorization: Bearer <JWT>".');
    const actor = this.verifier.actorOf(token);
    if (actor instanceof Promise) return actor.then((verified) => admit(verified, rule, request));
    return admit(actor, rule, request);
  }

  private ruleOf(context: ExecutionContext): AccessRule | 'user' {
    const handler = context.getHandler();
    let rule = this.rules.get(handler);
    if (!rule) {
      rule = this.reflector.getAllAndOverride<AccessRule | undefined>(RULE, [handler, context.getClass()]) ?? 'user';
      this.rules.set(handler, rule);
    }
    return rule;
  }
}

function admit(actor: Actor | null, rule: AccessRule | 'user', request: AuthenticatedRequest): boolean {
  if (!actor) throw new DomainError('unauthenticated', 'The access token is expired, or not one of ours.');
  if (Array.isArray(rule) && !rule.some((role) => actor.roles.includes(role))) {
    throw new DomainError('forbidden', `This needs the role ${rule.join(' or ')}.`);
  }
  request.actor = actor;
  return true;
}
