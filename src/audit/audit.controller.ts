import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AllowRoles } from '../auth';
import { EventSearch, ShardMap, type EventFilter } from '../ledger';
import { DomainError, invalidParameter } from '../platform/domain-error';
import type { Environment } from '../platform/environment';
import { parseInstant } from '../platform/instant';
import { plainTextSchema } from '../platform/plain-text';
import { ValidQuery } from '../platform/valid-query';
import { ActiveProvider } from '../settings';
import { Quarantine } from '../webhooks';
import type { LedgerEventDto, LedgerEventPageDto, QuarantineDto } from './audit.dto';
import { toEvent, toSummary } from './event-answers';
import { formatCursor, parseCursor } from './event-cursor';

const ID = plainTextSchema(255);
const DEFAULT_LIMIT = 50;
const QUARANTINE_LIMIT = 200;

export interface EventsQuery {
  environment?: Environment;
  stream?: string;
  type?: string;
  customerId?: string;
  userId?: string;
  from?: string;
  to?: string;
  after?: string;
  limit?: string;
}

@ApiTags('ledger')
@AllowRoles('auditor', 'admin')
@Controller('ledger')
export class AuditController {
  constructor(
    private readonly search: EventSearch,
    private readonly quarantine: Quarantine,
    private readonly shards: ShardMap,
    private readonly active: ActiveProvider,
  ) {}

  /** The events of an environment, oldest first. `from` and `to` bound the time at which they happened. */
  @Get('events')
  @ValidQuery({
    environment: { type: 'string', enum: ['sandbox', 'live'], description: 'Without it, the active one.' },
    stream: { ...ID, description: 'Such as `paddle:sub_01hv8x29kz0t586xy6zn1a62ny`.' },
    type: { ...ID, description: 'Such as `subscription.activated`.' },
    customerId: ID,
    userId: { ...ID, description: 'Events that name the user themselves.' },
    from: { ...ID, description: 'RFC 3339, inclusive.' },
    to: { ...ID, description: 'RFC 3339, exclusive.' },
    after: { ...plainTextSchema(2000), description: 'The `nextCursor` of the page before.' },
    limit: { type: 'string', pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1 to 200, 50 by default.' },
  })
  async listLedgerEvents(@Query() query: EventsQuery): Promise<LedgerEventPageDto> {
    const after = query.after === undefined ? new Map<number, number>() : parseCursor(query.after);
    if (!after) throw invalidParameter('after', 'is not a cursor that an answer of ours carried');
    const filter = filterOf(query, this.active.environment);
    const { events, next } = await this.search.find(filter, after, query.limit ? Number(query.limit) : DEFAULT_LIMIT);
    return { data: events.map(toSummary), nextCursor: next && formatCursor(next) };
  }

  /** One event with its exact body and what is needed to check its signature again. */
  @Get('events/:ref')
  async getLedgerEvent(@Param('ref') ref: string): Promise<LedgerEventDto> {
    const match = /^(?:(\d{1,5})-)?(\d{1,15})$/.exec(ref);
    const shardId = match?.[1] === undefined ? this.shards.shardFor(this.active.environment, null) : Number(match[1]);
    const event = match && (await this.search.get(shardId, Number(match[2])));
    if (!event) throw new DomainError('not_found', 'There is no such event.');
    return toEvent(event);
  }

  /** Webhooks that were signed but are no events, the newest first. They are not in the ledger. */
  @Get('quarantine')
  async listQuarantine(): Promise<QuarantineDto> {
    return { data: await this.quarantine.list(QUARANTINE_LIMIT) };
  }
}

function filterOf({ environment, stream, type, customerId, userId, from, to }: EventsQuery, active: Environment): EventFilter {
  const bounds = { from: timeOf('from', from), to: timeOf('to', to) };
  const given = { streamId: stream, type, customerId, userId, ...bounds };
  const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...filter, environment: environment ?? active };
}

function timeOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (!instant) throw invalidParameter(name, 'is not an RFC 3339 time');
  return instant;
}
