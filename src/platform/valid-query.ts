import { applyDecorators } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiQuery } from '@nestjs/swagger';

/** JSON Schema of one query parameter, and a sentence about it for the documentation. */
export interface QueryParameter {
  type: 'string';
  pattern?: string;
  enum?: string[];
  description?: string;
}

/**
 * Query parameters: checked by a schema that is compiled once, and documented from the same place. Parameters that a route
 * does not know are ignored.
 * @param required names of those that must be there
 */
export function ValidQuery(properties: Record<string, QueryParameter>, required: string[] = []) {
  const documented = Object.entries(properties).toReversed(); // decorators apply from the last to the first
  return applyDecorators(
    RouteSchema({ querystring: { type: 'object', properties, required } }),
    ...documented.map(([name, { description, ...schema }]) =>
      ApiQuery({ name, required: required.includes(name), schema, ...(description ? { description } : {}) }),
    ),
  );
}
