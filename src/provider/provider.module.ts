import { Global, Module } from '@nestjs/common';
import { ProviderMetrics } from './provider-metrics';
import { Providers } from './providers';

/** Gives every room the billing provider, through `Providers`. */
@Global()
@Module({
  providers: [Providers, ProviderMetrics],
  exports: [Providers],
})
export class ProviderModule {}
