import type { Adjustment } from '../purchases';
import type { BillingHistoryRow } from './read-models/billing-history';

/**
 * A transaction that went from a customer of one shard to one of another has a row in both. The newest snapshot says whose
 * it is and where it stands; what became of it may be told in either.
 * @returns by transaction id
 */
export function mergedTransactions<Row extends BillingHistoryRow>(rows: Row[]): Map<string, Row> {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const other = merged.get(row.transactionId);
    merged.set(row.transactionId, other ? merge(other, row) : row);
  }
  return merged;
}

function merge<Row extends BillingHistoryRow>(a: Row, b: Row): Row {
  const newest = (a.watermark ?? '') > (b.watermark ?? '') ? a : b;
  const byId = new Map<string, Adjustment>();
  for (const one of [...a.adjustments, ...b.adjustments]) {
    const known = byId.get(one.id) ?? one;
    const shown = one.watermark > known.watermark ? one : known;
    byId.set(one.id, { ...shown, firstSeenAt: one.firstSeenAt < known.firstSeenAt ? one.firstSeenAt : known.firstSeenAt });
  }
  return { ...newest, adjustments: [...byId.values()] };
}
