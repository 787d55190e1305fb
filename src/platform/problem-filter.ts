import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { describe, isTransient } from './database';
import { DomainError } from './domain-error';
import { LOGGER } from './logger';
import { pointerTo, problemDetails, retryAfterSeconds, type ProblemCode } from './problem-details';

/** Answers with the problem document of whatever was thrown. What it does not know becomes a 500 that says nothing of the inside. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  const refusal = asDomainError(error);
  if (refusal.code === 'internal_error') {
    logger.error({ requestId: request.id, err: describe(error) }, 'a request failed for a reason of ours');
  }
  const problem = problemDetails(refusal.code, refusal.message, `urn:oarlock:request:${request.id}`, refusal.extensions);
  const { retryAfterSeconds: asked } = refusal.extensions;
  const retryAfter = typeof asked === 'number' ? asked : retryAfterSeconds(refusal.code);
  if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
  if (refusal.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.logger);
  }
}

/** Fastify and Nest refuse some requests before any code of ours runs. */
const REFUSED_EARLIER: Record<number, [ProblemCode, string]> = {
  404: ['not_found', 'There is no such route.'],
  413: ['payload_too_large', 'The body is larger than the limit.'],
  415: ['unsupported_media_type', 'The content type is not supported.'],
};

function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { statusCode, validation } = error as { statusCode?: number; validation?: SchemaError[] };
  if (validation) return invalidInput(validation);
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  const refused = status === undefined ? undefined : REFUSED_EARLIER[status];
  if (refused) return new DomainError(...refused);
  if (status !== undefined && status >= 400 && status < 500)
    return new DomainError('invalid_request', 'The request cannot be read.');
  if (isTransient(error)) {
    return new DomainError('service_unavailable', 'The database does not answer right now. Try again.', {}, { cause: error });
  }
  return new DomainError('internal_error', 'Something went wrong on our side. Quote the request id when you report it.');
}

/** What a compiled schema says is wrong. */
interface SchemaError {
  instancePath: string;
  message?: string;
  params?: { missingProperty?: string };
}

function invalidInput(validation: SchemaError[]): DomainError {
  const errors = validation.map(({ instancePath, message, params }) =>
    params?.missingProperty === undefined
      ? { pointer: instancePath, detail: message ?? 'is not valid' }
      : { pointer: `${instancePath}${pointerTo(params.missingProperty)}`, detail: 'is missing' },
  );
  const detail = errors.map((one) => `"${one.pointer.slice(1)}" ${one.detail}`).join('; ');
  return new DomainError('invalid_request', `The input is not valid: ${detail}.`, { errors });
}
