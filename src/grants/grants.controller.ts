import { Body, Controller, Delete, Get, Param, Post, Query, Req, UseInterceptors } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AllowRoles, CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { idempotencyKeyOf } from '../idempotency';
import { Clock } from '../platform/clock';
import { invalidParameter } from '../platform/domain-error';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { plainTextSchema } from '../platform/plain-text';
import { VALID_BODY } from '../platform/valid-body';
import { VALID_ENVIRONMENT } from '../platform/valid-environment';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels, MarksPosition } from '../projections';
import { ProductSettings } from '../settings';
import { GiveGrant } from './commands/give-grant';
import { RevokeGrant } from './commands/revoke-grant';
import { isInForce, type Grant } from './grant';
import { formatGrantCursor, parseGrantCursor } from './grant-cursor';
import { Grants } from './grants';
import { GiveGrantDto, RevokeGrantDto, type GrantDto, type GrantPageDto } from './grants.dto';

const DEFAULT_LIMIT = 50;

export interface GrantsQuery {
  userId?: string;
  after?: string;
  limit?: string;
}

@ApiTags('grants')
@AllowRoles('admin')
@FromReadModels()
@Controller('paddle/:environment/admin/grants')
export class GrantsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly grants: Grants,
    private readonly settings: ProductSettings,
    private readonly clock: Clock,
  ) {}

  /** Gives a user access to a product without billing: for support, for partners. Their next request may use it. */
  @Post()
  @ApiParam({ name: 'environment', enum: ENVIRONMENTS })
  @UseInterceptors(MarksPosition)
  async giveGrant(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Body(VALID_BODY) asked: GiveGrantDto,
    @CurrentActor() { userId: admin }: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<GrantDto> {
    const by = { environment, admin, requestId: request.id, idempotencyKey: idempotencyKeyOf(request) };
    return this.toDto(environment, await this.commands.execute(new GiveGrant(by, asked)));
  }

  /** Every grant of an environment, newest first; what was revoked or has ended is included. */
  @Get()
  @AllowRoles('auditor', 'admin')
  @ApiParam({ name: 'environment', enum: ENVIRONMENTS })
  @ValidQuery({
    userId: { ...plainTextSchema(255), description: 'Only what this user was given.' },
    after: { ...plainTextSchema(200), description: 'The `nextCursor` of the page before.' },
    limit: { type: 'string', pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1 to 200, 50 by default.' },
  })
  async listGrants(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Query() query: GrantsQuery,
  ): Promise<GrantPageDto> {
    const after = query.after === undefined ? null : parseGrantCursor(query.after);
    if (query.after !== undefined && !after) throw invalidParameter('after', 'is not a cursor that an answer of ours carried');
    const wanted = { userId: query.userId ?? null, after, limit: query.limit ? Number(query.limit) : DEFAULT_LIMIT };
    const { grants, more } = await this.grants.page(environment, wanted);
    const data = grants.map((grant) => this.toDto(environment, grant));
    return { data, nextCursor: more ? formatGrantCursor(grants.at(-1)!) : null };
  }

  /** Takes access back, for good. Revoking what is revoked already changes nothing, and is no error. */
  @Delete(':id')
  @ApiParam({ name: 'environment', enum: ENVIRONMENTS })
  @UseInterceptors(MarksPosition)
  async revokeGrant(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Param('id') id: string,
    @Body(VALID_BODY) { reason }: RevokeGrantDto,
    @CurrentActor() { userId: admin }: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<GrantDto> {
    const by = { environment, admin, requestId: request.id };
    return this.toDto(environment, await this.commands.execute(new RevokeGrant(by, id, reason)));
  }

  private toDto(environment: Environment, grant: Grant): GrantDto {
    const { id, userId, productId, until, quantity, reason, givenAt, givenBy, revokedAt, revokedBy, revokeReason, eventId } =
      grant;
    const ref = this.settings.of(environment).refOf(productId);
    const inForce = isInForce(grant, this.clock.now());
    const terms = { id, userId, productId, ref, until, quantity, reason, inForce };
    return { ...terms, givenAt, givenBy, revokedAt, revokedBy, revokeReason, eventId };
  }
}
