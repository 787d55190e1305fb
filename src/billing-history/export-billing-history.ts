import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { CustomerLinks } from '../customers';
import { describe } from '../platform/database';
import { LOGGER } from '../platform/logger';
import { CSV_HEAD, toCsvLine } from './billing-csv';
import { type BilledTransaction, toEntry } from './billing-entry';
import { BillingHistory } from './billing-history';
import type { HistoryFilter } from './get-billing-history';

/** Some hundreds of kilobytes of rows at once. */
const PAGE = 500;

/** All that a user was charged, as a file that is made while it is sent. */
export class ExportBillingHistory extends Query<Readable> {
  constructor(
    readonly filter: HistoryFilter,
    readonly requestId: string,
  ) {
    super();
  }
}

@QueryHandler(ExportBillingHistory)
export class ExportBillingHistoryHandler implements IQueryHandler<ExportBillingHistory> {
  constructor(
    private readonly links: CustomerLinks,
    private readonly history: BillingHistory,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async execute({ filter, requestId }: ExportBillingHistory): Promise<Readable> {
    const { environment, userId, subscriptionId } = filter;
    const links = await this.links.ofUser(environment, userId);
    const customerIds = links.map(({ customerId }) => customerId);
    const pages = this.history.pages({ environment, customerIds, subscriptionId }, PAGE);
    const first = await pages.next(); // while a failure can still be said
    return Readable.from(this.file(first.value ?? [], pages, requestId), { objectMode: false });
  }

  /** What fails on the way breaks the stream, and so the connection: a part must not pass for the whole. */
  private async *file(
    first: BilledTransaction[],
    pages: AsyncGenerator<BilledTransaction[]>,
    requestId: string,
  ): AsyncGenerator<string> {
    try {
      yield CSV_HEAD + linesOf(first);
      for await (const page of pages) yield linesOf(page);
    } catch (error) {
      this.logger.error({ requestId, err: describe(error) }, 'an export of a billing history broke off');
      throw error;
    }
  }
}

function linesOf(page: BilledTransaction[]): string {
  return page.map((transaction) => toCsvLine(toEntry(transaction))).join('');
}
