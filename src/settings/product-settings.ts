import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ShardMap } from '../ledger';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { ReadModelPosition, type Advance } from '../projections';
import { STREAMS } from './configuration-facts';
import { ConfigurationQueries } from './configuration-queries';
import { ProductConfiguration } from './product-configuration';

interface Known {
  /** What it was made from. */
  text: string;
  configuration: ProductConfiguration;
}

/** What an advance is about when a configuration was changed: the streams without their prefix. */
const SUBJECTS = Object.values(STREAMS).map((streamId) => streamId.slice(streamId.indexOf(':') + 1));

/**
 * What is configured of the products, at hand without asking the database. Before a read-model position is shown, in
 * whatever process, what was configured up to it is in force there.
 */
@Injectable()
export class ProductSettings implements OnModuleInit {
  private readonly known = new Map<Environment, Known>();
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly configurations: ConfigurationQueries,
    private readonly position: ReadModelPosition,
    private readonly shards: ShardMap,
  ) {}

  async onModuleInit(): Promise<void> {
    this.position.beforeAdvance((advance) => this.readWhatChanged(advance));
    await this.read(ENVIRONMENTS);
  }

  /** The same object until something is configured anew. */
  of(environment: Environment): ProductConfiguration {
    return this.known.get(environment)?.configuration ?? ProductConfiguration.NONE;
  }

  private readWhatChanged(advance: Advance): void | Promise<void> {
    if (!advance) return this.read(ENVIRONMENTS);
    const { subjects, shardId } = advance;
    if (subjects && !SUBJECTS.some((subject) => subjects.has(subject))) return;
    return this.read(ENVIRONMENTS.filter((environment) => environment === this.shards.environmentOf(shardId)));
  }

  /** One after the other: what was read before never takes the place of what was read after it. */
  private read(environments: readonly Environment[]): Promise<void> {
    const readAll = async () => {
      for (const environment of environments) await this.readOne(environment);
    };
    this.reading = this.reading.then(readAll, readAll);
    return this.reading;
  }

  private async readOne(environment: Environment): Promise<void> {
    const { products, p_ref: refs } = await this.configurations.all(environment);
    const text = JSON.stringify([products.value, refs.value]);
    if (text === this.known.get(environment)?.text) return;
    this.known.set(environment, { text, configuration: new ProductConfiguration(products.value, refs.value) });
  }
}
