import { Controller, Get, Header, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { invalidParameter } from '../platform/domain-error';
import { negotiate } from '../platform/negotiation';
import { plainTextSchema } from '../platform/plain-text';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels } from '../projections';
import { ActiveProvider } from '../settings';
import { toEntry } from './billing-entry';
import { BillingHistoryDto, InvoiceLinkDto } from './billing-history.dto';
import { ExportBillingHistory } from './export-billing-history';
import { GetBillingHistory } from './get-billing-history';
import { GetInvoiceLink } from './get-invoice-link';
import { formatPlace, parsePlace } from './history-cursor';

const ID = { type: 'string', pattern: '^[\\w.:-]{1,128}$' } as const;
const DEFAULT_LIMIT = 50;
const CSV = { type: 'text/csv; charset=utf-8; header=present', disposition: 'attachment; filename="billing-history.csv"' };

export interface HistoryQuery {
  limit?: string;
  after?: string;
  subscriptionId?: string;
}

export interface InvoiceQuery {
  transactionId: string;
  disposition?: 'attachment' | 'inline';
}

@ApiTags('billing')
@ApiBearerAuth()
@FromReadModels()
@Controller('billing')
export class BillingHistoryController {
  constructor(
    private readonly queries: QueryBus,
    private readonly active: ActiveProvider,
  ) {}

  /**
   * What the caller was charged, newest first, each with what became of it. With `Accept: text/csv` all of it as one file for a
   * spreadsheet (RFC 4180, UTF-8 with a byte order mark), whatever `limit` and `after` say; amounts are in the lowest unit there too.
   */
  @Get('history')
  @ValidQuery({
    limit: { type: 'string', pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1 to 200, 50 by default.' },
    after: { ...plainTextSchema(300), description: 'The `nextCursor` of the page before.' },
    subscriptionId: { ...ID, description: 'Only what was charged for this subscription.' },
  })
  @ApiExtraModels(BillingHistoryDto)
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(BillingHistoryDto) } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  async listBillingHistory(
    @CurrentActor() { userId }: Actor,
    @Query() { limit, after, subscriptionId }: HistoryQuery,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BillingHistoryDto | StreamableFile> {
    const filter = { environment: this.active.environment, userId, subscriptionId };
    const place = after === undefined ? null : parsePlace(after);
    if (after !== undefined && !place) throw invalidParameter('after', 'is not a cursor that an answer of ours carried');
    if (negotiate(request, reply, ['application/json', 'text/csv']) === 'text/csv') {
      return new StreamableFile(await this.queries.execute(new ExportBillingHistory(filter, request.id)), CSV);
    }
    const page = new GetBillingHistory(filter, place, limit ? Number(limit) : DEFAULT_LIMIT);
    const { transactions, next } = await this.queries.execute(page);
    return { data: transactions.map(toEntry), nextCursor: next && formatPlace(next) };
  }

  /** The invoice of a transaction, as a PDF of the provider's: leads there, or with `Accept: application/json` says where. */
  @Get('invoice')
  @Header('cache-control', 'no-store')
  @ValidQuery(
    {
      transactionId: { ...ID, description: 'As in `GET /billing/history`.' },
      disposition: {
        type: 'string',
        enum: ['attachment', 'inline'],
        description: 'Whether a browser saves it (the default) or shows it.',
      },
    },
    ['transactionId'],
  )
  @ApiOkResponse({ type: InvoiceLinkDto })
  @ApiResponse({ status: 302, description: 'The PDF is there.', headers: { Location: { schema: { type: 'string' } } } })
  async getInvoice(
    @CurrentActor() { userId }: Actor,
    @Query() { transactionId, disposition = 'attachment' }: InvoiceQuery,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvoiceLinkDto | undefined> {
    const form = negotiate(request, reply, ['application/pdf', 'application/json']);
    const wanted = { environment: this.active.environment, userId, transactionId, disposition };
    const url = await this.queries.execute(new GetInvoiceLink(wanted, request.id));
    if (form === 'application/json') return { url, expiresAt: null };
    reply.status(302).header('location', url);
    return undefined;
  }
}
