import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from './access';
import { AuditModule } from './audit';
import { AuthModule } from './auth';
import { BillingHistoryModule } from './billing-history';
import { CatalogModule } from './catalog';
import { CheckoutModule } from './checkout';
import { CustomersModule } from './customers';
import { DevicesModule } from './devices';
import { GrantsModule } from './grants';
import { IdempotencyModule } from './idempotency';
import { InstancesModule } from './instances';
import { LedgerModule } from './ledger';
import { LicensesModule } from './licenses';
import { OperationsModule } from './operations';
import { PlatformModule, type PlatformOptions } from './platform/platform.module';
import { ProblemFilter } from './platform/problem-filter';
import { ProjectionsModule } from './projections';
import { ProviderModule } from './provider';
import { PurchasesModule } from './purchases';
import { PROJECTIONS, translatorFor } from './read-models';
import { SettingsModule } from './settings';
import { SubscriptionsModule } from './subscriptions';
import { SyncModule } from './sync';
import { WebhooksModule } from './webhooks';

/** Every module, listed once. */
@Module({})
export class AppModule {
  static forRoot(platform: PlatformOptions, projections = PROJECTIONS): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(platform),
        CqrsModule.forRoot(),
        LedgerModule,
        ProjectionsModule.forRoot({
          projections,
          translateWith: ({ paddle }) => translatorFor(paddle),
        }),
        ProviderModule,
        AuthModule,
        InstancesModule,
        IdempotencyModule,
        SettingsModule,
        WebhooksModule,
        CatalogModule,
        CustomersModule,
        SubscriptionsModule,
        PurchasesModule,
        CheckoutModule,
        BillingHistoryModule,
        GrantsModule,
        AccessModule,
        DevicesModule,
        LicensesModule,
        SyncModule,
        AuditModule,
        OperationsModule,
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}
