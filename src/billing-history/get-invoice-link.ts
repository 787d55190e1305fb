import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CustomerLinks } from '../customers';
import { DomainError } from '../platform/domain-error';
import type { Environment } from '../platform/environment';
import { ProviderError, Providers } from '../provider';
import { BillingHistory } from './billing-history';
import { safeLink, whyNoInvoice } from './invoices';

export interface WantedInvoice {
  environment: Environment;
  userId: string;
  transactionId: string;
  disposition: 'attachment' | 'inline';
}

/** A link to the invoice of a user's transaction. Who has it needs no token, so it is asked for each time and kept nowhere. */
export class GetInvoiceLink extends Query<string> {
  constructor(
    readonly wanted: WantedInvoice,
    readonly requestId: string,
  ) {
    super();
  }
}

@QueryHandler(GetInvoiceLink)
export class GetInvoiceLinkHandler implements IQueryHandler<GetInvoiceLink> {
  constructor(
    private readonly links: CustomerLinks,
    private readonly history: BillingHistory,
    private readonly providers: Providers,
  ) {}

  async execute({ wanted, requestId }: GetInvoiceLink): Promise<string> {
    await this.refuseWithout(wanted);
    const { environment, transactionId, disposition } = wanted;
    const options = { priority: 'user', correlationId: requestId } as const;
    try {
      const {
        value,
        status,
        requestId: theirs,
      } = await this.providers.of(environment).invoicePdf(transactionId, disposition, options);
      const link = safeLink(value.url);
      if (link) return link;
      throw new ProviderError({ failure: 'unreadable', outcome: 'not_done', status, requestId: theirs });
    } catch (error) {
      throw refusalOf(error);
    }
  }

  private async refuseWithout({ environment, userId, transactionId }: WantedInvoice): Promise<void> {
    const links = await this.links.ofUser(environment, userId);
    const transaction = await this.history.one(environment, transactionId);
    const isOwn = links.some(({ customerId }) => customerId === transaction?.customerId);
    if (!transaction || !isOwn) throw new DomainError('not_found', `You have no transaction ${transactionId}.`);
    const why = whyNoInvoice(transaction.snapshot);
    if (why) throw new DomainError('invoice_not_available', why);
  }
}

/** The transaction is there and the user's: what the provider does not find is its invoice. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  if (error.refusal !== 'invoice_not_available' && error.refusal !== 'not_found') return error;
  const detail = 'The billing provider has no invoice of this transaction. It may still be on its way: try again in a minute.';
  return new DomainError('invoice_not_available', detail, error.extensions, { cause: error });
}
