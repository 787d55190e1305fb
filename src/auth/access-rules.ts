import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Actor, Role } from './actor';

export const RULE = Symbol('AccessRule');

/** `public`: no token. A list: one of these roles. Without a rule: any user. */
export type AccessRule = 'public' | Role[];

/** A request that the guard has let through. */
export interface AuthenticatedRequest extends FastifyRequest {
  actor?: Actor;
}

/** No token needed. */
export const Public = () => applyDecorators(SetMetadata(RULE, 'public'), ApiSecurity({}));

/** Only with one of these roles. */
export const AllowRoles = (...roles: Role[]) => applyDecorators(SetMetadata(RULE, roles), ApiBearerAuth());

/** Who is calling, as the guard found out. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!actor) throw new Error('a route that asks who is calling cannot be public');
  return actor;
});
