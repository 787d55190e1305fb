import { Module } from '@nestjs/common';
import { Quarantine } from './quarantine';
import { WebhookReceiver } from './webhook-receiver';
import { WebhooksController } from './webhooks.controller';

@Module({ controllers: [WebhooksController], providers: [WebhookReceiver, Quarantine], exports: [Quarantine] })
export class WebhooksModule {}
