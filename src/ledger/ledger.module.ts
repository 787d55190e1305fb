import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config';
import { Database } from '../platform/database';
import { EventSearch } from './event-search';
import { keepShardCount } from './installation';
import { Ledger } from './ledger';
import { LedgerMetrics } from './ledger-metrics';
import { LedgerReader } from './ledger-reader';
import { RecentEvents } from './recent-events';
import { ShardMap } from './shards';

const shardMap = {
  provide: ShardMap,
  inject: [CONFIG, Database],
  useFactory: async ({ ledger }: Config, database: Database) => {
    await keepShardCount(ledger.shardsPerEnvironment, database);
    return new ShardMap(ledger.shardsPerEnvironment);
  },
};

@Global()
@Module({
  providers: [shardMap, RecentEvents, Ledger, LedgerMetrics, LedgerReader, EventSearch],
  exports: [ShardMap, Ledger, LedgerReader, EventSearch],
})
export class LedgerModule {}
