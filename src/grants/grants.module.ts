import { Module } from '@nestjs/common';
import { GiveGrantHandler } from './commands/give-grant';
import { RevokeGrantHandler } from './commands/revoke-grant';
import { GrantLog } from './grant-log';
import { Grants } from './grants';
import { GrantsController } from './grants.controller';

@Module({
  controllers: [GrantsController],
  providers: [Grants, GrantLog, GiveGrantHandler, RevokeGrantHandler],
  exports: [Grants],
})
export class GrantsModule {}
