import { Body, Controller, HttpCode, Post, Req, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { idempotencyKeyOf } from '../idempotency';
import { VALID_BODY } from '../platform/valid-body';
import { FromReadModels, MarksPosition } from '../projections';
import { CancelSubscription } from './commands/cancel-subscription';
import { ChangePaymentMethod } from './commands/change-payment-method';
import { PauseSubscription } from './commands/pause-subscription';
import { PreviewSwitch, type SwitchPreview } from './commands/preview-switch';
import { ResumeSubscription } from './commands/resume-subscription';
import type { CommandTarget } from './commands/subscription-commands';
import { SwitchSubscription } from './commands/switch-subscription';
import { SubscriptionAnswers } from './subscription-answers';
import {
  CancelSubscriptionDto,
  PauseSubscriptionDto,
  ResumeSubscriptionDto,
  SubscriptionTargetDto,
  UpdateSubscriptionDto,
  type PaymentMethodCheckoutDto,
  type UpdatePreviewDto,
} from './subscription-commands.dto';
import type { SubscriptionDto } from './subscriptions.dto';

/** All answer with the subscription as it then is, at once, without waiting for a webhook. */
@ApiTags('subscriptions')
@ApiBearerAuth()
@FromReadModels()
@UseInterceptors(MarksPosition)
@Controller('subscriptions')
export class SubscriptionCommandsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: SubscriptionAnswers,
  ) {}

  /** Ends a subscription, by default with the period that is paid. */
  @Post('cancel')
  @HttpCode(200)
  async cancelSubscription(
    @Body(VALID_BODY) { subscriptionId, ...wanted }: CancelSubscriptionDto,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<SubscriptionDto> {
    const target = targetOf(subscriptionId, actor, request);
    return this.answers.of(await this.commands.execute(new CancelSubscription(target, wanted)));
  }

  /** Pauses billing and access, by default when the period that is paid ends. */
  @Post('pause')
  @HttpCode(200)
  async pauseSubscription(
    @Body(VALID_BODY) { subscriptionId, ...wanted }: PauseSubscriptionDto,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<SubscriptionDto> {
    const target = targetOf(subscriptionId, actor, request);
    return this.answers.of(await this.commands.execute(new PauseSubscription(target, wanted)));
  }

  /** Ends a pause; takes back a cancellation, a pause or a switch that is scheduled. */
  @Post('resume')
  @HttpCode(200)
  async resumeSubscription(
    @Body(VALID_BODY) { subscriptionId, ...wanted }: ResumeSubscriptionDto,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<SubscriptionDto> {
    const target = targetOf(subscriptionId, actor, request);
    return this.answers.of(await this.commands.execute(new ResumeSubscription(target, wanted)));
  }

  /** Switches plan, seats or addons. */
  @Post('update')
  @HttpCode(200)
  async updateSubscription(
    @Body(VALID_BODY) { subscriptionId, ...wanted }: UpdateSubscriptionDto,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<SubscriptionDto> {
    const target = targetOf(subscriptionId, actor, request);
    return this.answers.of(await this.commands.execute(new SwitchSubscription(target, wanted)));
  }

  /** What `update` with the same body would cost, give and take. Changes nothing. */
  @Post('update/preview')
  @HttpCode(200)
  async previewUpdate(
    @Body(VALID_BODY) { subscriptionId, ...wanted }: UpdateSubscriptionDto,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<UpdatePreviewDto> {
    return toPreviewDto(await this.queries.execute(new PreviewSwitch(targetOf(subscriptionId, actor, request), wanted)));
  }

  /** A checkout in which the user gives another payment method; pays what is outstanding, if anything is. */
  @Post('payment-method')
  @HttpCode(200)
  changePaymentMethod(
    @Body(VALID_BODY) { subscriptionId }: SubscriptionTargetDto,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<PaymentMethodCheckoutDto> {
    return this.commands.execute(new ChangePaymentMethod(targetOf(subscriptionId, actor, request)));
  }
}

function targetOf(subscriptionId: string, actor: Actor, request: AuthenticatedRequest): CommandTarget {
  return { subscriptionId, actor, requestId: request.id, idempotencyKey: idempotencyKeyOf(request) };
}

function toPreviewDto({
  immediate,
  credit,
  nextTransaction,
  recurring,
  items,
  access,
  seats,
  seatsLost,
}: SwitchPreview): UpdatePreviewDto {
  const shown = items.map(({ priceId, productId, productName, priceName, quantity }) => ({
    priceId,
    productId,
    productName,
    priceName,
    quantity,
  }));
  return { immediate, credit, nextTransaction, recurring, items: shown, access, seats, seatsLost };
}
