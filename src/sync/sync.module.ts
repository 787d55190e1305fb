import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers';
import { SubscriptionsModule } from '../subscriptions';
import { GetSyncStatusHandler } from './get-sync-status';
import { SyncController } from './sync.controller';

@Module({ imports: [CustomersModule, SubscriptionsModule], controllers: [SyncController], providers: [GetSyncStatusHandler] })
export class SyncModule {}
