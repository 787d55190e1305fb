import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Environment } from '../platform/environment';
import { ReadModelPosition } from './read-model-position';

/** Which environment a request is about. */
export abstract class RequestEnvironment {
  abstract of(request: FastifyRequest): Environment;
}

/**
 * Lets a request through when the read models have reached the position that it names, and marks the answer.
 * The mark is taken before the handler reads anything, so an answer may be newer than it says, never older.
 */
@Injectable()
export class ReadModelGate implements CanActivate {
  constructor(
    private readonly position: ReadModelPosition,
    private readonly environment: RequestEnvironment,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const environment = this.environment.of(request);
    const wanted = request.headers['ledger-min-position'];
    const open = () => {
      http.getResponse<FastifyReply>().header('ledger-position', this.position.token(environment));
      return true;
    };
    return typeof wanted === 'string' ? this.position.atLeast(environment, wanted).then(open) : open();
  }
}

/** A route that answers from read models: says up to which position, and waits for one that the caller names. */
export const FromReadModels = () =>
  applyDecorators(
    UseGuards(ReadModelGate),
    ApiHeader({
      name: 'Ledger-Min-Position',
      required: false,
      description: 'A `Ledger-Position` of an earlier answer. This one waits, bounded, until it is at least as new.',
    }),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The `ETag` of an earlier answer to a GET. Were this one the same, it is an empty `304`.',
    }),
  );
