import { Global, Module } from '@nestjs/common';
import { RequestEnvironment } from '../projections';
import { ActiveProvider } from './active-provider';
import { ProductSettings } from './product-settings';
import { SettingsController } from './settings.controller';

@Global()
@Module({
  controllers: [SettingsController],
  providers: [ActiveProvider, ProductSettings, { provide: RequestEnvironment, useExisting: ActiveProvider }],
  exports: [ActiveProvider, ProductSettings, RequestEnvironment],
})
export class SettingsModule {}
