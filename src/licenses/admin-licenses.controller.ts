import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AllowRoles, CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { plainTextSchema } from '../platform/plain-text';
import { VALID_BODY } from '../platform/valid-body';
import { VALID_ENVIRONMENT } from '../platform/valid-environment';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels, MarksPosition } from '../projections';
import { ReleaseLicense } from './commands/release-license';
import { LicenseAnswers } from './license-answers';
import { cursorAfter, LICENSE_PARAMETERS, wantedBy, type LicenseQuery } from './license-query';
import { ReleaseLicenseDto, type LicenseDto, type LicensePageDto } from './licenses.dto';
import { SearchLicenses } from './list-licenses';

export interface AdminLicenseQuery extends LicenseQuery {
  userId?: string;
}

@ApiTags('licenses')
@ApiParam({ name: 'environment', enum: ENVIRONMENTS })
@AllowRoles('admin')
@FromReadModels()
@Controller('paddle/:environment/admin/licenses')
export class AdminLicensesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: LicenseAnswers,
  ) {}

  /** The licenses of an environment, the oldest first, released ones included. */
  @Get()
  @AllowRoles('auditor', 'admin')
  @ValidQuery({ userId: { ...plainTextSchema(255), description: 'Only of this user.' }, ...LICENSE_PARAMETERS })
  async searchLicenses(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Query() { userId = null, ...query }: Omit<AdminLicenseQuery, 'userId'> & { userId?: string | null },
  ): Promise<LicensePageDto> {
    const page = await this.queries.execute(new SearchLicenses(environment, userId, wantedBy(query)));
    return { data: page.licenses.map((license) => this.answers.license(environment, license)), nextCursor: cursorAfter(page) };
  }

  /** Takes a seat from its entity. What is released already stays as it is, and is no error. */
  @Post(':id/release')
  @HttpCode(200)
  @UseInterceptors(MarksPosition)
  async releaseLicense(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Param('id') id: string,
    @Body(VALID_BODY) { reason }: ReleaseLicenseDto,
    @CurrentActor() { userId: admin }: Actor,
    @Req() { id: requestId }: AuthenticatedRequest,
  ): Promise<LicenseDto> {
    const license = await this.commands.execute(new ReleaseLicense({ environment, admin, requestId }, id, reason));
    return this.answers.license(environment, license);
  }
}
