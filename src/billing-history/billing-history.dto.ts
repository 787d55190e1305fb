import { MoneyDto } from '../platform/money.dto';

export class BilledItemDto {
  /** @example "pro_01gsz4t5hdjse780zja8vvr7jg" */
  productId: string;
  /** @example "pri_01hv0vax6rv18t4tamj848ne4d" */
  priceId: string;
  /** @example "Rowboat Team" */
  name: string;
  /** @example 3 */
  quantity: number;
  /** With tax. Negative where a change of plan gives back what was not used. */
  total: MoneyDto;
}

export class BilledPaymentDto {
  /**
   * `card`, `paypal`, …
   * @example "card"
   */
  type: string;
  /** @example "visa" */
  brand: string | null;
  /** @example "4242" */
  last4: string | null;
}

export class BillingAdjustmentDto {
  /** @example "adj_01hvgf2s84dr6reszzg29zbvcm" */
  id: string;
  /** `refund`, `credit`, `chargeback`, `chargeback_reverse`, … */
  action: string;
  /** `pending_approval`, `approved`, `rejected` or `reversed`; a status that Paddle adds later is passed through. */
  status: string;
  /** Positive, also of what goes back. */
  total: MoneyDto;
  reason: string;
  at: string;
}

export class BillingEntryDto {
  /** @example "txn_01hv8wptq8987qeep44cyrewp9" */
  transactionId: string;
  subscriptionId: string | null;
  /** `billed`, `past_due`, `paid`, `completed` or `canceled`; a status that Paddle adds later is passed through. */
  status: string;
  /** `web`, `api`, `subscription_recurring`, `subscription_update`, … */
  origin: string;
  billedAt: string | null;
  /** @example "325-10566" */
  invoiceNumber: string | null;
  /** @example "USD" */
  currency: string;
  subtotal: MoneyDto;
  discount: MoneyDto;
  tax: MoneyDto;
  /** `subtotal - discount + tax`. */
  total: MoneyDto;
  /** Of the total, what was paid from the customer's credit. */
  credit: MoneyDto;
  /** What was, or is, to be paid: `total - credit`. */
  grandTotal: MoneyDto;
  /** What was paid so far. */
  paid: MoneyDto;
  /** What went back: refunds that were approved, and chargebacks that were not undone. */
  refunded: MoneyDto;
  items: BilledItemDto[];
  /** How it was paid; null when it was not, or nothing was to be paid. */
  payment: BilledPaymentDto | null;
  /** Refunds, credits and chargebacks of every status, oldest first. */
  adjustments: BillingAdjustmentDto[];
  /** Whether `GET /billing/invoice` has a document of it. */
  hasInvoice: boolean;
}

export class BillingHistoryDto {
  /** Newest first. */
  data: BillingEntryDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}

export class InvoiceLinkDto {
  /** Where the PDF is. Opens without a token, for a short time only: do not keep it. */
  url: string;
  /** Null where the provider's answer does not say; Paddle's does not, its documentation speaks of an hour. */
  expiresAt: string | null;
}
