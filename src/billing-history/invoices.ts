import type { TransactionSnapshot } from '../provider';

/**
 * Why there is no invoice to be had; null when there is one. Paddle's documentation of the call promises a PDF for what is
 * completed and for manual invoices that are billed, and none for what was free; it says nothing of `paid` and `past_due`,
 * so nothing is promised there: a button that ends in an error is worse than one that appears a little later.
 * Of what is billed, only a manual invoice has its number already.
 */
export function whyNoInvoice({ status, invoiceNumber, totals }: TransactionSnapshot): string | null {
  if (totals === null || BigInt(totals.total) <= 0n) return 'Nothing was charged, so there is no invoice.';
  if (status === 'completed' || (status === 'billed' && invoiceNumber !== null)) return null;
  return REASONS[status] ?? `There is no invoice: the transaction is ${status}.`;
}

const REASONS: Partial<Record<string, string>> = {
  draft: 'Nothing was bought yet, so there is no invoice.',
  ready: 'Nothing was paid yet, so there is no invoice.',
  billed: 'The payment is under way. The invoice is there when it has gone through.',
  paid: 'The payment is being processed. The invoice is there when that is done.',
  past_due: 'The payment is outstanding. The invoice is there when it is paid.',
  canceled: 'The transaction was canceled, so there is no invoice.',
};

/** @returns null for what a browser must not be sent to */
export function safeLink(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
