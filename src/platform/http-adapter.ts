import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Histogram } from 'prom-client';
import type { Logger } from 'pino';
import { answerConditionally } from './conditional-get';
import { DomainError } from './domain-error';
import type { Metrics } from './metrics';
import { sendProblem } from './problem-filter';

/** What a route may say of itself with `@RouteConfig`. */
export interface RouteOptions {
  /** The handler gets the bytes as they came, whatever their content type. */
  rawBody?: boolean;
  /** Bytes of JSON that it takes, where those are more than usual; never more than a webhook's. */
  bodyLimit?: number;
}

export const WEBHOOK_BODY_LIMIT = 2 * 1024 * 1024;
const BODY_LIMIT = 256 * 1024;
const BODIES = new WeakMap<FastifyRequest, Buffer>();
const NO_BODY = Buffer.alloc(0);
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Fastify as this app uses it: request ids, raw bodies where a route asks for them, JSON elsewhere, metrics and a log line for each request. */
export function createHttpAdapter(logger: Logger, metrics: Metrics): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: WEBHOOK_BODY_LIMIT,
    requestIdHeader: false,
    genReqId: requestId,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => sendProblem(error, request, reply, logger),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  parseBodies(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    // Bytes are bytes: a content type that Fastify cannot read must not keep a signed webhook out.
    if (isRaw(request)) request.headers['content-type'] = 'application/octet-stream';
    done();
  });
  answerConditionally(fastify);
  observe(fastify, logger, metrics);
  return adapter;
}

/** The caller's id where it is one, so that its logs and ours can be joined; else a new one. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function parseBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer, done) => {
    if (isRaw(request)) return done(null, body);
    BODIES.set(request, body);
    try {
      done(null, parseJsonBody(request, body));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** The bytes that a JSON body was read from; none where there was no body. */
export function bodyBytesOf(request: FastifyRequest): Buffer {
  return BODIES.get(request) ?? NO_BODY;
}

function isRaw(request: FastifyRequest): boolean {
  return optionsOf(request).rawBody === true;
}

function optionsOf(request: FastifyRequest): RouteOptions {
  return (request.routeOptions.config as RouteOptions | undefined) ?? {};
}

function parseJsonBody(request: FastifyRequest, body: Buffer): unknown {
  const limit = optionsOf(request).bodyLimit ?? BODY_LIMIT;
  if (body.length > limit) throw new DomainError('payload_too_large', `The body is larger than ${limit} bytes.`);
  if (body.length === 0) return undefined;
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new DomainError('unsupported_media_type', 'Send JSON, with the content type application/json.');
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new DomainError('invalid_request', 'The body is not JSON.', { errors: [{ pointer: '', detail: 'is not JSON' }] });
  }
}

/** Log and metrics name the route, never the address: that may hold what belongs to a person. */
function observe(fastify: FastifyInstance, logger: Logger, { registry }: Metrics): void {
  const seconds = new Histogram({
    name: 'oarlock_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  });
  const aborted = new Counter({
    name: 'oarlock_http_aborted_total',
    help: 'Requests whose caller went away',
    registers: [registry],
  });
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    const status = reply.statusCode;
    seconds.observe({ method, route, status }, reply.elapsedTime / 1000);
    const level = status >= 500 ? 'error' : status >= 400 ? 'info' : 'debug';
    logger[level]({ requestId: request.id, method, route, status, ms: Math.round(reply.elapsedTime) }, 'request');
    done();
  });
  fastify.addHook('onRequestAbort', (_request, done) => {
    aborted.inc();
    done();
  });
}
