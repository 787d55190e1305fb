import type { CapturedPayment } from '../billing-facts';
import { listOf, objectOf, textOf, type Json } from './json-fields';

/** The payment that went through, among the attempts of a transaction (REFERENCE 2.5; newest first). */
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
