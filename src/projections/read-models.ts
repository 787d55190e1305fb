import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, EntitySchema, type EntityManager, type EntitySchemaColumnOptions, type Repository } from 'typeorm';
import { dataSourceOptions, type Queryable } from '../platform/database';
import type { AnyProjection, Fact, Projection } from './projection';
import { SCHEMA, snakeCase, tableOf, type Target } from './read-model-store';

type Stored<Row> = Row & { shardId: number };

/** One moment of the database: the live read models, and the same with one of them replaced by another build. */
export interface Snapshot {
  live: ReadModels;
  next: ReadModels;
  on: Queryable;
}

const NEXT = 'next build';

/** Where queries read the rows of projections, through TypeORM, from whichever build is live. Only the engine writes them. */
@Injectable()
export class ReadModels implements OnApplicationShutdown {
  private constructor(
    private readonly manager: EntityManager,
    private readonly entityOf: (name: string) => string = (name) => name,
  ) {}

  static async connect(projections: readonly AnyProjection[], url: string): Promise<ReadModels> {
    const entities = projections.map((projection) => entityOf(projection, projection.name, projection.name));
    return new ReadModels((await new DataSource({ ...dataSourceOptions(url), entities }).initialize()).manager);
  }

  of<Row extends object, F extends Fact>(projection: Projection<Row, F>): Repository<Stored<Row>> {
    return this.manager.getRepository<Stored<Row>>(this.entityOf(projection.name));
  }

  /** Runs `work` on one snapshot of the live read models and of a build that is to replace one of them. */
  async compare<T>(
    projections: readonly AnyProjection[],
    { projection, build }: Target,
    work: (snapshot: Snapshot) => Promise<T>,
  ): Promise<T> {
    const { name } = projection;
    const table = tableOf({ projection, build }).slice(SCHEMA.length + 1);
    const entities = [...projections.map((one) => entityOf(one, one.name, one.name)), entityOf(projection, NEXT, table)];
    const dataSource = await new DataSource({ ...this.manager.connection.options, entities }).initialize();
    try {
      return await dataSource.transaction('REPEATABLE READ', async (manager) => {
        const on = queryable(manager);
        await on.query('SET LOCAL statement_timeout = 0');
        await on.query('SET LOCAL idle_in_transaction_session_timeout = 0');
        const next = new ReadModels(manager, (wanted) => (wanted === name ? NEXT : wanted));
        return work({ live: new ReadModels(manager), next, on });
      });
    } finally {
      await dataSource.destroy();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.manager.connection.destroy();
  }
}

function entityOf({ table }: AnyProjection, name: string, tableName: string): EntitySchema {
  const columns: Record<string, EntitySchemaColumnOptions> = { shardId: { name: 'shard_id', type: 'smallint', primary: true } };
  for (const [property, type] of Object.entries(table.columns)) {
    columns[property] = { name: snakeCase(property), type, primary: property === table.key, nullable: true };
  }
  return new EntitySchema({ name, tableName, schema: SCHEMA, columns });
}

function queryable(manager: EntityManager): Queryable {
  const query = async (text: unknown, values?: unknown[]) => ({
    rows: (await manager.query(text as string, values)) as unknown[],
  });
  return { query } as unknown as Queryable;
}
