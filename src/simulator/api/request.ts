import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Engine } from '../engine';
import { SimulatorError } from '../world/simulator-error';
import type { World } from '../world/world';
import { listPage, type Listing, type Query } from './listing';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What a route gets of a request. */
export interface Asked<Body = never> {
  params: Record<string, string>;
  query: Query;
  body: Body;
}

/** A page of a list, to be wrapped with its pagination. */
export class Listed {
  constructor(
    readonly entities: unknown[],
    readonly pagination: { per_page: number; next: string; has_more: boolean; estimated_total: number },
  ) {}
}

/** Enters routes of Paddle's API; the answers get the form that all of Paddle's have. */
export class Routes {
  constructor(
    private readonly fastify: FastifyInstance,
    private readonly engine: Engine,
    private readonly baseUrl: () => string,
  ) {}

  /**
   * @param schema of the body; null where none may be sent
   * @param answer gives the entity that goes into `data`
   */
  on<Body>(
    route: `${Method} /${string}`,
    schema: object | null,
    answer: (world: World, asked: Asked<Body>, engine: Engine) => unknown,
    status = 200,
  ): void {
    const [method, url] = route.split(' ') as [Method, string];
    this.fastify.route({
      method,
      url,
      ...(schema && { schema: { body: schema }, preValidation: noBodyIsEmpty }),
      handler: async (request, reply) => {
        if (schema === null && request.body != null) {
          throw new SimulatorError('unexpected_request_body', 'This operation takes no body');
        }
        const data = this.engine.act((world) => answer(world, askedOf<Body>(request), this.engine));
        if (request.fault === 'timeoutAfter') return reply.hijack();
        if (status === 204) return reply.status(204).send();
        return reply.status(status).type('application/json').send(this.inForm(data, request));
      },
    });
  }

  /** Lists entities of a table, with the paging that Paddle has. */
  list<Entity extends { id: string }>(
    route: `GET /${string}`,
    listing: Listing<Entity>,
    all: (world: World, asked: Asked, engine: Engine) => Iterable<Entity>,
    show: (world: World, entity: Entity, asked: Asked) => unknown = (_, entity) => entity,
  ): void {
    this.on(route, null, (world, asked: Asked, engine) => {
      const page = listPage(all(world, asked, engine), asked.query, listing);
      const path = route.slice('GET '.length).replace(/:(\w+)/, (_, name: string) => asked.params[name] ?? '');
      return new Listed(
        page.entities.map((entity) => show(world, entity, asked)),
        {
          per_page: page.perPage,
          next: `${this.baseUrl()}${path}?${page.next}`,
          has_more: page.hasMore,
          estimated_total: page.total,
        },
      );
    });
  }

  private inForm(data: unknown, request: FastifyRequest): string {
    const meta = { request_id: request.id };
    return data instanceof Listed
      ? JSON.stringify({ data: data.entities, meta: { ...meta, pagination: data.pagination } })
      : JSON.stringify({ data, meta });
  }
}

/** Where no field is required, no body has to be sent. */
function noBodyIsEmpty(request: FastifyRequest, _: FastifyReply, done: () => void): void {
  request.body ??= {};
  done();
}

function askedOf<Body>({ params, query, body }: FastifyRequest): Asked<Body> {
  return { params: params as Record<string, string>, query: queryOf(query), body: (body ?? {}) as Body };
}

/** A parameter that stands there twice is a list. */
function queryOf(query: unknown): Query {
  const entries = Object.entries(query as Record<string, string | string[]>);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
