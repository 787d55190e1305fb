import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from './access';
import { AuditModule } from './audit';
import { AuthModule } from './auth';
import { customers, CustomersModule } from './customers';
import { LedgerModule } from './ledger';
import { OperationsModule } from './operations';
import { PlatformModule, type PlatformOptions } from './platform/platform.module';
import { ProblemFilter } from './platform/problem-filter';
import { anyProjection, ProjectionsModule } from './projections';
import { translate } from './provider/paddle';
import { SettingsModule } from './settings';
import { subscriptions, SubscriptionsModule } from './subscriptions';
import { SyncModule } from './sync';
import { WebhooksModule } from './webhooks';

/** Every module, listed once. */
@Module({})
export class AppModule {
  static forRoot(platform: PlatformOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(platform),
        CqrsModule.forRoot(),
        LedgerModule,
        ProjectionsModule.forRoot({
          projections: [anyProjection(customers), anyProjection(subscriptions)],
          translateWith:
            ({ paddle }) =>
            (event) =>
              translate(event, paddle.userIdKey),
        }),
        AuthModule,
        SettingsModule,
        WebhooksModule,
        CustomersModule,
        SubscriptionsModule,
        AccessModule,
        SyncModule,
        AuditModule,
        OperationsModule,
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}
