import { applyDecorators, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth';
import { eventRef } from '../ledger';
import { DomainError } from '../platform/domain-error';
import { ENVIRONMENTS, isEnvironment, type Environment } from '../platform/environment';
import { WebhookReceiver } from './webhook-receiver';
import { WebhookReceiptDto } from './webhooks.dto';

const SignedBody = () =>
  applyDecorators(
    RouteConfig({ rawBody: true }),
    ApiHeader({ name: 'Paddle-Signature', required: true, description: '`ts=<unix seconds>;h1=<hex>`' }),
    ApiBody({ schema: { type: 'object' }, description: 'The event, byte for byte as Paddle sent and signed it.' }),
  );

@ApiTags('webhooks')
@Public()
@Controller()
export class WebhooksController {
  constructor(private readonly receiver: WebhookReceiver) {}

  /** Takes a webhook of any environment: the secret that verifies says which. 200 means durably in the ledger. */
  @Post('webhook')
  @HttpCode(200)
  @SignedBody()
  receiveWebhook(@Req() request: FastifyRequest): Promise<WebhookReceiptDto> {
    return this.receiveFor(request);
  }

  /** Takes a webhook of one environment. 200 means durably in the ledger. */
  @Post('paddle/:environment/webhook')
  @HttpCode(200)
  @ApiParam({ name: 'environment', enum: ENVIRONMENTS })
  @SignedBody()
  receiveWebhookOf(@Param('environment') environment: string, @Req() request: FastifyRequest): Promise<WebhookReceiptDto> {
    if (!isEnvironment(environment)) throw new DomainError('not_found', 'There is no such environment.');
    return this.receiveFor(request, environment);
  }

  private async receiveFor(request: FastifyRequest, environment?: Environment): Promise<WebhookReceiptDto> {
    const signature = request.headers['paddle-signature'];
    const { eventId, status, shardId, position } = await this.receiver.receive({
      ...(environment ? { environment } : {}),
      body: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
      signature: typeof signature === 'string' ? signature : undefined,
      requestId: request.id,
    });
    return { eventId, status, ref: eventRef({ shardId, position }), position };
  }
}
