import { Module } from '@nestjs/common';
import { WebhooksModule } from '../webhooks';
import { AuditController } from './audit.controller';

@Module({ imports: [WebhooksModule], controllers: [AuditController] })
export class AuditModule {}
