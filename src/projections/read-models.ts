import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, EntitySchema, type EntitySchemaColumnOptions, type Repository } from 'typeorm';
import { dataSourceOptions } from '../platform/database';
import type { AnyProjection, Fact, Projection } from './projection';
import { SCHEMA, snakeCase } from './read-model-store';

type Stored<Row> = Row & { shardId: number };

/** Where queries read the rows of projections, through TypeORM, from whichever version is live. Only the engine writes them. */
@Injectable()
export class ReadModels implements OnApplicationShutdown {
  private constructor(private readonly dataSource: DataSource) {}

  static async connect(projections: AnyProjection[], url: string): Promise<ReadModels> {
    const dataSource = new DataSource({ ...dataSourceOptions(url), entities: projections.map(entityOf) });
    return new ReadModels(await dataSource.initialize());
  }

  of<Row extends object, F extends Fact>(projection: Projection<Row, F>): Repository<Stored<Row>> {
    return this.dataSource.getRepository<Stored<Row>>(projection.name);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}

function entityOf({ name, table }: AnyProjection): EntitySchema {
  const columns: Record<string, EntitySchemaColumnOptions> = { shardId: { name: 'shard_id', type: 'smallint', primary: true } };
  for (const [property, type] of Object.entries(table.columns)) {
    columns[property] = { name: snakeCase(property), type, primary: property === table.key, nullable: true };
  }
  return new EntitySchema({ name, tableName: name, schema: SCHEMA, columns });
}
