import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module';
import openapiMetadata from './openapi-metadata';
import { SystemClock, type Clock } from './platform/clock';
import type { Config } from './platform/config';
import { createHttpAdapter } from './platform/http-adapter';
import { createLogger, NestLogger } from './platform/logger';
import { Metrics } from './platform/metrics';

export interface AppOptions {
  config: Config;
  clock?: Clock;
}

/** The whole app over a database that is prepared, not listening yet. */
export async function createApp({ config, clock = new SystemClock() }: AppOptions): Promise<NestFastifyApplication> {
  const logger = createLogger(config.log.level);
  const metrics = new Metrics();
  const adapter = createHttpAdapter(logger, metrics);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot({ config, clock, logger, metrics }), adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
  });
  if (config.http.corsOrigins.length > 0) app.enableCors(corsFor(config.http.corsOrigins));
  await SwaggerModule.loadPluginMetadata(openapiMetadata);
  SwaggerModule.setup('docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml' });
  return app;
}

function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const description = 'What may this user use, and why? Subscriptions and billing for products that sell through Paddle.';
  const builder = new DocumentBuilder().setTitle('Oarlock').setDescription(description).setVersion('1').addBearerAuth();
  return SwaggerModule.createDocument(app, builder.build());
}

function corsFor(origins: string[]) {
  return {
    origin: origins,
    exposedHeaders: ['Ledger-Position', 'X-Request-Id', 'Retry-After'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Ledger-Min-Position', 'X-Request-Id'],
  };
}
