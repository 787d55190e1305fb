import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';
import { RequestEnvironment } from './read-model-gate';
import { ReadModelPosition } from './read-model-position';

/** For commands: their answer shows what they have done, so it carries the position after it, not the one before. */
@Injectable()
export class MarksPosition implements NestInterceptor {
  constructor(
    private readonly position: ReadModelPosition,
    private readonly environment: RequestEnvironment,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const environment = this.environment.of(http.getRequest<FastifyRequest>());
    const mark = () => void http.getResponse<FastifyReply>().header('ledger-position', this.position.token(environment));
    return next.handle().pipe(tap(mark));
  }
}
