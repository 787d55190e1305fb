import type { FastifyReply, FastifyRequest } from 'fastify';
import { SimulatorError } from '../world/simulator-error';
import { statusOf, typeOf } from './error-statuses';

interface FastifyValidation {
  instancePath: string;
  message?: string;
  params?: { additionalProperty?: string; missingProperty?: string };
}

/** Answers with the error body that Paddle's API has (REFERENCE 4.1). */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { code, detail, fields } = asSimulatorError(error);
  const type = typeOf(code);
  const documentation = `https://developer.paddle.com/v1/errors/shared/${code}`;
  const body = { type, code, detail, documentation_url: documentation, ...(fields && { errors: fields }) };
  void reply
    .status(statusOf(code))
    .type('application/json')
    .send(JSON.stringify({ error: body, meta: { request_id: request.id } }));
}

function asSimulatorError(error: unknown): SimulatorError {
  if (error instanceof SimulatorError) return error;
  const { validation, statusCode, code, message } = error as {
    validation?: FastifyValidation[];
    statusCode?: number;
    code?: string;
    message: string;
  };
  if (validation) return new SimulatorError('invalid_field', 'Request does not pass validation', fieldsOf(validation));
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new SimulatorError('unsupported_media_type', 'Send JSON');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new SimulatorError('request_body_too_large', 'The body is too large');
  if (statusCode === 400) return new SimulatorError('invalid_json', 'The body is not JSON');
  if (error instanceof RangeError) return new SimulatorError('bad_request', message);
  return new SimulatorError('internal_error', message);
}

/** Each field once, although every form that it might have had says what is wrong with it. */
function fieldsOf(validation: FastifyValidation[]): { field: string; message: string }[] {
  const fields = new Map<string, { field: string; message: string }>();
  for (const one of validation.map(fieldOf)) if (!fields.has(one.field)) fields.set(one.field, one);
  return [...fields.values()];
}

function fieldOf({ instancePath, message, params }: FastifyValidation): { field: string; message: string } {
  const own = params?.additionalProperty ?? params?.missingProperty;
  const path = [...instancePath.split('/').filter(Boolean), ...(own ? [own] : [])].join('.');
  return {
    field: path,
    message: params?.additionalProperty ? `Additional property ${own} is not allowed` : (message ?? 'is invalid'),
  };
}
