import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog';
import { ReadModels } from '../projections';
import { SubscriptionsModule } from '../subscriptions';
import { AccessImpact } from './access-impact';
import { SourceReader, SourceReaders } from './access-sources';
import { AccessController } from './access.controller';
import { GetAccessEvidenceHandler } from './get-access-evidence';
import { GetAccessHandler, GetAccessOfManyHandler } from './get-access';
import { UserAccess } from './user-access';

/** Of the read models that are live. */
const LIVE = {
  provide: SourceReader,
  useFactory: (readers: SourceReaders, readModels: ReadModels) => readers.of(readModels),
  inject: [SourceReaders, ReadModels],
};

@Module({
  imports: [CatalogModule, SubscriptionsModule],
  controllers: [AccessController],
  providers: [SourceReaders, LIVE, UserAccess, AccessImpact, GetAccessHandler, GetAccessOfManyHandler, GetAccessEvidenceHandler],
  exports: [AccessImpact, UserAccess],
})
export class AccessModule {}
