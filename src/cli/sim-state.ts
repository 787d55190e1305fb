/** The world of the simulator, as far as it is told in a terminal. */
export interface WorldState {
  now: string;
  customers: unknown[];
  subscriptions: {
    id: string;
    status: string;
    next_billed_at: string | null;
    scheduled_change: { action: string; effective_at: string } | null;
    custom_data: { user_id?: unknown } | null;
    items: { quantity: number; product: { name: string } }[];
  }[];
  transactions: { status: string }[];
  adjustments: unknown[];
}

const SHOWN = 20;

/** Counts, and the newest subscriptions. */
export function stateText({ now, customers, subscriptions, transactions, adjustments }: WorldState): string {
  const counts = [
    counted(customers, 'customer'),
    `${counted(subscriptions, 'subscription')}${byStatus(subscriptions)}`,
    `${counted(transactions, 'transaction')}${byStatus(transactions)}`,
    counted(adjustments, 'adjustment'),
  ];
  const rows = subscriptions.slice(-SHOWN).toReversed().map(subscriptionRow);
  const left = subscriptions.length - rows.length;
  return [`It is ${now}.`, ...counts, '', ...columns(rows), ...(left > 0 ? [`and ${left} older ones`] : [])].join('\n').trimEnd();
}

function counted({ length }: unknown[], name: string): string {
  return `${length} ${name}${length === 1 ? '' : 's'}`;
}

function byStatus(entities: { status: string }[]): string {
  const counts = new Map<string, number>();
  for (const { status } of entities) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts.size === 0 ? '' : ` (${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')})`;
}

function subscriptionRow(subscription: WorldState['subscriptions'][number]): string[] {
  const { id, status, custom_data: data, items, scheduled_change: change, next_billed_at: next } = subscription;
  const what = items.map(({ quantity, product }) => `${quantity} × ${product.name}`).join(', ');
  const soon = change ? `to ${change.action} at ${minute(change.effective_at)}` : next ? `bills at ${minute(next)}` : '';
  return [id, status, typeof data?.user_id === 'string' ? data.user_id : '-', what, soon];
}

/** `2026-02-10 09:30`. */
function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

function columns(rows: string[][]): string[] {
  const widths = rows.reduce<number[]>((wide, row) => row.map((cell, index) => Math.max(cell.length, wide[index] ?? 0)), []);
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join('  ')
      .trimEnd(),
  );
}
