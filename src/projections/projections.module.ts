import { type DynamicModule, Module } from '@nestjs/common';
import { ShardMap } from '../ledger';
import { Database } from '../platform/database';
import { CONFIG, type Config } from '../platform/config';
import { DeadLetterOffice } from './dead-letter-office';
import { prepareReadModels } from './prepare-read-models';
import type { AnyProjection, Translator } from './projection';
import { ProjectionBatch } from './projection-batch';
import { ProjectionMetrics } from './projection-metrics';
import { ProjectionRegistry } from './projection-registry';
import { ProjectionRunner } from './projection-runner';
import { ProjectionStatus } from './projection-status';
import { ReadModelPosition } from './read-model-position';
import { ReadModels } from './read-models';
import { RebuildReport } from './rebuild-report';
import { RebuildWorker } from './rebuild-worker';
import { Rebuilds } from './rebuilds';
import { ShadowFold } from './shadow-fold';
import { Swap } from './swap';

export interface ProjectionsOptions {
  projections: AnyProjection[];
  translateWith: (config: Config) => Translator;
}

@Module({})
export class ProjectionsModule {
  static forRoot({ projections, translateWith }: ProjectionsOptions): DynamicModule {
    const registry = {
      provide: ProjectionRegistry,
      inject: [CONFIG, Database, ShardMap],
      useFactory: async (config: Config, database: Database, shards: ShardMap) => {
        await prepareReadModels(projections, shards.all(), config.projections.upgrade, database);
        return new ProjectionRegistry(projections, translateWith(config));
      },
    };
    const readModels = {
      provide: ReadModels,
      inject: [CONFIG, ProjectionRegistry],
      useFactory: (config: Config) => ReadModels.connect(projections, config.database.url),
    };
    const shared = [ReadModelPosition, ProjectionStatus, Rebuilds, RebuildReport, DeadLetterOffice];
    const engine = [ProjectionBatch, ProjectionMetrics, ProjectionRunner, ShadowFold, Swap, RebuildWorker];
    return {
      module: ProjectionsModule,
      global: true,
      providers: [registry, readModels, ...shared, ...engine],
      exports: [ProjectionRegistry, ReadModels, ...shared],
    };
  }
}
