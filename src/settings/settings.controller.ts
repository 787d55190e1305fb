import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ActiveProvider } from './active-provider';
import { ActiveProviderDto } from './settings.dto';

@ApiTags('configuration')
@ApiBearerAuth()
@Controller('config')
export class SettingsController {
  constructor(private readonly active: ActiveProvider) {}

  /** The provider and environment that user routes act on. */
  @Get('active')
  getActiveProvider(): ActiveProviderDto {
    return { provider: this.active.provider, environment: this.active.environment };
  }
}
