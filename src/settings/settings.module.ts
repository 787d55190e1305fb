import { Global, Module } from '@nestjs/common';
import { RequestEnvironment } from '../projections';
import { ActiveProvider } from './active-provider';
import { ChangeConfigurationHandler } from './commands/change-configuration';
import { ConfigurationLog } from './configuration-log';
import { ConfigurationQueries } from './configuration-queries';
import { ProductSettings } from './product-settings';
import { SettingsController } from './settings.controller';

@Global()
@Module({
  controllers: [SettingsController],
  providers: [
    ActiveProvider,
    { provide: RequestEnvironment, useExisting: ActiveProvider },
    ConfigurationLog,
    ConfigurationQueries,
    ChangeConfigurationHandler,
    ProductSettings,
  ],
  exports: [ActiveProvider, RequestEnvironment, ConfigurationQueries, ProductSettings],
})
export class SettingsModule {}
