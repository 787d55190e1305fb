import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, getSchemaPath, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module';
import { documentIdempotency } from './idempotency';
import openapiMetadata from './openapi-metadata';
import { SystemClock, type Clock } from './platform/clock';
import type { Config } from './platform/config';
import { createHttpAdapter } from './platform/http-adapter';
import { createLogger, NestLogger } from './platform/logger';
import { Metrics } from './platform/metrics';
import { ProblemDto } from './platform/problem.dto';
import type { AnyProjection } from './projections';

export interface AppOptions {
  config: Config;
  clock?: Clock;
  /** Instead of the app's own: a test's, or one version of them beside another. */
  projections?: AnyProjection[] | undefined;
}

/** The whole app over a database that is prepared, not listening yet. */
export async function createApp({ config, clock = new SystemClock(), projections }: AppOptions): Promise<NestFastifyApplication> {
  const logger = createLogger(config.log.level);
  const metrics = new Metrics();
  const adapter = createHttpAdapter(logger, metrics);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot({ config, clock, logger, metrics }, projections),
    adapter,
    {
      bodyParser: false,
      logger: new NestLogger(logger),
    },
  );
  if (config.http.corsOrigins.length > 0) app.enableCors(corsFor(config.http.corsOrigins));
  await SwaggerModule.loadPluginMetadata(openapiMetadata);
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
  });
  return app;
}

function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const description = 'What may this user use, and why? Subscriptions and billing for products that sell through Paddle.';
  const builder = new DocumentBuilder().setTitle('Oarlock').setDescription(description).setVersion('1').addBearerAuth();
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [ProblemDto],
    operationIdFactory: (_controller, method) => method,
  });
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.delete]) if (operation) operation.responses.default = PROBLEM_RESPONSE;
  }
  documentIdempotency(document);
  return document;
}

const PROBLEM_RESPONSE = {
  description: 'A problem document (RFC 9457). Branch on `code`.',
  content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
};

function corsFor(origins: string[]) {
  return {
    origin: origins,
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    exposedHeaders: ['ETag', 'Ledger-Position', 'Idempotency-Replayed', 'Location', 'X-Request-Id', 'Retry-After'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-None-Match', 'Ledger-Min-Position', 'X-Request-Id'],
  };
}
