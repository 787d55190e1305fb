import type { CapturedPayment, LineItem, TransactionSnapshot, TransactionTotals } from '../billing-facts';
import { amountOf, idOf, listOf, objectOf, textOf, type Json } from './json-fields';

/** Reads the `data` of a transaction event (REFERENCE 2.5). Its `details` are the source of truth for money. */
export function transactionSnapshot(data: Json): TransactionSnapshot {
  const details = objectOf(data.details);
  return {
    status: textOf(data.status) ?? 'unknown',
    origin: textOf(data.origin),
    currency: textOf(data.currency_code),
    createdAt: textOf(data.created_at),
    billedAt: textOf(data.billed_at),
    invoiceNumber: textOf(data.invoice_number),
    totals: totalsOf(objectOf(details?.totals)),
    lines: linesOf(listOf(details?.line_items), listOf(data.items)),
    payment: capturedPayment(data),
  };
}

function totalsOf(totals: Json | null): TransactionTotals | null {
  const total = amountOf(totals?.total);
  if (!totals || total === null) return null;
  return {
    subtotal: amountOf(totals.subtotal) ?? total,
    discount: amountOf(totals.discount) ?? '0',
    tax: amountOf(totals.tax) ?? '0',
    total,
    credit: amountOf(totals.credit) ?? '0',
    grandTotal: amountOf(totals.grand_total) ?? total,
  };
}

function linesOf(lines: Json[], items: Json[]): LineItem[] {
  const read: LineItem[] = [];
  for (const line of lines) {
    const priceId = idOf(line.price_id);
    const price = objectOf(items.find((item) => idOf(objectOf(item.price)?.id) === priceId)?.price);
    const product = objectOf(line.product);
    const productId = idOf(product?.id) ?? idOf(price?.product_id);
    if (!priceId || !productId) continue;
    read.push({
      id: idOf(line.id),
      productId,
      priceId,
      name: textOf(product?.name) ?? textOf(price?.name) ?? textOf(price?.description),
      quantity: typeof line.quantity === 'number' ? line.quantity : 1,
      recurring: price?.billing_cycle === undefined ? null : price.billing_cycle !== null,
      total: amountOf(objectOf(line.totals)?.total) ?? '0',
    });
  }
  return read;
}

/** The payment that went through, among the attempts (newest first). */
export function capturedPayment(data: Json): CapturedPayment | null {
  for (const payment of listOf(data.payments)) {
    const [amount, capturedAt] = [textOf(payment.amount), textOf(payment.captured_at)];
    if (payment.status !== 'captured' || !amount || !capturedAt) continue;
    const details = objectOf(payment.method_details);
    const card = objectOf(details?.card);
    const type = textOf(details?.type);
    return { amount, capturedAt, method: type ? { type, brand: textOf(card?.type), last4: textOf(card?.last4) } : null };
  }
  return null;
}
