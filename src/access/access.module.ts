import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers';
import { SubscriptionsModule } from '../subscriptions';
import { AccessImpact } from './access-impact';
import { AccessController } from './access.controller';
import { GetAccessEvidenceHandler } from './get-access-evidence';
import { GetAccessHandler } from './get-access';
import { UserAccess } from './user-access';

@Module({
  imports: [CustomersModule, SubscriptionsModule],
  controllers: [AccessController],
  providers: [UserAccess, AccessImpact, GetAccessHandler, GetAccessEvidenceHandler],
  exports: [AccessImpact],
})
export class AccessModule {}
