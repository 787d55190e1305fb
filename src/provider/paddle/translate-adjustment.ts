import { parseInstant } from '../../platform/instant';
import type { AdjustmentItem, AdjustmentSnapshot } from '../billing-facts';
import { amountOf, idOf, listOf, objectOf, textOf, type Json } from './json-fields';

/** Reads the `data` of an adjustment event (REFERENCE 2.6). */
export function adjustmentSnapshot(data: Json): AdjustmentSnapshot {
  return {
    action: textOf(data.action) ?? 'unknown',
    status: textOf(data.status) ?? 'unknown',
    type: textOf(data.type),
    currency: textOf(data.currency_code),
    reason: textOf(data.reason),
    total: amountOf(objectOf(data.totals)?.total),
    createdAt: realTime(data.created_at),
    items: listOf(data.items).map(itemOf),
  };
}

function itemOf(item: Json): AdjustmentItem {
  const total = amountOf(objectOf(item.totals)?.total) ?? amountOf(item.amount);
  return { lineId: idOf(item.item_id), type: textOf(item.type), total };
}

/** Paddle writes the zero time (year 1) where it has none. */
function realTime(value: unknown): string | null {
  const text = textOf(value);
  return text && (parseInstant(text) ?? '') > '1970' ? text : null;
}
