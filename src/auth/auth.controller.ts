import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentActor } from './access-rules';
import type { Actor } from './actor';
import { IsAdminDto } from './auth.dto';

@ApiTags('configuration')
@ApiBearerAuth()
@Controller('config')
export class AuthController {
  /** Which roles the caller's token carries. */
  @Get('is-admin')
  getIsAdmin(@CurrentActor() actor: Actor): IsAdminDto {
    return { isAdmin: actor.roles.includes('admin'), roles: actor.roles };
  }
}
