import { Global, Module } from '@nestjs/common';
import { RequestEnvironment } from '../projections';
import { ActiveProvider } from './active-provider';
import { SettingsController } from './settings.controller';

@Global()
@Module({
  controllers: [SettingsController],
  providers: [ActiveProvider, { provide: RequestEnvironment, useExisting: ActiveProvider }],
  exports: [ActiveProvider, RequestEnvironment],
})
export class SettingsModule {}
