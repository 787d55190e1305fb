import { productSetting, type ProductSetting } from '../../src/settings/product-configuration';
import type { AdjustmentSnapshot, LineItem, TransactionSnapshot } from '../../src/provider';

/** A completed transaction over nothing, but for what is given. */
export function snapshotOfTransaction(given: Partial<TransactionSnapshot> = {}): TransactionSnapshot {
  return {
    status: 'completed',
    origin: 'web',
    currency: 'USD',
    createdAt: '2026-01-01T00:00:00Z',
    billedAt: '2026-01-01T00:00:00Z',
    invoiceNumber: null,
    totals: null,
    lines: [],
    payment: null,
    ...given,
  };
}

/** A thing bought once for 10.00, but for what is given. */
export function lineItem(given: Partial<LineItem> = {}): LineItem {
  const what = { id: 'txnitm_1', productId: 'pro_1', priceId: 'pri_1', name: 'Handbook' };
  return { ...what, quantity: 1, recurring: false, total: '1000', ...given };
}

/** An approved refund of 10.00, but for what is given. */
export function snapshotOfAdjustment(given: Partial<AdjustmentSnapshot> = {}): AdjustmentSnapshot {
  return {
    action: 'refund',
    status: 'approved',
    type: 'partial',
    currency: 'USD',
    reason: 'error',
    total: '1000',
    createdAt: '2026-01-02T00:00:00Z',
    items: [],
    ...given,
  };
}

/** What an admin says of a product's access. */
export function configured(
  productId: string,
  pastDueGraceDays: number | null,
  paused: 'none' | 'read_only' = 'none',
): ProductSetting {
  return productSetting({ productId, access: { paused, pastDueGraceDays } });
}
