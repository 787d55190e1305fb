import { type DynamicModule, Module } from '@nestjs/common';
import { ShardMap } from '../ledger';
import { Database } from '../platform/database';
import { CONFIG, type Config } from '../platform/config';
import { prepareReadModels } from './prepare-read-models';
import type { AnyProjection, Translate } from './projection';
import { ProjectionBatch } from './projection-batch';
import { ProjectionMetrics } from './projection-metrics';
import { ProjectionRegistry } from './projection-registry';
import { ProjectionRunner } from './projection-runner';
import { ReadModelPosition } from './read-model-position';
import { ReadModels } from './read-models';

export interface ProjectionsOptions {
  projections: AnyProjection[];
  translateWith: (config: Config) => Translate;
}

@Module({})
export class ProjectionsModule {
  static forRoot({ projections, translateWith }: ProjectionsOptions): DynamicModule {
    const registry = {
      provide: ProjectionRegistry,
      inject: [CONFIG, Database, ShardMap],
      useFactory: async (config: Config, database: Database, shards: ShardMap) => {
        await prepareReadModels(projections, shards.all(), database);
        return new ProjectionRegistry(projections, translateWith(config));
      },
    };
    const readModels = {
      provide: ReadModels,
      inject: [CONFIG, ProjectionRegistry],
      useFactory: (config: Config) => ReadModels.connect(projections, config.database.url),
    };
    return {
      module: ProjectionsModule,
      global: true,
      providers: [registry, readModels, ProjectionBatch, ProjectionMetrics, ReadModelPosition, ProjectionRunner],
      exports: [ProjectionRegistry, ReadModels, ReadModelPosition],
    };
  }
}
