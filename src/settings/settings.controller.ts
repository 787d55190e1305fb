import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ActiveProvider } from './active-provider';
import { ActiveProviderDto } from './settings.dto';

@ApiTags('configuration')
@Controller('config')
export class SettingsController {
  constructor(private readonly active: ActiveProvider) {}

  /** The provider and environment that user routes act on. */
  @Get('active')
  getActive(): ActiveProviderDto {
    return { provider: this.active.provider, environment: this.active.environment };
  }
}
