import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock';
import type { Engine } from '../engine';
import { SimulatorError } from '../world/simulator-error';
import type { ApiFault, ApiFaults } from './api-faults';
import { catalogRoutes } from './catalog';
import { customerRoutes } from './customers';
import { sendError } from './errors';
import { checkKey, RateLimit } from './guards';
import { notificationRoutes } from './notifications';
import { Routes } from './request';
import { subscriptionRoutes } from './subscriptions';
import { transactionRoutes } from './transactions';

export { ApiFaults, type ApiFaultSettings } from './api-faults';
export { sendError } from './errors';

export interface ApiOptions {
  engine: Engine;
  faults: ApiFaults;
  clock: Clock;
  apiKey: string | null;
  requestsPerMinute: number;
  baseUrl: () => string;
}

/** The part of Paddle's API that Oarlock and others call (REFERENCE 4). */
export function paddleApi(fastify: FastifyInstance, options: ApiOptions): void {
  const limit = new RateLimit(options.clock, options.requestsPerMinute);
  fastify.decorateRequest('fault', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    checkKey(request, options.apiKey);
    const seconds = limit.exceeded(request);
    if (seconds !== null) return tooMany(reply, seconds);
    const fault = options.faults.next(request.method, request.url.split('?')[0]!);
    if (!fault || fault === 'timeoutAfter') {
      request.fault = fault;
      return done();
    }
    meet(fault, request, reply);
  });
  // Callers read Paddle's clock from here, so it has to be the virtual one.
  fastify.addHook('onSend', (_, reply, payload, done) => {
    reply.header('date', new Date(options.engine.world.now / 1_000).toUTCString());
    done(null, payload);
  });
  const routes = new Routes(fastify, options.engine, options.baseUrl);
  subscriptionRoutes(routes, options.baseUrl);
  transactionRoutes(routes, options.baseUrl);
  catalogRoutes(routes);
  customerRoutes(routes, options.baseUrl);
  notificationRoutes(routes);
}

declare module 'fastify' {
  interface FastifyRequest {
    fault: ApiFault | null;
  }
}

/** The faults that keep a request from being heard. The one after the change is met where the answer would go out. */
function meet(fault: Exclude<ApiFault, 'timeoutAfter'>, request: FastifyRequest, reply: FastifyReply): void {
  switch (fault) {
    case 'rateLimit':
      return tooMany(reply, 1);
    case 'conflict':
      return sendError(new SimulatorError('concurrent_modification', 'Another request is changing this'), request, reply);
    case 'serverError':
      return sendError(new SimulatorError('internal_error', 'An unexpected error occurred'), request, reply);
    case 'htmlError':
      return void reply.status(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
    case 'reset':
      reply.hijack();
      return void request.raw.socket.resetAndDestroy();
    case 'timeoutBefore':
      return void reply.hijack();
  }
}

function tooMany(reply: FastifyReply, seconds: number): void {
  reply.header('retry-after', String(seconds));
  sendError(new SimulatorError('too_many_requests', `Try again in ${seconds} seconds`), reply.request, reply);
}
