import { Module } from '@nestjs/common';
import { WebhooksModule } from '../webhooks';
import { AuditController } from './audit.controller';
import { StreamHistory } from './stream-history';
import { StreamsController } from './streams.controller';

@Module({ imports: [WebhooksModule], controllers: [AuditController, StreamsController], providers: [StreamHistory] })
export class AuditModule {}
