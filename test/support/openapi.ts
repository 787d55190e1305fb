import Ajv, { type ValidateFunction } from 'ajv';
import request from 'supertest';

type Json = Record<string, unknown>;

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

/** Checks answers against the document that the app itself serves. */
export class OpenApiContract {
  private constructor(
    private readonly document: { paths: Record<string, Record<string, Operation>>; components: { schemas: Json } },
  ) {}

  static async of(url: string): Promise<OpenApiContract> {
    const { body } = await request(url).get('/openapi.json').expect(200);
    return new OpenApiContract(body);
  }

  get operations(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  get operationIds(): string[] {
    return Object.values(this.document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  }

  /** Names of the request headers that are documented. */
  headersOf(operation: string): string[] {
    const [method, path] = operation.split(' ');
    const { parameters = [] } = this.document.paths[path!]![method!.toLowerCase()]!;
    return parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
  }

  /** @returns what is wrong with an answer; nothing may be in it that the document does not name */
  violations(operation: string, { status, type, body }: { status: number; type: string; body: unknown }): string[] {
    const [method, path] = operation.split(' ');
    const documented = this.document.paths[path!]?.[method!.toLowerCase()];
    if (!documented) return [`${operation} is not documented`];
    const response = documented.responses[status] ?? documented.responses.default;
    const schema = response?.content?.[type]?.schema;
    if (!schema) return [`${operation} does not document ${status} ${type}`];
    const validate = this.compile(schema);
    return validate(body)
      ? []
      : validate.errors!.map(
          (error) => `${operation} ${status}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
        );
  }

  private compile(schema: Json): ValidateFunction {
    const ajv = new Ajv({ strict: false, allErrors: true });
    return ajv.compile(closed({ ...schema, components: this.document.components }) as Json);
  }
}

/** OpenAPI 3.0 as JSON Schema: `nullable` is an alternative, and an object has no members but those named. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as Json;
  const schema = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, key === 'enum' ? inner : closed(inner)]));
  const isRecord = schema.type === 'object' && schema.properties && schema.additionalProperties === undefined;
  if (schema.allOf && schema.type === 'object') delete schema.type;
  const strict = isRecord ? { ...schema, additionalProperties: isProblem(schema) } : schema;
  return nullable ? { anyOf: [strict, { type: 'null' }] } : strict;
}

/** Problem documents may carry further members. */
function isProblem(schema: Json): boolean {
  return 'instance' in (schema.properties as Json) && 'code' in (schema.properties as Json);
}
