import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { idempotencyKeyOf } from '../idempotency';
import { VALID_BODY } from '../platform/valid-body';
import { CheckoutDto, PortalDto, type CheckoutCreatedDto, type PortalSessionDto } from './checkout.dto';
import { OpenCheckout } from './commands/open-checkout';
import { GetPortalSession } from './get-portal-session';

@ApiTags('checkout')
@ApiBearerAuth()
@Controller()
export class CheckoutController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  /** Opens a checkout for the user; what is bought in it is theirs, whatever email they give there. */
  @Post('checkout')
  @HttpCode(201)
  openCheckout(
    @Body(VALID_BODY) wanted: CheckoutDto,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<CheckoutCreatedDto> {
    const by = { actor, requestId: request.id, idempotencyKey: idempotencyKeyOf(request) };
    return this.commands.execute(new OpenCheckout(by, wanted));
  }

  /** Links into the provider's own pages for this user. Never cached. */
  @Post('billing/portal')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  openPortal(@Body(VALID_BODY) { subscriptionIds }: PortalDto, @CurrentActor() { userId }: Actor): Promise<PortalSessionDto> {
    return this.queries.execute(new GetPortalSession(userId, subscriptionIds ?? []));
  }
}
