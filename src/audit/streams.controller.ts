import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AllowRoles } from '../auth';
import { DomainError, invalidParameter } from '../platform/domain-error';
import type { Environment } from '../platform/environment';
import { isPlainText, plainTextSchema } from '../platform/plain-text';
import { ValidQuery } from '../platform/valid-query';
import { ActiveProvider } from '../settings';
import type { LedgerStreamDto } from './audit.dto';
import type { EntitySnapshot } from './entity-states';
import { toEvent } from './event-answers';
import { formatCursor, parseCursor } from './event-cursor';
import { StreamHistory } from './stream-history';

const DEFAULT_LIMIT = 50;
const MAX_ID_LENGTH = 255;

export interface StreamQuery {
  environment?: Environment;
  after?: string;
  limit?: string;
}

@ApiTags('ledger')
@AllowRoles('auditor', 'admin')
@Controller('ledger/streams')
export class StreamsController {
  constructor(
    private readonly history: StreamHistory,
    private readonly active: ActiveProvider,
  ) {}

  /** The events of one stream in order, each with its exact body and the state of the entity after it. */
  @Get(':streamId')
  @ApiParam({ name: 'streamId', description: 'Such as `paddle:sub_01hv8x29kz0t586xy6zn1a62ny`; the colon may be encoded.' })
  @ValidQuery({
    environment: { type: 'string', enum: ['sandbox', 'live'], description: 'Without it, the active one.' },
    after: { ...plainTextSchema(2000), description: 'The `nextCursor` of the page before.' },
    limit: { type: 'string', pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1 to 200, 50 by default.' },
  })
  async getLedgerStream(@Param('streamId') streamId: string, @Query() query: StreamQuery): Promise<LedgerStreamDto> {
    const after = query.after === undefined ? new Map<number, number>() : parseCursor(query.after);
    if (!after) throw invalidParameter('after', 'is not a cursor that an answer of ours carried');
    const environment = query.environment ?? this.active.environment;
    const limit = query.limit ? Number(query.limit) : DEFAULT_LIMIT;
    const page = isPlainText(streamId, MAX_ID_LENGTH) ? await this.history.page(environment, streamId, after, limit) : null;
    if (!page) throw new DomainError('not_found', 'There is no such stream.');
    const data = page.events.map(({ event, state }) => ({ ...toEvent(event), state: state && withoutEvent(state) }));
    return { data, nextCursor: page.next && formatCursor(page.next) };
  }
}

/** The event is named beside it already, and is another one where this is older than the state. */
function withoutEvent(state: EntitySnapshot): Record<string, unknown> {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'eventId' && name !== 'occurredAt'));
}
