export { Quarantine, type QuarantinedWebhook } from './quarantine';
export { WebhooksModule } from './webhooks.module';
