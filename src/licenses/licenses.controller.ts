import { Body, Controller, Get, HttpCode, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiCreatedResponse, ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { idempotencyKeyOf } from '../idempotency';
import { invalidParameter } from '../platform/domain-error';
import { plainTextSchema } from '../platform/plain-text';
import { VALID_BODY } from '../platform/valid-body';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels, MarksPosition } from '../projections';
import { ActiveProvider } from '../settings';
import { CheckLicense } from './check-license';
import { SaveLicenses } from './commands/save-licenses';
import { UpdateLicense } from './commands/update-license';
import { LicenseAnswers } from './license-answers';
import { cursorAfter, LICENSE_PARAMETERS, wantedBy, type LicenseQuery } from './license-query';
import {
  LicenseDto,
  SavedLicensesDto,
  SaveLicenseDto,
  UpdateLicenseDto,
  type LicenseCheckDto,
  type LicenseListDto,
} from './licenses.dto';
import { ListLicenses } from './list-licenses';
import { wantedEntities } from './wanted-entities';

/** A hundred entities with their metadata. */
const BODY_LIMIT = 2 * 1024 * 1024;
const SAVED = { schema: { oneOf: [{ $ref: getSchemaPath(LicenseDto) }, { $ref: getSchemaPath(SavedLicensesDto) }] } };

@ApiTags('licenses')
@ApiBearerAuth()
@FromReadModels()
@Controller('licenses')
export class LicensesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly active: ActiveProvider,
    private readonly answers: LicenseAnswers,
  ) {}

  /**
   * Gives an entity a seat: `201`; the same entity again: `200` with the license that it has, as it is. With `entities`, all of
   * them get one or none does, and the answer says which are new.
   */
  @Post('save')
  @RouteConfig({ bodyLimit: BODY_LIMIT })
  @UseInterceptors(MarksPosition)
  @ApiExtraModels(LicenseDto, SavedLicensesDto)
  @ApiCreatedResponse({ ...SAVED, description: 'A seat was given.' })
  @ApiOkResponse({ ...SAVED, description: 'Whoever is named had a seat already.' })
  async saveLicense(
    @Body(VALID_BODY) body: SaveLicenseDto,
    @CurrentActor() { userId }: Actor,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LicenseDto | SavedLicensesDto> {
    const { environment } = this.active;
    const by = { environment, userId, requestId: request.id, idempotencyKey: idempotencyKeyOf(request) };
    const wanted = { product: body.product, sourceId: body.source ?? null, entities: wantedEntities(body) };
    const saved = await this.commands.execute(new SaveLicenses(by, wanted));
    void reply.status(saved.some(({ created }) => created) ? 201 : 200);
    const data = saved.map(({ created, license }) => ({ created, license: this.answers.license(environment, license) }));
    return body.entities ? { data } : data[0]!.license;
  }

  /** Renames, describes, hands over or releases a license. A seat that is released is free for another entity. */
  @Post('update')
  @HttpCode(200)
  @UseInterceptors(MarksPosition)
  async updateLicense(
    @Body(VALID_BODY) wanted: UpdateLicenseDto,
    @CurrentActor() { userId }: Actor,
    @Req() { id: requestId }: AuthenticatedRequest,
  ): Promise<LicenseDto> {
    const { environment } = this.active;
    const license = await this.commands.execute(new UpdateLicense({ environment, userId, requestId }, wanted));
    return this.answers.license(environment, license);
  }

  /** The caller's licenses, released ones included, and the pools of seats that were bought. */
  @Get('list')
  @ValidQuery(LICENSE_PARAMETERS)
  async listLicenses(@CurrentActor() { userId }: Actor, @Query() query: LicenseQuery): Promise<LicenseListDto> {
    const { environment } = this.active;
    const page = await this.queries.execute(new ListLicenses(environment, userId, wantedBy(query)));
    const data = page.licenses.map((license) => this.answers.license(environment, license));
    const pools = page.pools.map((pool) => this.answers.pool(environment, pool));
    return { data, pools, nextCursor: cursorAfter(page) };
  }

  /**
   * May this entity use this product now? `200` for every question. What grants the license counts at this very moment, so
   * nobody gets in by a license of something that has just ended.
   */
  @Get('check')
  @ValidQuery({
    product: { ...plainTextSchema(128), description: "Needed: the product's id, or its name in the configuration (`p_ref`)." },
    entityId: { ...plainTextSchema(255), description: 'Needed.' },
  })
  async checkLicense(
    @CurrentActor() { userId }: Actor,
    @Query('product') product?: string,
    @Query('entityId') entityId?: string,
  ): Promise<LicenseCheckDto> {
    if (product === undefined) throw invalidParameter('product', 'is needed');
    if (entityId === undefined) throw invalidParameter('entityId', 'is needed');
    const { environment } = this.active;
    return this.answers.check(environment, await this.queries.execute(new CheckLicense(environment, userId, product, entityId)));
  }
}
