import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AllowRoles, CurrentActor, type Actor } from '../auth';
import { plainTextSchema } from '../platform/plain-text';
import { VALID_BODY } from '../platform/valid-body';
import { ValidQuery } from '../platform/valid-query';
import { DeadLetterOffice, type DeadLetterView } from '../projections';
import { DismissDeadLetterDto, type DeadLetterDto, type DeadLetterOutcomeDto, type DeadLetterPageDto } from './dead-letters.dto';

const DEFAULT_LIMIT = 50;

@ApiTags('projections')
@AllowRoles('admin')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(private readonly office: DeadLetterOffice) {}

  /** Streams that wait because a projection could not read or fold one of their events. */
  @Get()
  @AllowRoles('auditor', 'admin')
  @ValidQuery({
    after: { ...plainTextSchema(200), description: 'The `nextCursor` of the page before.' },
    limit: { type: 'string', pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1 to 200, 50 by default.' },
  })
  async listDeadLetters(@Query('after') after?: string, @Query('limit') limit?: string): Promise<DeadLetterPageDto> {
    const wanted = limit ? Number(limit) : DEFAULT_LIMIT;
    const data = await this.office.list({ after: after ?? null, limit: wanted });
    return { data: data.map(toDto), nextCursor: data.length === wanted ? data.at(-1)!.id : null };
  }

  /** Folds the stream again from where it stopped, with the code as it is now. */
  @Post(':id/retry')
  @HttpCode(200)
  async retryDeadLetter(@Param('id') id: string): Promise<DeadLetterOutcomeDto> {
    return outcomeOf(await this.office.retry(id));
  }

  /** Leaves the event out of the projection, and goes on with its stream. A fact on the ledger: rebuilds leave it out too. */
  @Post(':id/dismiss')
  @HttpCode(200)
  async dismissDeadLetter(
    @Param('id') id: string,
    @Body(VALID_BODY) { reason }: DismissDeadLetterDto,
    @CurrentActor() { userId }: Actor,
    @Req() request: FastifyRequest,
  ): Promise<DeadLetterOutcomeDto> {
    return outcomeOf(await this.office.dismiss(id, reason, { actor: userId, requestId: request.id }));
  }
}

function outcomeOf(left: DeadLetterView | null): DeadLetterOutcomeDto {
  return { state: left ? 'parked' : 'resolved', deadLetter: left && toDto(left) };
}

function toDto({ shardId, position, ...letter }: DeadLetterView): DeadLetterDto {
  return { ...letter, ref: `${shardId}-${position}` };
}
