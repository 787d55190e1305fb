export type * from './billing-facts';
export type * from './billing-provider';
export type * from './provider-answer';
export { ProviderError, type ProviderFailure, type Refusal } from './provider-error';
export { ProviderModule } from './provider.module';
export type * from './provider-requests';
export type * from './provider-values';
export { Providers } from './providers';
