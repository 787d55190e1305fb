export { idempotencyKeyOf } from './claims';
export { documentIdempotency } from './document-idempotency';
export { IdempotencyModule } from './idempotency.module';
