import Fastify, { type FastifyInstance } from 'fastify';
import { SystemClock, type Clock } from '../platform/clock';
import { ApiFaults, paddleApi, sendError } from './api';
import { control } from './control';
import { Engine, type ClockMode, type SavedEngine } from './engine';
import { refuseOtherSites } from './other-sites';
import { pages } from './pages';
import type { DeliverySettings } from './webhooks';
import { Random } from './world/random';
import { SimulatorError } from './world/simulator-error';
import { microsOf } from './world/time';

export interface SimulatorOptions {
  port: number;
  host?: string;
  seed?: string;
  /** Default: virtual time follows the real one. */
  clock?: ClockMode;
  /** The only good key; null: any of Paddle's form. */
  apiKey?: string | null;
  /** A destination that hears of everything from the start. */
  webhook?: { url: string; secret: string } | null;
  /** Paddle allows 240 (REFERENCE 4.1). */
  requestsPerMinute?: number;
  deliveries?: Partial<DeliverySettings>;
  /** Goes on from what {@link Simulator.save} gave. */
  saved?: SavedEngine | null;
  /** Whether the destination that {@link Simulator.connect} made in an earlier run waits for it to be called again. */
  awaitConnection?: boolean;
  /** Whether the demo catalog is made at once, if there is nothing for sale; else {@link Simulator.connect} makes it. */
  catalog?: boolean;
  realClock?: Clock;
}

export interface Simulator {
  url: string;
  /** Makes a destination that hears of everything, and then the demo catalog if there is nothing for sale. */
  connect(webhook: { url: string; secret: string }): void;
  /** Another text whenever there is something new to save. */
  revision(): string;
  /** The world, the event log and what is not delivered, as plain JSON. */
  save(): SavedEngine;
  stop(): Promise<void>;
}

const PADDLE_REQUESTS_PER_MINUTE = 240;
export const DEFAULT_SEED = 'oarlock';

/** Starts a local Paddle: its API, its webhooks, `/_control`, and pages for a person. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { seed = DEFAULT_SEED, clock = { mode: 'real' }, realClock = new SystemClock(), host = '127.0.0.1' } = options;
  const requestIds = Random.from(`${seed}\nrequests`);
  const fastify = Fastify({
    genReqId: () => requestIds.uuid(),
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
  });
  const baseUrl = () => addressOf(fastify);
  const engine = new Engine({
    seed,
    startAt: clock.mode === 'frozen' ? microsOf(clock.at) : realClock.nowMs() * 1_000,
    follows: clock.mode === 'real',
    clock: realClock,
    checkoutUrl: () => `${baseUrl()}/checkout`,
    ...(options.deliveries && { deliveries: options.deliveries }),
  });
  const faults = new ApiFaults(seed);
  acceptEmptyBodies(fastify);
  fastify.addHook('onRequest', refuseOtherSites);
  fastify.setErrorHandler(sendError);
  fastify.setNotFoundHandler((request, reply) =>
    sendError(new SimulatorError('not_found', `There is no ${request.method} ${request.url}`), request, reply),
  );
  const { apiKey = null, requestsPerMinute = PADDLE_REQUESTS_PER_MINUTE } = options;
  await fastify.register(async (scope) =>
    paddleApi(scope, { engine, faults, clock: realClock, apiKey, requestsPerMinute, baseUrl }),
  );
  await fastify.register(async (scope) => control(scope, { engine, faults }));
  await fastify.register(async (scope) => pages(scope, { engine, faults }));
  const stop = async () => {
    await engine.stop();
    await fastify.close();
  };
  try {
    await fastify.listen({ port: options.port, host });
    if (options.saved) engine.restore(options.saved);
  } catch (error) {
    await stop();
    throw error;
  }
  if (options.awaitConnection) engine.awaitConnection();
  if (options.webhook) engine.connect(options.webhook);
  if (options.catalog ?? true) engine.stock();
  return {
    url: baseUrl(),
    connect(webhook) {
      engine.connect(webhook);
      engine.stock();
    },
    revision: () => engine.revision,
    save: () => engine.save(),
    stop,
  };
}

function addressOf({ server }: FastifyInstance): string {
  const address = server.address();
  if (!address || typeof address === 'string') return '';
  const host = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[address.address] ?? address.address;
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${address.port}`;
}

/** Clients send `content-type: application/json` with no body to operations that take none. */
function acceptEmptyBodies(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
    if (body === '') return done(null, null);
    try {
      done(null, JSON.parse(body as string));
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }));
    }
  });
}
