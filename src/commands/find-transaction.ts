import type { BillingProvider, CallOptions, EntityAnswer, ProviderTransaction } from '../provider';
import type { KnownWish } from './command-kind';

/** Clocks differ; nobody looks further back than this for a transaction that was just asked for. */
const LOOK_BACK_MS = 3_600_000;

/**
 * Looks for the newest transaction that a wish has made without our hearing of it.
 * @param isMeant tells it from others of the same customer, or of anybody where the customer is not known
 */
export async function findTransaction(
  provider: BillingProvider,
  { wishedAt, customerId }: KnownWish,
  options: CallOptions,
  isMeant: (transaction: ProviderTransaction) => boolean,
): Promise<EntityAnswer<ProviderTransaction> | null> {
  const updatedSince = new Date(Date.parse(wishedAt) - LOOK_BACK_MS).toISOString();
  let found: ProviderTransaction | undefined;
  for await (const page of provider.transactions({ updatedSince, ...(customerId && { customerId }) }, options)) {
    found = page.value.findLast(isMeant) ?? found;
  }
  return found ? provider.getTransaction(found.id, options) : null;
}
