import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import type { Logger } from 'pino';
import { Clock } from './clock';
import { CONFIG_NAME, type Config } from './config';
import { Database } from './database';
import { LOGGER } from './logger';
import { Metrics } from './metrics';

export interface PlatformOptions {
  config: Config;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** What every room stands on. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static forRoot({ config, clock, logger, metrics }: PlatformOptions): DynamicModule {
    const database = { provide: Database, useFactory: () => new Database(config.database.url, logger) };
    const settings = ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [registerAs(CONFIG_NAME, () => config)] });
    const providers = [
      { provide: Clock, useValue: clock },
      { provide: LOGGER, useValue: logger },
      { provide: Metrics, useValue: metrics },
      database,
    ];
    return { module: PlatformModule, imports: [settings], providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
