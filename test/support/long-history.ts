import { lineItem, snapshotOfTransaction } from './facts';

/**
 * SQL that gives a user a long history, straight into the read models, as the projections would have written it: a
 * transaction every minute up to `2026-01-01`, in turn of each customer; the three oldest of a subscription of their own.
 */
export function longHistory({ userId, customerIds, count }: { userId: string; customerIds: string[]; count: number }): string[] {
  const customers = `ARRAY[${customerIds.map((id) => `'${id}'`).join(', ')}]`;
  const totals = { subtotal: '2900', discount: '0', tax: '551', total: '3451', credit: '0', grandTotal: '3451' };
  const method = { type: 'card', brand: 'visa', last4: '4242' };
  const payment = { amount: '3451', capturedAt: '2026-01-01T00:00:00Z', method };
  const lines = [lineItem({ name: 'Rowboat Team', total: '3451' })];
  const snapshot = JSON.stringify(snapshotOfTransaction({ invoiceNumber: '325-1', totals, payment, lines }));
  const billedAt = `to_char(timestamp '2026-01-01' - (n / ${customerIds.length}) * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return [
    `INSERT INTO read_models.customers_1 (shard_id, customer_id, user_id, claims, first_seen_at)
     SELECT 1, c, '${userId}', jsonb_build_array(jsonb_build_object('userId', '${userId}', 'claimedAt', '2025-01-01T00:00:00.000000Z', 'eventId', 'evt_' || c)),
            '2025-01-01T00:00:00.000000Z' FROM unnest(${customers}) c`,
    `INSERT INTO read_models.billing_history_1 (shard_id, transaction_id, customer_id, subscription_id, snapshot, watermark, adjustments, ordered_at)
     SELECT 1, '${userId}_txn_' || lpad(n::text, 8, '0'), (${customers})[1 + n % ${customerIds.length}], CASE WHEN n < ${count - 3} THEN 'sub_${userId}' ELSE 'sub_${userId}_old' END,
            jsonb_set('${snapshot}'::jsonb, '{billedAt}', to_jsonb(${billedAt})), '2026-01-01T00:00:00.000000Z 62 evt_' || n, '[]', ${billedAt}
       FROM generate_series(0, ${count - 1}) n`,
    'ANALYZE read_models.billing_history_1',
  ];
}
